import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ScoreCube } from '../../experiments/harness/record/score-cube.js';
import { layTileGrid } from '../../src/slide/tile-grid.js';
import { cubeOf, slideArbitrary } from '../arbitraries/score-cube.js';
import { replay } from '../laws/planner-replay.js';

/** The slide with its tiles and planes in other places: `from` names the slot that comes to a place. */
function rearranged(
  { name, problem, scores }: ScoreCube,
  columns: number,
  rows: number,
  from: (row: number, column: number, plane: number) => number,
): ScoreCube {
  const { planeCount, level } = problem;
  const { tileWidth, tileHeight } = level.grid;
  const grid = layTileGrid(
    { width: columns * tileWidth, height: rows * tileHeight },
    { width: tileWidth, height: tileHeight },
  );
  const moved = scores.map((_, slot) => {
    const tile = Math.floor(slot / planeCount);
    return scores[from(Math.floor(tile / columns), tile % columns, slot % planeCount)];
  });
  const lengths = { comparable: false, reason: 'the exhaustive method needs none' } as const;
  return {
    name,
    problem: { level: { level: 0, grid }, coarser: [], planeCount, lengths },
    scores: moved,
    evidence: new Map(),
  };
}

function mapOf(cube: ScoreCube): number[] {
  return [...replay(cube, 'exhaustive').outcome.depthMap.planes];
}

describe('the exhaustive map', () => {
  const forAnySlide = (law: (cube: ScoreCube, columns: number, rows: number, planeCount: number) => void) =>
    fc.assert(
      fc.property(slideArbitrary(), (slide) => {
        const cube = cubeOf(slide);
        const { columns, rows } = cube.problem.level.grid;
        law(cube, columns, rows, cube.problem.planeCount);
      }),
      { numRuns: 60 },
    );

  it('should always flip when the slide is flipped', () => {
    forAnySlide((cube, columns, rows, planes) => {
      const flipped = rearranged(
        cube,
        columns,
        rows,
        (row, column, plane) => (row * columns + columns - 1 - column) * planes + plane,
      );
      const map = mapOf(cube);
      const expected = map.map((_, tile) => map[tile - (tile % columns) + columns - 1 - (tile % columns)]);
      expect(mapOf(flipped)).toEqual(expected);
    });
  });

  it('should always transpose when the slide is transposed', () => {
    forAnySlide((cube, columns, rows, planes) => {
      const turned = rearranged(cube, rows, columns, (row, column, plane) => (column * columns + row) * planes + plane);
      const map = mapOf(cube);
      const expected = map.map((_, tile) => map[(tile % rows) * columns + Math.floor(tile / rows)]);
      expect(mapOf(turned)).toEqual(expected);
    });
  });

  it('should always reverse when the planes are reversed, ties aside', () => {
    forAnySlide((cube, columns, rows, planes) => {
      const reversed = rearranged(
        cube,
        columns,
        rows,
        (row, column, plane) => (row * columns + column) * planes + planes - 1 - plane,
      );
      const map = mapOf(cube);
      const other = mapOf(reversed);
      for (const [tile, plane] of map.entries()) {
        const curve = [...cube.scores.subarray(tile * planes, (tile + 1) * planes)];
        const ties = curve.filter((score) => !(score < curve[plane])).length;
        if (ties === 1) expect([tile, planes - 1 - other[tile]]).toEqual([tile, plane]);
      }
    });
  });
});
