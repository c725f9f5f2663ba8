// The depth map as other programs read it: JSON (schema zflat.depth-map/1) and CSV.
import { blockSize, type DepthMap } from '../slide/depth-map.js';
import type { FocalPlane } from '../slide/focal-planes.js';
import type { TileGrid } from '../slide/tile-grid.js';

export type DepthMapJson = {
  readonly schema: 'zflat.depth-map/1';
  readonly level: number;
  readonly columns: number;
  readonly rows: number;
  readonly tileWidth: number;
  readonly tileHeight: number;
  readonly planeCount: number;
  /** Micrometres, a plane each; null where unknown. */
  readonly zUm: readonly (number | null)[];
  /** Row-major, a tile each. */
  readonly planes: readonly number[];
  /** 0 to 1, row-major. */
  readonly confidence: readonly number[];
  /** Planes scored at the decision level, row-major. */
  readonly looked: readonly number[];
  /** Side of a block in pixels; missing where no tile mixes planes. */
  readonly blockSize?: number;
  /** Row-major, a tile each: the plane of each of its blocks, row-major; null for a tile of one plane. Missing as blockSize is. */
  readonly block?: readonly (readonly number[] | null)[];
};

/** The map as a record ready for JSON. */
export function depthMapJson(map: DepthMap, grid: TileGrid, planes: readonly FocalPlane[]): DepthMapJson {
  return {
    schema: 'zflat.depth-map/1',
    level: map.level,
    columns: map.columns,
    rows: map.rows,
    tileWidth: grid.tileWidth,
    tileHeight: grid.tileHeight,
    planeCount: map.planeCount,
    zUm: planes.map(({ zUm }) => zUm ?? null),
    planes: Array.from(map.planes),
    confidence: Array.from(map.confidence, (value) => Math.round(value * 1000) / 1000),
    looked: Array.from(map.looked),
    ...(map.blocks.size > 0 && { blockSize, block: blockArrays(map) }),
  };
}

function blockArrays({ planes, blocks }: DepthMap): (readonly number[] | null)[] {
  return Array.from(planes, (_, tile) => {
    const own = blocks.get(tile);
    return own ? Array.from(own) : null;
  });
}

/** One line a tile: row, column, plane, height in micrometres (empty where unknown), confidence, planes looked at. */
export function depthMapCsv({ columns, planes, zUm, confidence, looked }: DepthMapJson): string {
  const lines = planes.map((plane, tile) =>
    [Math.floor(tile / columns), tile % columns, plane, zUm[plane] ?? '', confidence[tile], looked[tile]].join(','),
  );
  return ['row,column,plane,zUm,confidence,looked', ...lines, ''].join('\n');
}
