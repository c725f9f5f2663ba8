// The method's original idea, taken at its word: sparse tiles at a lower zoom level, a cell subdivided only where its corners'
// planes disagree, the full resolution only where neighbours do. Right on calm slides, dear on gravel, blind to islands.
//
//   stride 16, 8, 4, 2, 1
//   x . . . x     x . x      x x     The corners of a cell are compared. Corners that have a plane in common fill the cell; others
//   . . . . .     . . .      x x     cut it in four, down to single tiles, which are then scored at the decision level.
//   x . . . x     x . x
import type { Level } from '../slide/pyramid.js';
import { auditSize, auditUniformly } from './audit/audit-uniformly.js';
import { meetsTarget } from './contract/accuracy.js';
import type { PlanOptions } from './contract/plan-options.js';
import type { PlanProblem, PlanRounds } from './contract/plan-rounds.js';
import { ScoreTable } from './contract/score-table.js';
import { exhaustivePlan } from './exhaustive-plan.js';
import { exactWhereComplete } from './finish-plan.js';
import { weighTiles } from './model/content.js';
import { logScore } from './model/log-score.js';
import { OpinionSampler } from './quadtree/opinion-sampler.js';
import { anyPlanes, commonPlanes, type PlaneSet } from './quadtree/plane-set.js';
import { searchOutwards } from './quadtree/search-outwards.js';
import { fillFromNeighbours } from './repair/fill-from-neighbours.js';

/** Side of the largest cell, in tiles of the decision level; unmeasured. */
const largestStride = 16;
/** The least that the opinion of a corner counts at a tile of its cell; unmeasured: the only one that has any is heard everywhere. */
const minShare = 1e-6;

/** A square of tiles; `hint` are the planes that the corners of its parent spoke of. */
type Cell = {
  readonly row: number;
  readonly column: number;
  readonly stride: number;
  readonly hint: readonly number[];
};

/** See the head of this page. */
export function* quadtreePlan(problem: PlanProblem, options: PlanOptions): PlanRounds {
  const { level, planeCount } = problem;
  if (planeCount === 1) return yield* exhaustivePlan(problem, options);
  const table = new ScoreTable(problem, options.subsample);
  const sampler = new OpinionSampler(table, options.scoreLevel);
  const planes = new Int32Array(table.tiles).fill(-1);

  // Compare corners, fill the cells that agree, cut the others in four
  const unsettled: { tile: number; start: number[] }[] = [];
  const audits = auditSize(table, options.maxCost);
  const budget = options.maxCost - table.costOf(planeCount * audits);
  for (let cells = rootCells(level); cells.length > 0; ) {
    yield* sampler.sample(hintsOfCorners(level, cells), budget);
    const smaller: Cell[] = [];
    for (const cell of cells) {
      const opinions = cornerTiles(level, cell).map((tile) => sampler.opinion(tile));
      if (fillCell(level, cell, opinions, planes)) continue;
      const start = anyPlanes(opinions);
      if (cell.stride > 1) smaller.push(...quarters(level, cell, start));
      else unsettled.push({ tile: cell.row * level.grid.columns + cell.column, start });
    }
    cells = smaller;
  }

  // Score the tiles whose neighbours still disagree
  const curveOf = (tile: number) => table.scores.subarray(tile * planeCount, (tile + 1) * planeCount);
  const affordable = Math.floor(table.looksWithin(budget) / planeCount);
  yield* searchOutwards(unsettled.slice(0, affordable), planeCount, curveOf, (looks) => table.score(looks, 'search'));

  // Fill what was not settled; looks, those of the audit too, are never overruled
  const chosen = fillFromNeighbours(level.grid, asScored(table, planes));
  const audited = yield* auditUniformly(table, chosen, options.seed, audits);
  const final = Uint16Array.from(asScored(table, chosen));
  const nothing = new Float64Array(table.tiles).fill(Number.NaN);
  const { content } = weighTiles({ best: nothing, bestSpread: nothing }, table);
  const { accuracy, ...summary } = exactWhereComplete(table, final, audited.accuracy, content);
  return {
    depthMap: table.depthMap(final, new Float32Array(table.tiles).fill(accuracy.agreement || 0)),
    scores: table.scores,
    curves: table.scores.map(logScore),
    ...summary,
    accuracy,
    tilesWithContent: table.isComplete ? summary.tilesWithContent : audited.tilesWithContent,
    targetMet: meetsTarget(accuracy, options),
    notes: [],
  };
}

