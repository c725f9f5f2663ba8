// Damaged, unsupported, contradictory: a file that is sound is never called damaged, and each refusal says what to do.
import { readFile, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { writeDicomSlide } from '../../experiments/harness/fixtures/dicom-slide.js';
import { depthByTile, type StackSpec, writeStack } from '../../experiments/harness/fixtures/ome-stack.js';
import { type Field, type } from '../../experiments/harness/fixtures/tiff-bytes.js';
import { exitCodeOf } from '../../src/cli/exit-codes.js';
import { flattenSlide } from '../../src/flatten-slide.js';
import { refusalOf } from '../fixtures/left-behind.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';

const folder = temporaryFolder();
let count = 0;

const stackOf = (spec: Partial<StackSpec>) =>
  writeStack(folder.folder(`in-${count++}`), {
    width: 150,
    height: 100,
    planes: 2,
    depth: depthByTile(64, 2),
    ...spec,
  });

/** The path of a stack whose OME-XML was changed, to a text of the same length or shorter. */
async function withXml(from: string, to: string): Promise<string> {
  const { path } = await stackOf({});
  const bytes = await readFile(path);
  const at = bytes.indexOf(from);
  if (at < 0 || to.length > from.length) throw new Error(`can't put ${to} in the place of ${from}`);
  bytes.write(to.padEnd(from.length), at);
  await writeFile(path, bytes);
  return path;
}

const short = (tag: number, value: number): Field => ({ tag, type: type.short, values: [value] });
const otherwise = (...fields: Field[]) => ({ change: () => fields });

const cases: Record<string, Record<string, () => Promise<string>>> = {
  damaged: {
    'a file that was cut short': async () => {
      const { path } = await stackOf({});
      const bytes = await readFile(path);
      await writeFile(path, bytes.subarray(0, bytes.length / 2));
      return path;
    },
    'a tile of other bytes': async () => {
      const { path, tiffs } = await stackOf({ pyramid: 'none' });
      const [{ bytes, directories }] = tiffs;
      bytes.fill(0xaa, directories[0].chunkOffsets[0], directories[0].chunkOffsets[0] + 100);
      await writeFile(path, bytes);
      return path;
    },
  },
  unsupported: {
    'a compression that is not read': async () => (await stackOf(otherwise(short(259, 50_002)))).path,
    'samples of floating point': async () => (await stackOf(otherwise(short(339, 3)))).path,
    'red, green and blue apart': async () => (await stackOf(otherwise(short(284, 2)))).path,
  },
  contradictory: {
    'another size in its metadata': () => withXml('SizeX="150"', 'SizeX="90"'),
    'more planes in its metadata': () => withXml('IFD="1" PlaneCount="1"', 'IFD="9" PlaneCount="1"'),
    'JPEG tiles of another size': async () => {
      const storage = { codec: 'jpeg', sampling: '4:2:0' } as const;
      const other = await stackOf({ storage, tile: { width: 32, height: 32 } });
      const small = other.stored({ z: 0, c: 0, t: 0 }, 0).chunks[0];
      return (await stackOf({ storage, pyramid: 'none', rework: () => small })).path;
    },
    'a DICOM slide with more frames than it tells of': async () =>
      (await writeDicomSlide(folder.at(`dicom-${count++}`), { levels: 1, change: [['0048,0303', 'UL', [5]]] })).folder,
  },
};

describe.each(Object.entries(cases))('what is %s', (code, made) => {
  it.each(Object.entries(made))('should always be called so, with exit code 3 and what to do: %s', async (_, make) => {
    const refusal = await refusalOf(flattenSlide(await make(), folder.at(`out-${count++}.ome.tif`)));
    expect([refusal.code, exitCodeOf(refusal), refusal.message]).toEqual([code, 3, refusal.message]);
    expect(refusal.place.file).toBeDefined();
    expect(refusal.hint?.length).toBeGreaterThan(0);
    if (code === 'damaged') expect(refusal.message).toMatch(/copy/);
    else expect(refusal.message).not.toMatch(/damaged|copy/);
  });
});
