// Verifying slides that mix planes inside tiles, at the finest level too: every block is looked at.
import { readFileSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type StackSpec, type WrittenStack, writeStack } from '../../experiments/harness/fixtures/ome-stack.js';
import { grey } from '../../experiments/harness/fixtures/pictures.js';
import { verifySlide } from '../../src/api/verify-slide.js';
import { parseJpegHeader } from '../../src/jpeg/header.js';
import type { DepthMap } from '../../src/slide/depth-map.js';
import type { Level } from '../../src/slide/pyramid.js';
import type { SlideSource } from '../../src/slide/slide-source.js';
import { tilePlanes } from '../../src/slide/tile-planes.js';
import { openSlide } from '../../src/slide-source/open-slide.js';
import { software } from '../../src/system/version.js';
import { arbitraryDepthMap } from '../arbitraries/depth-map.js';
import { flattenByMap } from '../fixtures/flattened-by-map.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';
import { tilesOf } from '../fixtures/tiles-of-file.js';

const folder = temporaryFolder();
const kinds: Record<string, Partial<StackSpec>> = {
  'JPEG 4:2:0': { storage: { codec: 'jpeg' } },
  'JPEG 4:2:2 with shared tables': { storage: { codec: 'jpeg', sampling: '4:2:2', sharedTables: true } },
  'grey JPEG': { pixel: grey('uint8'), storage: { codec: 'jpeg', sampling: 'grey' } },
};

function stackOf(kind: string): Promise<WrittenStack> {
  return writeStack(folder.folder(kind), { width: 150, height: 100, planes: 3, depth: () => 1, ...kinds[kind] });
}

/** One map of each share of mixed tiles. */
function mapsOf(source: SlideSource): DepthMap[] {
  const [{ grid }] = source.info.levels;
  return [0.2, 1].flatMap((mixing) => fc.sample(arbitraryDepthMap(grid, 3, mixing), { numRuns: 3, seed: 7 }));
}

describe.each(Object.keys(kinds))('a slide of %s, flattened block by block', (kind) => {
  it('should always be verified, its tiles of one plane byte for byte those of the source, whatever was made at once', async () => {
    const { path } = await stackOf(kind);
    const source = await openSlide(path);
    try {
      for (const map of mapsOf(source)) {
        const flat = folder.at('whole.ome.tif');
        const counts = await flattenByMap(source, map, flat, { software });
        const report = await verifySlide(path, flat);
        expect(report).toMatchObject({ verified: true, failures: 0, tilesQuilted: counts.get('quilted') ?? 0 });
        const result = await openSlide(flat);
        const uniform = await expectCopies(source, result, map);
        await result.close();
        expect(report.tilesCopied).toBe(uniform);
        // The same file, whatever the order in which tiles were made.
        const bytes = readFileSync(flat);
        await flattenByMap(source, map, folder.at('again.ome.tif'), { software, concurrency: 1 });
        expect(Buffer.compare(readFileSync(folder.at('again.ome.tif')), bytes)).toBe(0);
      }
    } finally {
      await source.close();
    }
  });

  it('should never be verified with one flipped bit in one block, at any level, and be told which', async () => {
    const { path } = await stackOf(kind);
    const source = await openSlide(path);
    const flat = folder.at('flipped.ome.tif');
    const map = mapsOf(source)[5];
    // By another version, whose bytes may differ: the coefficients of every MCU have to tell.
    await flattenByMap(source, map, flat);
    expect(await verifySlide(path, flat)).toMatchObject({ verified: true });
    const whole = readFileSync(flat);
    const [decision] = source.info.levels;
    const quilted = (await tilesOf(flat)).filter(({ level, tile }) => {
      const { columns } = source.info.levels[level].grid;
      return !tilePlanes(map, decision, source.info.levels[level], Math.floor(tile / columns), tile % columns).uniform;
    });
    expect(new Set(quilted.map(({ level }) => level)).size).toBeGreaterThan(1);
    const result = await openSlide(flat);
    const { jpegTables } = result.tileEncoding(0, 0);
    await result.close();
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...quilted), fc.nat(), async ({ level, tile, offset, length }, place) => {
        const { scanStart } = parseJpegHeader(whole.subarray(offset, offset + length), jpegTables);
        // the scan without EOI
        const bit = place % (8 * (length - 2 - scanStart));
        const changed = Buffer.from(whole);
        changed[offset + scanStart + (bit >> 3)] ^= 0x80 >> (bit & 7);
        writeFileSync(folder.at('bit.ome.tif'), changed);
        const { columns } = source.info.levels[level].grid;
        const report = await verifySlide(path, folder.at('bit.ome.tif'));
        expect(report).toMatchObject({ verified: false, failures: 1 });
        const where = `level ${level}, row ${Math.floor(tile / columns)}, column ${tile % columns}: `;
        expect(report.problems[0].slice(0, where.length)).toBe(where);
        expect(report.problems[0]).toMatch(/MCU \d+ \(row|can't be decoded/);
      }),
      { numRuns: 40 },
    );
    await source.close();
  });
});

