// Filling tiles without a plane, held to the slow and obvious way on every small grid that there is.
import { describe, expect, it } from 'vitest';
import { fillAreas } from '../../../src/planner/repair/fill-areas.js';
import { fillFromNeighbours } from '../../../src/planner/repair/fill-from-neighbours.js';
import { layTileGrid } from '../../../src/slide/tile-grid.js';

/** Columns, rows, and the planes that tiles may have beside none. */
const sizes = [
  { columns: 3, rows: 3, planes: 2 },
  { columns: 2, rows: 3, planes: 4 },
  { columns: 3, rows: 2, planes: 4 },
  { columns: 1, rows: 1, planes: 2 },
] as const;

type Grid = { readonly columns: number; readonly rows: number; readonly planes: readonly number[] };

/** Every grid of a size: -1 where a tile has no plane. */
function* gridsOf({ columns, rows, planes }: (typeof sizes)[number]): Generator<Grid> {
  const tiles = columns * rows;
  for (let code = 0; code < (planes + 1) ** tiles; code++) {
    const digit = (tile: number) => Math.floor(code / (planes + 1) ** tile) % (planes + 1);
    yield { columns, rows, planes: Array.from({ length: tiles }, (_, tile) => digit(tile) - 1) };
  }
}

const distance = ({ columns }: Grid, a: number, b: number) =>
  Math.abs((a % columns) - (b % columns)) + Math.abs(Math.floor(a / columns) - Math.floor(b / columns));

/** The lowest plane among those of the nearest tiles that have one. */
function plainlyFromNeighbours(grid: Grid): number[] {
  const holders = [...grid.planes.keys()].filter((tile) => grid.planes[tile] >= 0);
  return grid.planes.map((_, tile) => {
    const near = Math.min(...holders.map((other) => distance(grid, tile, other)));
    const nearest = holders.filter((other) => distance(grid, tile, other) === near);
    return nearest.length === 0 ? 0 : Math.min(...nearest.map((other) => grid.planes[other]));
  });
}

/** The plane along most of the border of the tile's area, the lowest on a tie. */
function plainlyByArea(grid: Grid): number[] {
  const { planes } = grid;
  const beside = (tile: number) => [...planes.keys()].filter((other) => distance(grid, tile, other) === 1);
  return planes.map((plane, tile) => {
    if (plane >= 0) return plane;
    const area = new Set([tile]);
    for (const member of area) for (const other of beside(member)) if (planes[other] < 0) area.add(other);
    const border = [...area].flatMap(beside).flatMap((other) => (planes[other] >= 0 ? [planes[other]] : []));
    const length = (wanted: number) => border.filter((other) => other === wanted).length;
    return border.reduce((best, each) => {
      return length(each) > length(best) || (length(each) === length(best) && each < best) ? each : best;
    }, border[0] ?? 0);
  });
}

describe.each([
  ['the lowest plane of the nearest tiles', fillFromNeighbours, plainlyFromNeighbours],
  ['one plane an area, that of most of its border', fillAreas, plainlyByArea],
])('filling with %s', (_, fill, plainly) => {
  it.each(sizes)('should always give what the plain way gives: $columns x $rows tiles, $planes planes', (size) => {
    const wrong: object[] = [];
    const laid = layTileGrid({ width: size.columns, height: size.rows }, { width: 1, height: 1 });
    for (const grid of gridsOf(size)) {
      const [filled, expected] = [fill(laid, grid.planes), plainly(grid)];
      if (filled.some((plane, tile) => plane !== expected[tile])) wrong.push({ ...grid, filled, expected });
    }
    expect(wrong).toEqual([]);
  });
});
