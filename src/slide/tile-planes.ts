// Which planes a tile of any level shows, by the depth map of the finest. Where a block covers blocks of the map of several planes, it
// shows the plane of most of them, the lowest on a tie: so the map of the finest level says all.
import { blockSize, blocksPerTile, type DepthMap } from './depth-map.js';
import { type Level, type TileBlock, tilesUnder } from './pyramid.js';

/** The plane of each block of a tile, `side` pixels wide and high, row-major, `columns` a row; or one plane for all. */
export type TilePlanes =
  | { readonly uniform: true; readonly plane: number }
  | { readonly uniform: false; readonly blocks: Uint16Array; readonly columns: number; readonly side: number };

/** The plane of a tile of `level` where the map has it for all that the tile shows; undefined where planes may be mixed. */
export function singlePlane(
  map: DepthMap,
  decision: Level,
  level: Level,
  row: number,
  column: number,
): number | undefined {
  if (level.level > decision.level) return onlyPlane(map, tilesUnder(decision, level, row, column));
  const tile = row * map.columns + column;
  return map.blocks.has(tile) ? undefined : map.planes[tile];
}

/**
 * The planes of a tile of `level` in blocks of `side` pixels, a divisor of 16; `decision` is the level of the map, whose tiles are
 * multiples of a block.
 */
export function tilePlanes(
  map: DepthMap,
  decision: Level,
  level: Level,
  row: number,
  column: number,
  side = blockSize,
): TilePlanes {
  const single = singlePlane(map, decision, level, row, column);
  if (single !== undefined) return { uniform: true, plane: single };
  // Blocks of the map along a side of one here; at least one, where a block here is a part of one there
  const scale = (side / blockSize) * 2 ** (level.level - decision.level);
  const columns = Math.ceil(level.grid.tileWidth / side);
  const rows = Math.ceil(level.grid.tileHeight / side);
  const blocks = new Uint16Array(columns * rows);
  const counter = new BlockCounter(map, decision);
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) {
      const top = Math.floor(((row * level.grid.tileHeight) / side + r) * scale);
      const left = Math.floor(((column * level.grid.tileWidth) / side + c) * scale);
      blocks[r * columns + c] = counter.mostOf(top, left, Math.max(1, scale));
    }
  }
  const [plane] = blocks;
  return blocks.every((other) => other === plane)
    ? { uniform: true, plane }
    : { uniform: false, blocks, columns, side };
}

/** The plane of all tiles in a block of tiles, if they have the same one and none mixes planes. */
function onlyPlane(map: DepthMap, { row, column, rowEnd, columnEnd }: TileBlock): number | undefined {
  const plane = map.planes[row * map.columns + column];
  for (let r = row; r < rowEnd; r++) {
    for (let tile = r * map.columns + column; tile < r * map.columns + columnEnd; tile++) {
      if (map.planes[tile] !== plane || map.blocks.has(tile)) return undefined;
    }
  }
  return plane;
}

/** Finds the plane that most blocks of a square have, in block coordinates of the map's level; the map ends at its last tiles. */
class BlockCounter {
  readonly #map: DepthMap;
  readonly #across: number;
  readonly #down: number;
  readonly #counts: Uint32Array;

  constructor(map: DepthMap, decision: Level) {
    const { columns, rows } = blocksPerTile(decision.grid);
    this.#map = map;
    this.#across = columns;
    this.#down = rows;
    this.#counts = new Uint32Array(map.planeCount);
  }

  mostOf(top: number, left: number, side: number): number {
    const map = this.#map;
    const last = { row: map.rows - 1, column: map.columns - 1 };
    const firstRow = Math.min(Math.floor(top / this.#down), last.row);
    const firstColumn = Math.min(Math.floor(left / this.#across), last.column);
    const lastRow = Math.min(Math.floor((top + side - 1) / this.#down), last.row);
    const lastColumn = Math.min(Math.floor((left + side - 1) / this.#across), last.column);
    // Nearly all squares lie in a tile that has one plane
    const first = firstRow * map.columns + firstColumn;
    if (firstRow === lastRow && firstColumn === lastColumn && !map.blocks.has(first)) return map.planes[first];
    const [down, right] = [top - firstRow * this.#down, left - firstColumn * this.#across];
    const isInside = down + side <= this.#down && right + side <= this.#across;
    const mixed = isInside ? map.blocks.get(first) : undefined;
    const at = down * this.#across + right;
    if (mixed && side === 1) return mixed[at];
    if (mixed && side === 2) {
      return mostOfFour(mixed[at], mixed[at + 1], mixed[at + this.#across], mixed[at + this.#across + 1]);
    }
    const counts = this.#counts.fill(0);
    for (let row = firstRow; row <= lastRow; row++) {
      for (let column = firstColumn; column <= lastColumn; column++) {
        this.#countTile(row, column, top - row * this.#down, left - column * this.#across, side);
      }
    }
    let most = 0;
    for (let plane = 1; plane < counts.length; plane++) if (counts[plane] > counts[most]) most = plane;
    return most;
  }

  /** Counts the blocks of one tile that lie in the square, whose place is given relative to the tile. */
  #countTile(row: number, column: number, top: number, left: number, side: number): void {
    const tile = row * this.#map.columns + column;
    const from = { row: clamp(top, this.#down - 1), column: clamp(left, this.#across - 1) };
    const to = { row: clamp(top + side - 1, this.#down - 1), column: clamp(left + side - 1, this.#across - 1) };
    const blocks = this.#map.blocks.get(tile);
    if (!blocks) {
      this.#counts[this.#map.planes[tile]] += (to.row - from.row + 1) * (to.column - from.column + 1);
      return;
    }
    for (let r = from.row; r <= to.row; r++) {
      for (let c = from.column; c <= to.column; c++) this.#counts[blocks[r * this.#across + c]]++;
    }
  }
}

/** The plane that most of four have, the lowest on a tie. */
function mostOfFour(a: number, b: number, c: number, d: number): number {
  if (a === b) return c === d ? Math.min(a, c) : a;
  if (c === d) return c;
  if (a === c) return b === d ? Math.min(a, b) : a;
  if (b === d) return b;
  if (a === d) return b === c ? Math.min(a, b) : a;
  return b === c ? b : Math.min(a, b, c, d);
}

function clamp(value: number, most: number): number {
  return Math.min(most, Math.max(0, value));
}

/** The side in pixels of the blocks of a level that show exactly what the map of a finer one says, 1 at least. */
export function exactSide(decision: Level, level: Level): number {
  return Math.max(1, blockSize / 2 ** (level.level - decision.level));
}
