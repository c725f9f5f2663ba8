// The survey of a slide without usable lengths: coarse to fine, and no finer than the slide asks for.
//
//   sparse     a few tiles of the surveyed level tell whether neighbouring tiles mostly agree; if not, the level is surveyed whole
//   guard      the level above it, at a quarter of the price, sees every tile: islands between the sparse tiles show there
//   subdivide  the surveyed level is asked where a tile disagrees with its neighbours; the others go by what the guard has seen
import { findLevel, type Level, tilesPerSide } from '../../slide/pyramid.js';
import { type TileGrid, tileCount } from '../../slide/tile-grid.js';
import { tileMajor } from '../contract/number-table.js';
import type { PlanStep, ScoreTable } from '../contract/score-table.js';
import { EvidenceSource } from '../model/evidence-source.js';
import type { SurveyEvidence } from '../model/survey-evidence.js';
import { type PlaneSet, planeSet } from '../quadtree/plane-set.js';
import { allTiles, cautionWithPixels, expectedAt, onAllPlanes, surveyCost, surveyLevel } from './survey.js';

/** Sparse tiles along the shorter side of the surveyed level: experiments/accuracy-vs-cost. */
const sparseAcross = 3;
/** Share of neighbours that must agree on a calm slide: experiments/island has what is missed there. */
const calmShare = 0.95;
/** Tolerance of a plane set and contrast of a quiet tile: small, since the guard shows contrasts faintly (experiments/island). */
const tolerance = 0.04;
const quietContrast = 0.06;
/** Neighbours that a tile is held against reach this far; unmeasured. */
const neighbourReach = 2;

/** Surveys `level`, whole or in part; evidence of the level above it fills the gaps. */
export function* surveyRecursively(table: ScoreTable, level: Level): PlanStep<SurveyEvidence> {
  const { coarser, planeCount, level: decision } = table.problem;
  const guard = findLevel(coarser, level.level + 1);
  const sparse = sparseTiles(level.grid);
  if (!guard || sparse.length * 2 > tileCount(level.grid)) return yield* surveyLevel(table, level);

  const tableOf = (numbers: Float64Array) => tileMajor(numbers, planeCount);
  const fine = new Float64Array(table.scores.length).fill(Number.NaN);
  yield* table.survey(level, onAllPlanes(sparse, planeCount), fine);
  const opinionBy = (numbers: Float64Array) => (tile: number) =>
    planeSet(numbers.subarray(tile * planeCount, (tile + 1) * planeCount), tolerance, quietContrast);
  const surveyRest = function* (surveyed: ReadonlySet<number>): PlanStep<SurveyEvidence> {
    const others = [...allTiles(level.grid)].filter((tile) => !surveyed.has(tile));
    yield* table.survey(level, onAllPlanes(others, planeCount), fine);
    return surveyOf([level], [new EvidenceSource(tableOf(fine), expectedAt(table, level))]);
  };
  if (!isCalm(decision.grid, opinionBy(fine))) return yield* surveyRest(new Set(sparse));

  const coarse = new Float64Array(table.scores.length).fill(Number.NaN);
  yield* table.survey(guard, onAllPlanes(allTiles(guard.grid), planeCount), coarse);
  const odd = oddTiles(decision.grid, opinionBy(coarse));
  const surveyed = new Set([...sparse, ...odd.map((tile) => tileAbove(decision, level, tile))]);
  const alreadySurveyed = new Set(sparse);
  const subdivided = [...surveyed].filter((tile) => !alreadySurveyed.has(tile)).sort((a, b) => a - b);
  yield* table.survey(level, onAllPlanes(subdivided, planeCount), fine);
  // Neighbours agree elsewhere: together they know their plane better than each alone.
  const expected = expectedAt(table, guard);
  const averaged = { slope: expected.slope, spread: expected.spread / 2 };
  const survey = surveyOf(
    [level, guard],
    [
      new EvidenceSource(tableOf(fine), expectedAt(table, level)),
      new EvidenceSource(tableOf(sumOverNeighbours(decision.grid, coarse, planeCount)), averaged, tableOf(coarse)),
    ],
  );
  const rest = tileCount(level.grid) - surveyed.size;
  return {
    ...survey,
    completion: { cost: (rest / tileCount(level.grid)) * surveyCost(table, level), run: () => surveyRest(surveyed) },
  };
}

