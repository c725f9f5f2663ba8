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
  const blocks = fc.array(fc.nat(6), { minLength: 4, maxLength: 4 }).map((planes) => Uint16Array.from(planes));

  it('should always be unpacked as they were packed', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(fc.nat(1000), blocks), { selector: ([tile]) => tile, maxLength: 20 }),
        (tiles) => {
          const map = new Map(tiles);
          expect(unpackBlocks(packBlocks(map), 4, 7)).toEqual(map);
        },
      ),
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
