import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSlideError } from '../../src/errors.js';
import { packBlocks, unpackBlocks } from '../../src/output/packed-blocks.js';
import { depthMapNamespace } from '../../src/output/provenance.js';
import { readDepthMap } from '../../src/output/read-provenance.js';
import type { SlideInfo } from '../../src/slide/slide-info.js';
import { layTileGrid } from '../../src/slide/tile-grid.js';

const grid = layTileGrid({ width: 64, height: 48 }, { width: 32, height: 32 });

function infoWith(value: string): SlideInfo {
  return {
    files: ['flat.tif'],
    levels: [{ level: 0, grid }],
    annotations: [{ namespace: depthMapNamespace, value }],
  } as unknown as SlideInfo;
}

describe('packed blocks', () => {
  /** Tiles that mix planes, any number of blocks each, any planes there can be. */
  const arbitraryBlocks = fc
    .record({ perTile: fc.integer({ min: 1, max: 300 }), planeCount: fc.constantFrom(2, 7, 256, 257, 65_536) })
    .chain(({ perTile, planeCount }) => {
      const planes = fc.array(fc.nat(planeCount - 1), { minLength: perTile, maxLength: perTile, size: 'max' });
      const tiles = fc.uniqueArray(fc.tuple(fc.nat(100_000), planes), { selector: ([tile]) => tile, maxLength: 8 });
      return tiles.map((entries) => ({
        perTile,
        planeCount,
        blocks: new Map(entries.map(([tile, each]) => [tile, Uint16Array.from(each)])),
      }));
    });

  it('should always be unpacked as they were packed, and packed alike whatever their order', () => {
    fc.assert(
      fc.property(arbitraryBlocks, ({ blocks, perTile, planeCount }) => {
        const packed = packBlocks(blocks);
        expect(unpackBlocks(packed, perTile, planeCount)).toEqual(blocks);
        expect(packBlocks(new Map([...blocks].reverse()))).toEqual(packed);
        expect(packed.tiles).toEqual([...packed.tiles].sort((a, b) => a - b));
      }),
      { numRuns: 60 },
    );
  });

  it('should never be unpacked from other text, other lengths or planes that there are not', () => {
    const packed = packBlocks(new Map([[3, Uint16Array.from([0, 1, 2, 6])]]));
    expect(unpackBlocks(packed, 4, 6)).toBeUndefined();
    expect(unpackBlocks(packed, 5, 7)).toBeUndefined();
    expect(unpackBlocks({ ...packed, tiles: [3, 4] }, 4, 7)).toBeUndefined();
    fc.assert(
      fc.property(fc.string(), (planes) => {
        expect(unpackBlocks({ tiles: [3], planes }, 4, 7)).toBeUndefined();
      }),
    );
  });
});

describe('readDepthMap', () => {
  const sound = { level: 0, columns: 2, rows: 2, planeCount: 3, zUm: [0, 1, 2], planes: [0, 1, 2, 0] };

  it('should always read a map that makes sense', () => {
    expect(readDepthMap(infoWith(JSON.stringify(sound)))).toMatchObject({
      columns: 2,
      rows: 2,
      planes: Uint16Array.of(0, 1, 2, 0),
    });
  });

  it('should only ever refuse, whatever stands in its place', () => {
    const changes = fc.record(
      {
        level: fc.jsonValue(),
        columns: fc.jsonValue(),
        rows: fc.jsonValue(),
        planeCount: fc.jsonValue(),
        planes: fc.jsonValue(),
        blocks: fc.jsonValue(),
      },
      { requiredKeys: [] },
    );
    const texts = fc.oneof(
      fc.string(),
      fc.json(),
      changes.map((change) => JSON.stringify({ ...sound, ...change })),
    );
    fc.assert(
      fc.property(texts, (text) => {
        try {
          const { planes, columns, rows } = readDepthMap(infoWith(text));
          expect(planes).toHaveLength(columns * rows);
        } catch (error) {
          expect(isSlideError(error, 'mismatch')).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });
});