describe('a source with a damaged tile', () => {
  it('should always be flattened without that plane where tiles mix, told of, and verified', async () => {
    const { path } = await stackOf('JPEG 4:2:0');
    const sound = readFileSync(path);
    const blocks = (planes: readonly number[]) => Uint16Array.from({ length: 16 }, (_, i) => planes[i % planes.length]);
    for (const [planes, made] of [
      [[0, 1, 2], 'not mixed in full: damaged'],
      [[2, 1], 'not mixed: damaged'],
    ] as const) {
      for (const breakage of ['scan', 'header'] as const) {
        const damaged = folder.at('damaged.ome.tif');
        const source = await openSlide(path);
        // Plane 1's tile 3 of level 0, found by its bytes.
        const tile = await source.readTile({ level: 0, plane: 1, row: 1, column: 0 });
        const at = sound.indexOf(tile?.bytes as Uint8Array);
        expect(at).toBeGreaterThan(0);
        const bytes = Buffer.from(sound);
        const middle = at + Math.floor((tile?.bytes.length as number) / 2);
        bytes.fill(0xff, breakage === 'scan' ? middle : at + 4, breakage === 'scan' ? middle + 30 : at + 100);
        writeFileSync(damaged, bytes);
        await source.close();

        const broken = await openSlide(damaged);
        const [{ grid }] = broken.info.levels;
        const map: DepthMap = {
          ...fc.sample(arbitraryDepthMap(grid, 3, 0), { numRuns: 1, seed: 1 })[0],
          planes: new Uint16Array(grid.columns * grid.rows),
          blocks: new Map([[3, blocks(planes)]]),
        };
        const flat = folder.at('of-damaged.ome.tif');
        const counts = await flattenByMap(broken, map, flat, { software });
        expect(counts.get(made)).toBe(1);
        expect(await verifySlide(damaged, flat)).toMatchObject({ verified: true, tilesUnmixed: { [made]: 1 } });
        await broken.close();
      }
    }
  });
});

/** Every tile of one plane must be the source's own; answers how many there are. */
async function expectCopies(source: SlideSource, result: SlideSource, map: DepthMap): Promise<number> {
  let uniform = 0;
  const [decision] = source.info.levels;
  for (const level of source.info.levels as readonly Level[]) {
    for (let index = 0; index < level.grid.columns * level.grid.rows; index++) {
      const place = { row: Math.floor(index / level.grid.columns), column: index % level.grid.columns };
      const shown = tilePlanes(map, decision, level, place.row, place.column);
      if (!shown.uniform) continue;
      uniform++;
      const own = await source.readTile({ level: level.level, plane: shown.plane, ...place });
      const found = await result.readTile({ level: level.level, plane: 0, ...place });
      expect(Buffer.compare(found?.bytes ?? Buffer.alloc(0), own?.bytes ?? Buffer.alloc(1))).toBe(0);
    }
  }
  return uniform;
}