/** The planes, below 0 where there is none yet; but where tiles were scored, the best of those seen. */
function asScored(table: ScoreTable, planes: ArrayLike<number>): Int32Array {
  return Int32Array.from(planes, (plane, tile) => table.bestScored(tile) ?? plane);
}

function rootCells({ grid: { rows, columns } }: Level): Cell[] {
  const cells: Cell[] = [];
  for (let row = 0; row < rows; row += largestStride) {
    for (let column = 0; column < columns; column += largestStride) {
      cells.push({ row, column, stride: largestStride, hint: [] });
    }
  }
  return cells;
}

function quarters({ grid: { rows, columns } }: Level, { row, column, stride }: Cell, hint: readonly number[]): Cell[] {
  const half = stride / 2;
  return [
    { row, column, stride: half, hint },
    { row, column: column + half, stride: half, hint },
    { row: row + half, column, stride: half, hint },
    { row: row + half, column: column + half, stride: half, hint },
  ].filter((cell) => cell.row < rows && cell.column < columns);
}

/** The four corners of a cell, row-major; those beyond the slide are its last row or column. */
function cornerTiles({ grid: { rows, columns } }: Level, { row, column, stride }: Cell): number[] {
  const lastRow = Math.min(row + stride, rows - 1);
  const lastColumn = Math.min(column + stride, columns - 1);
  return [row, lastRow].flatMap((r) => [column, lastColumn].map((c) => r * columns + c));
}

function hintsOfCorners(level: Level, cells: readonly Cell[]): Map<number, readonly number[]> {
  const hints = new Map<number, readonly number[]>();
  for (const cell of cells) for (const tile of cornerTiles(level, cell)) hints.set(tile, cell.hint);
  return hints;
}

/**
 * Fills the tiles of a cell if its corners agree; each takes, of the planes they have in common, the one nearest to the corners'
 * best planes at its place. Quiet corners do not vote; a cell of quiet corners is left for its neighbours to fill.
 */
function fillCell(level: Level, cell: Cell, opinions: readonly PlaneSet[], planes: Int32Array): boolean {
  const { rows, columns } = level.grid;
  const voters = opinions.filter(({ best }) => best !== undefined);
  if (voters.length === 0) return true;
  const common = commonPlanes(voters);
  if (common.length === 0) return false;
  const { row, column, stride } = cell;
  for (let r = row; r < Math.min(row + stride, rows); r++) {
    for (let c = column; c < Math.min(column + stride, columns); c++) {
      const expected = interpolate(opinions, (r - row) / stride, (c - column) / stride);
      planes[r * columns + c] = nearest(common, expected);
    }
  }
  return true;
}

/** Bilinear between the best planes of the corners that have one; `down` and `across` in 0 to 1. */
function interpolate(opinions: readonly PlaneSet[], down: number, across: number): number {
  const weights = [(1 - down) * (1 - across), (1 - down) * across, down * (1 - across), down * across];
  let sum = 0;
  let weight = 0;
  for (const [corner, { best }] of opinions.entries()) {
    if (best === undefined) continue;
    const share = weights[corner] + minShare;
    sum += share * best;
    weight += share;
  }
  return sum / weight;
}

function nearest(planes: readonly number[], wanted: number): number {
  return planes.reduce((best, plane) => (Math.abs(plane - wanted) < Math.abs(best - wanted) ? plane : best));
}
