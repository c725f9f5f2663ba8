// Depth maps of any planes, some tiles of which mix them block by block.
import fc from 'fast-check';
import { blocksPerTile, type DepthMap, emptyDepthMap } from '../../src/slide/depth-map.js';
import { type TileGrid, tileCount } from '../../src/slide/tile-grid.js';

/** Calm and wild ones: a few planes here and there, or any plane anywhere; `mixing` is the share of tiles that mix planes. */
export function arbitraryDepthMap(grid: TileGrid, planeCount: number, mixing: number): fc.Arbitrary<DepthMap> {
  const plane = fc.nat(planeCount - 1);
  const tiles = tileCount(grid);
  const { columns, rows } = blocksPerTile(grid);
  const planes = fc.oneof(
    fc.array(plane, { minLength: tiles, maxLength: tiles }),
    plane.map((one) => Array<number>(tiles).fill(one)),
  );
  const blocks = fc.option(fc.array(plane, { minLength: columns * rows, maxLength: columns * rows }), {
    freq: 1 + Math.round(mixing * 9),
    nil: undefined,
  });
  return fc.tuple(planes, fc.array(blocks, { minLength: tiles, maxLength: tiles })).map(([chosen, mixed]) => {
    const map = emptyDepthMap(0, grid, planeCount);
    map.planes.set(chosen);
    const mixes = mixed.flatMap((each, tile) =>
      each && mixing > 0 && new Set(each).size > 1 ? [[tile, Uint16Array.from(each)] as const] : [],
    );
    return { ...map, blocks: new Map(mixes) };
  });
}
