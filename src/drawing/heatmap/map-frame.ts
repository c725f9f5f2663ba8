// Where the tiles of a slide lie in a picture: all to one scale, whole pixels a tile where they can be, cut where the slide ends.
import type { DepthMap } from '../../slide/depth-map.js';
import type { Rect, Size } from '../../slide/geometry.js';
import type { TileGrid } from '../../slide/tile-grid.js';

export type MapFrame = Size & {
  /** Pixels along the shorter side of a whole tile; below 1 where several tiles share a pixel. */
  readonly cell: number;
  /** First pixel of each column, and the end of the last: columns + 1 entries. */
  readonly columnEdges: Int32Array;
  /** First pixel of each row, and the end of the last: rows + 1 entries. */
  readonly rowEdges: Int32Array;
  /** The column that each pixel of a line shows. */
  readonly columnOf: Int32Array;
  /** The row that each line of pixels shows. */
  readonly rowOf: Int32Array;
};

/** Tiles of a slide of few tiles grow no larger than this, in pixels. */
const largestCell = 320;
/** Tiles at least this large get whole pixels; smaller ones would lose too much of the box. */
const leastWholeCell = 4;

/** The largest picture of the grid inside `box`. */
export function layMapFrame(grid: TileGrid, box: Size): MapFrame {
  // A slide smaller than one tile is all that its tile shows.
  const shownWidth = Math.min(grid.tileWidth, grid.width);
  const shownHeight = Math.min(grid.tileHeight, grid.height);
  const fitting = Math.min(box.width / grid.width, box.height / grid.height);
  const free = Math.min(fitting, largestCell / Math.max(shownWidth, shownHeight));
  const freeCell = free * Math.min(shownWidth, shownHeight);
  const scale = freeCell >= leastWholeCell ? free * (Math.floor(freeCell) / freeCell) : free;
  const columnEdges = edges(grid.columns, grid.tileWidth, grid.width, scale);
  const rowEdges = edges(grid.rows, grid.tileHeight, grid.height, scale);
  return {
    width: columnEdges[grid.columns],
    height: rowEdges[grid.rows],
    cell: scale * Math.min(shownWidth, shownHeight),
    columnEdges,
    rowEdges,
    columnOf: tileOfPixels(columnEdges),
    rowOf: tileOfPixels(rowEdges),
  };
}

/** Throws where a map is not of this grid: a defect of the caller. */
export function requireGridOf({ columns, rows }: DepthMap, grid: TileGrid): void {
  if (columns !== grid.columns || rows !== grid.rows) {
    throw new RangeError(`a map of ${columns} x ${rows} tiles does not fit a grid of ${grid.columns} x ${grid.rows}`);
  }
}

/** Where a tile lies in its frame, in pixels. */
export function tileInFrame({ columnEdges, rowEdges }: MapFrame, row: number, column: number): Rect {
  const x = columnEdges[column];
  const y = rowEdges[row];
  return { x, y, width: columnEdges[column + 1] - x, height: rowEdges[row + 1] - y };
}

function edges(count: number, tileLength: number, length: number, scale: number): Int32Array {
  const edges = Int32Array.from({ length: count + 1 }, (_, i) => Math.round(i * tileLength * scale));
  // However little the slide has of its last tile, the tile is seen.
  edges[count] = Math.max(Math.round(length * scale), edges[count - 1] + 1);
  return edges;
}

function tileOfPixels(edges: Int32Array): Int32Array {
  const tiles = new Int32Array(edges[edges.length - 1]);
  for (let i = 0; i + 1 < edges.length; i++) tiles.fill(i, edges[i], edges[i + 1]);
  return tiles;
}
