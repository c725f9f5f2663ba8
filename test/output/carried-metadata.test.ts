// What may tell whose slide it is: carried over and said, or left out and said, in the file and in all that is told of it.
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { plainStack, type WrittenStack, writeStack } from '../../experiments/harness/fixtures/ome-stack.js';
import { describeResult } from '../../src/cli/describe-result.js';
import { type FlattenOptions, type FlattenResult, flattenSlide, openSlide, verifySlide } from '../../src/index.js';
import { readJpegFrame } from '../../src/jpeg/frame.js';
import { parseJpegHeader } from '../../src/jpeg/header.js';
import { estimateQuality } from '../../src/jpeg/quality.js';
import type { EncodedTile } from '../../src/slide/encoded-tile.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';

const folder = temporaryFolder();
const spec = { ...plainStack, name: 'DOE-JANE-4711', pictures: ['label', 'macro'], magnification: 40 } as const;
let stack: WrittenStack;
beforeAll(async () => {
  stack = await writeStack(folder.folder('in'), spec);
});

let count = 0;
async function flatten(options: FlattenOptions): Promise<FlattenResult & { readonly path: string }> {
  const path = folder.at(`result-${count++}.ome.tiff`);
  return { ...(await flattenSlide(stack.path, path, options)), path };
}

async function kindsOf(path: string): Promise<string[]> {
  const source = await openSlide(path);
  await source.close();
  return source.info.associatedImages.map(({ kind }) => kind);
}

describe('metadata of a slide', () => {
  it('should always be said to be carried over where nobody asks for less', async () => {
    const { report, path } = await flatten({});
    expect(report.output).toMatchObject({ pictures: ['label', 'macro'], removed: [] });
    expect(report.output?.carried).toEqual(['name of the slide', 'names of its files', 'acquisition date']);
    expect(await kindsOf(path)).toEqual(['label', 'macro']);
    expect(readFileSync(path, 'latin1')).toContain('DOE-JANE-4711');
    expect(describeResult(report)).toMatch(
      /^carried .*label image, macro image, name of the slide, .*label and macro may show names \(--no-label, --no-macro\); --deidentify/m,
    );
  });

  it('should only lack the pictures that are not wanted', async () => {
    const withoutLabel = await flatten({ label: false });
    expect(await kindsOf(withoutLabel.path)).toEqual(['macro']);
    expect(withoutLabel.report.output).toMatchObject({ pictures: ['macro'], removed: ['label image'] });
    const without = await flatten({ label: false, macro: false });
    expect(await kindsOf(without.path)).toEqual([]);
    expect(describeResult(without.report)).toMatch(/^left out {2}label image, macro image$/m);
  });

  it('should never stay in a slide that is de-identified, nor in what is told of it, and always be listed', async () => {
    const { report, path } = await flatten({ deidentify: true, preset: 'doe.json' });
    const { output, ...told } = report;
    const named = /DOE|doe\.json|2024-05-06/i;
    expect(readFileSync(path, 'latin1')).not.toMatch(named);
    expect(readFileSync(path, 'latin1')).not.toContain(basename(stack.path));
    expect(await kindsOf(path)).toEqual([]);
    expect(JSON.stringify({ ...told, options: { ...told.options, preset: null } })).not.toMatch(named);
    expect(output?.carried).toEqual([]);
    expect(output?.removed).toEqual([
      'label image',
      'macro image',
      'name of the slide',
      'names of its files',
      'acquisition date',
    ]);
    // What is no identifier stays, and the slide can be verified.
    const source = await openSlide(path);
    await source.close();
    expect(source.info.objective?.magnification).toBe(40);
    expect((await verifySlide(stack.path, path)).verified).toBe(true);
  });
});

describe('pictures of the glass', () => {
  it('should always be stored compressed', async () => {
    // An even label takes next to nothing.
    const { path } = await flatten({});
    const [bytes, without] = [path, (await flatten({ label: false, macro: false })).path].map(
      (each) => readFileSync(each).length,
    );
    const raw = 3 * 40 * (90 + 91);
    expect(bytes - without).toBeLessThan(raw);
  });
});

describe('tiles that must be encoded', () => {
  /** Luminance quality and chroma sampling of the first tile of a level. */
  async function storedAs(path: string, level: number) {
    const source = await openSlide(path);
    try {
      const tile = (await source.readTile({ level, plane: 0, row: 0, column: 0 })) as EncodedTile;
      const header = parseJpegHeader(tile.bytes, tile.encoding.jpegTables);
      return { quality: estimateQuality(header), subsampling: readJpegFrame(tile.bytes).subsampling };
    } finally {
      await source.close();
    }
  }

  it('should always have the quality and sampling of the source where levels are missing, or the quality asked for', async () => {
    for (const storage of [
      { codec: 'jpeg', quality: 60, sampling: '4:2:0' },
      { codec: 'jpeg', quality: 88, sampling: '4:4:4' },
    ] as const) {
      const name = `q${storage.quality}`;
      const { path } = await writeStack(folder.folder(name), { ...plainStack, name, pyramid: 'none', storage });
      const flat = folder.at(`${name}.ome.tiff`);
      const { report } = await flattenSlide(path, flat);
      expect(report.output?.tilesEncoded['level missing in the source']).toBeGreaterThan(0);
      const own = await storedAs(path, 0);
      expect(await storedAs(flat, 1)).toEqual(own);
      expect((await verifySlide(path, flat)).verified).toBe(true);
      await flattenSlide(path, flat, { quality: 30, force: true });
      expect(await storedAs(flat, 1)).toEqual({ ...own, quality: 30 });
      expect(await storedAs(flat, 0)).toEqual(own);
      expect((await verifySlide(path, flat)).verified).toBe(true);
    }
  });
});