function surveyOf(levels: readonly Level[], sources: SurveyEvidence['sources']): SurveyEvidence {
  const name = `level ${levels.map(({ level }) => level).join(' and level ')}`;
  return { name, sources, caution: cautionWithPixels, notes: [] };
}

/** A lattice over the level, away from its edges. */
function sparseTiles({ columns, rows }: TileGrid): number[] {
  const stride = Math.max(2, Math.round(Math.min(columns, rows) / sparseAcross));
  const first = stride >> 1;
  const tiles: number[] = [];
  for (let row = first; row < rows; row += stride) {
    for (let column = first; column < columns; column += stride) tiles.push(row * columns + column);
  }
  return tiles;
}

/** Whether nearly all tiles with an opinion have it of their right and lower neighbours too, give or take a plane. */
function isCalm({ columns, rows }: TileGrid, opinion: (tile: number) => PlaneSet): boolean {
  let pairs = 0;
  let agreeing = 0;
  for (let tile = 0; tile < columns * rows; tile++) {
    const { best } = opinion(tile);
    if (best === undefined) continue;
    const right = tile % columns < columns - 1 ? opinion(tile + 1).best : undefined;
    const below = tile + columns < columns * rows ? opinion(tile + columns).best : undefined;
    for (const other of [right, below]) {
      if (other === undefined) continue;
      pairs++;
      if (Math.abs(other - best) <= 1) agreeing++;
    }
  }
  return agreeing >= calmShare * pairs;
}

/** Tiles whose opinion is far from the middle of their neighbours', or that have neighbours without any. */
function oddTiles({ columns, rows }: TileGrid, opinion: (tile: number) => PlaneSet): number[] {
  const bests = Int16Array.from({ length: columns * rows }, (_, tile) => opinion(tile).best ?? -1);
  const odd: number[] = [];
  for (let tile = 0; tile < bests.length; tile++) {
    if (bests[tile] < 0) continue;
    const around = neighbours(tile, columns, rows)
      .map((other) => bests[other])
      .filter((best) => best >= 0)
      .sort((a, b) => a - b);
    const middle = around[around.length >> 1];
    if (around.length > 0 && opinion(tile).planes.some((plane) => Math.abs(plane - middle) <= 1)) continue;
    odd.push(tile);
  }
  return odd;
}

function neighbours(tile: number, columns: number, rows: number): number[] {
  const row = Math.floor(tile / columns);
  const column = tile % columns;
  const around: number[] = [];
  for (let r = Math.max(0, row - neighbourReach); r <= Math.min(rows - 1, row + neighbourReach); r++) {
    for (let c = Math.max(0, column - neighbourReach); c <= Math.min(columns - 1, column + neighbourReach); c++) {
      if (r !== row || c !== column) around.push(r * columns + c);
    }
  }
  return around;
}

/** The tile of `level` that covers a tile of the decision level. */
function tileAbove(decision: Level, level: Level, tile: number): number {
  const side = tilesPerSide(decision, level) ?? { x: 1, y: 1 };
  const row = Math.floor(Math.floor(tile / decision.grid.columns) / side.y);
  const column = Math.floor((tile % decision.grid.columns) / side.x);
  return Math.min(row, level.grid.rows - 1) * level.grid.columns + Math.min(column, level.grid.columns - 1);
}

/** The numbers of every tile and its eight neighbours, added. */
function sumOverNeighbours({ columns, rows }: TileGrid, numbers: Float64Array, planeCount: number): Float64Array {
  const sums = new Float64Array(numbers.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const to = (row * columns + column) * planeCount;
      for (let r = Math.max(0, row - 1); r <= Math.min(rows - 1, row + 1); r++) {
        for (let c = Math.max(0, column - 1); c <= Math.min(columns - 1, column + 1); c++) {
          const from = (r * columns + c) * planeCount;
          const weight = (r === row ? 2 : 1) * (c === column ? 2 : 1);
          for (let plane = 0; plane < planeCount; plane++) sums[to + plane] += weight * (numbers[from + plane] || 0);
        }
      }
    }
  }
  return sums;
}
