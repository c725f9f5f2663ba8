// The survey: the cheapest evidence that sees every tile.
import { findLevel, type Level } from '../../slide/pyramid.js';
import { type TileGrid, tileCount, tilePixels } from '../../slide/tile-grid.js';
import { planeMajor, tileMajor } from '../contract/number-table.js';
import { exhaustivePixels } from '../contract/plan-rounds.js';
import type { Look, PlanStep, ScoreTable } from '../contract/score-table.js';
import type { Expectation } from '../model/calibration.js';
import { EvidenceSource } from '../model/evidence-source.js';
import type { SurveyEvidence } from '../model/survey-evidence.js';

/** Levels below the decision level: what their evidence was worth on other slides (experiments/calibration). */
const expectedAtDepth: Readonly<Record<number, Expectation>> = {
  1: { slope: 1.1, spread: 0.06 },
  2: { slope: 2.2, spread: 0.12 },
  3: { slope: 2.5, spread: 0.3 },
};
/** The same of compressed lengths (experiments/calibration). */
const expectedOfLengths: Expectation = { slope: 1.6, spread: 0.08 };
/** How far below the decision level it is surveyed: at a quarter of the resolution (experiments/seed-ideas). */
const defaultDepth = 2;
/**
 * The audit draws few tiles and seldom meets a loss that is left, so that the search has to be careful by itself; the more so where tiles
 * are predicted by coarse pixels, whose errors have the longer tails (experiments/accuracy-vs-cost).
 */
const cautionWithLengths = 0.5;
export const cautionWithPixels = 1.5;

/** The tiles of a grid, row by row. */
export function* allTiles(grid: TileGrid): Generator<number> {
  const count = tileCount(grid);
  for (let tile = 0; tile < count; tile++) yield tile;
}

/** Looks at tiles on all planes. */
export function* onAllPlanes(tiles: Iterable<number>, planeCount: number): Generator<Look> {
  for (const tile of tiles) for (let plane = 0; plane < planeCount; plane++) yield { tile, plane };
}

/** Compressed lengths, which cost nothing. */
export function surveyLengths(bytes: Float64Array, planeCount: number): SurveyEvidence {
  const source = new EvidenceSource(planeMajor(bytes, planeCount), expectedOfLengths);
  return { name: 'compressed lengths', sources: [source], caution: cautionWithLengths, notes: [] };
}

/** The pixels of a coarser level, all tiles on all planes. */
export function* surveyLevel(table: ScoreTable, level: Level): PlanStep<SurveyEvidence> {
  const { planeCount } = table.problem;
  const sums = new Float64Array(table.scores.length).fill(Number.NaN);
  yield* table.survey(level, onAllPlanes(allTiles(level.grid), planeCount), sums);
  return {
    name: `level ${level.level}`,
    sources: [new EvidenceSource(tileMajor(sums, planeCount), expectedAt(table, level))],
    caution: cautionWithPixels,
    notes: [],
  };
}

/**
 * The level to survey where lengths are of no use: two below the decision level, or the nearest to that; a coarser one where it would
 * take more than half of `maxCost`. Undefined where there is none.
 */
export function surveyedLevel(table: ScoreTable, scoreLevel: number | undefined, maxCost: number): Level | undefined {
  const { level, coarser } = table.problem;
  const affordable = coarser.filter((other) => surveyCost(table, other) <= maxCost / 2);
  if (scoreLevel !== undefined) return findLevel(affordable, scoreLevel);
  const wanted = level.level + defaultDepth;
  return affordable.find((other) => other.level >= wanted) ?? affordable.at(-1);
}

/** What a survey of a level costs, in parts of exhaustive. */
export function surveyCost(table: ScoreTable, { grid }: Level): number {
  return (tileCount(grid) * table.problem.planeCount * tilePixels(grid)) / exhaustivePixels(table.problem);
}

/** What the evidence of a level is expected to be worth. */
export function expectedAt({ problem }: ScoreTable, { level }: Level): Expectation {
  return expectedAtDepth[level - problem.level.level] ?? expectedAtDepth[3];
}
