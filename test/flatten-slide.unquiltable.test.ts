// Slides whose mixed tiles can't be quilted: what is done instead, and that the report counts it by its reason.
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { depthByTile } from '../experiments/harness/fixtures/ome-stack.js';
import { writeTiffPlanes } from '../experiments/harness/fixtures/plane-files.js';
import type { Storage } from '../experiments/harness/fixtures/stored-chunks.js';
import { verifySlide } from '../src/api/verify-slide.js';
import { flattenSlide } from '../src/flatten-slide.js';
import { temporaryFolder } from './fixtures/temporary-folder.js';

const folder = temporaryFolder();
const small = { width: 150, height: 90, planes: 3, depth: depthByTile(64, 3) } as const;

/** A folder of planes, each stored in its own way. */
async function planesStoredAs(name: string, storages: readonly Storage[]): Promise<string> {
  const target = folder.folder(name);
  for (const [plane, storage] of storages.entries()) {
    const { planeFiles } = await writeTiffPlanes(
      folder.at(`${name}-${plane}`),
      { ...small, storage },
      (z) => `z${z}.tif`,
    );
    copyFileSync(planeFiles[plane], join(target, `z${plane}.tif`));
  }
  return target;
}

const jpeg = (more: Partial<Storage>): Storage => ({ codec: 'jpeg', ...more });

describe('planes that can not be mixed block by block', () => {
  it.each([
    ['of one quantisation', [jpeg({}), jpeg({}), jpeg({})], {}],
    ['of other quantisation', [jpeg({}), jpeg({ quality: 70 }), jpeg({ quality: 60 })], { 'mixed planes': 1 }],
    [
      'of other sampling',
      [jpeg({}), jpeg({ sampling: '4:2:2' }), jpeg({ sampling: '4:4:4' })],
      { 'planes stored differently': 9 },
    ],
  ] as const)('should be counted by reason and verified: planes %s', async (name, storages, encoded) => {
    const input = await planesStoredAs(name, storages);
    const flat = folder.at(`${name}.ome.tif`);
    const { report } = await flattenSlide(input, flat, { method: 'exhaustive' });
    const { tilesCopied = 0, tilesQuilted = 0, tilesUnmixed, tilesEncoded } = report.output ?? {};
    expect(tilesEncoded).toEqual(encoded);
    expect(tilesUnmixed).toEqual({});
    const whole = Object.keys(encoded).length === 0;
    expect(tilesQuilted > 0).toBe(whole);
    const anew = Object.values(encoded).reduce((sum, tiles) => sum + tiles, 0);
    expect(tilesCopied + tilesQuilted + anew).toBe(9);
    expect(await verifySlide(input, flat)).toMatchObject({ verified: true, tilesCopied, tilesQuilted, tilesEncoded });
  });

  it.each([
    ['of other quantisation', [jpeg({}), jpeg({ quality: 70 }), jpeg({ quality: 60 })], undefined, false],
    ['of other quantisation, by name', [jpeg({}), jpeg({ quality: 70 }), jpeg({ quality: 60 })], 'block', true],
    ['encoded anyway', [jpeg({}), jpeg({ sampling: '4:2:2' }), jpeg({ sampling: '4:4:4' })], undefined, true],
  ] as const)(
    'should stay whole where they can be copied, and say so, unless asked: %s',
    async (name, storages, grain, mixed) => {
      const input = await planesStoredAs(`grain ${name}`, storages);
      const { report } = await flattenSlide(input, folder.at(`grain ${name}.ome.tif`), { grain });
      expect(report.plan.blocks?.mixed).toBe(mixed);
      expect(report.plan.notes.some((note) => note.includes('--grain block does that'))).toBe(!mixed);
    },
  );
});
