// The laws of planning (design.md, section 3) that hold for every method on every slide. Each takes a replay.
import { expect } from 'vitest';
import { exactAccuracy } from '../../src/planner/contract/accuracy.js';
import { contentMask } from '../../src/planner/contract/content.js';
import { probedLevel } from '../../src/planner/contract/plan-rounds.js';
import type { DepthMap } from '../../src/slide/depth-map.js';
import { tileCount } from '../../src/slide/tile-grid.js';
import { planSharpest } from './planner-oracle.js';
import { costOf, type Replay, seenScores } from './planner-replay.js';

/** Room for sums in another order. */
const rounding = 1e-9;
/** Scores below this have no logarithm worth the name. */
const minScore = 1e-9;

export function asksOnlyInsideTheGrid({ cube: { problem }, probes }: Replay): void {
  for (const probe of probes) {
    const { grid } = probedLevel(problem, probe);
    const { row, column, plane } = probe;
    expect(row >= 0 && row < grid.rows && column >= 0 && column < grid.columns, JSON.stringify(probe)).toBe(true);
    expect(plane >= 0 && plane < problem.planeCount, JSON.stringify(probe)).toBe(true);
  }
}

export function neverAsksTwice({ probes }: Replay): void {
  const asked = probes.map(({ level, plane, row, column }) => `${level}/${plane}/${row}/${column}`);
  expect(asked.length).toBe(new Set(asked).size);
}

export function agreesWithTheOracleWhereAllWasScored({ cube, outcome: { depthMap } }: Replay): void {
  const sharpest = planSharpest(cube);
  for (const [tile, looked] of depthMap.looked.entries()) {
    if (looked === cube.problem.planeCount) expect([tile, depthMap.planes[tile]]).toEqual([tile, sharpest[tile]]);
  }
}

/** Whatever is scored, the map is never worse there than the best of the looks. */
export function neverOverrulesALook({ cube, outcome: { depthMap, scores } }: Replay): void {
  const { planeCount } = cube.problem;
  for (const [tile, looked] of depthMap.looked.entries()) {
    if (looked === 0) continue;
    const curve = scores.subarray(tile * planeCount, (tile + 1) * planeCount);
    const best = Math.max(...curve.filter((score) => !Number.isNaN(score)));
    expect([tile, curve[depthMap.planes[tile]]]).toEqual([tile, best]);
  }
}

export function neverCostsMoreThanExhaustiveAndSurvey({ cube, probes, cost }: Replay): void {
  const survey = probes.filter(({ level, reason }) => reason === 'survey' && level !== cube.problem.level.level);
  expect(cost).toBeLessThanOrEqual(1 + costOf(cube, survey) + rounding);
}

export function neverExceedsMaxCost({ cost, options: { maxCost } }: Replay): void {
  expect(cost).toBeLessThanOrEqual(maxCost + rounding);
}

/** What the outcome says of itself is what was asked and answered. */
export function reportsWhatItSaw({ cube, probes, outcome: { depthMap, scores } }: Replay): void {
  const { level, planeCount } = cube.problem;
  const seen = seenScores(cube);
  const looked = new Uint16Array(tileCount(level.grid));
  const expected = scores.slice().fill(Number.NaN);
  for (const probe of probes) {
    if (probe.level !== level.level) continue;
    const tile = probe.row * level.grid.columns + probe.column;
    looked[tile]++;
    expected[tile * planeCount + probe.plane] = seen[tile * planeCount + probe.plane];
  }
  expect(depthMap.looked).toEqual(looked);
  expect(scores).toEqual(expected);
}

export function isWellFormed({ cube: { problem }, outcome }: Replay): void {
  const { depthMap, accuracy, tilesWithContent, evidence } = outcome;
  const { columns, rows } = problem.level.grid;
  const tiles = columns * rows;
  expect(depthMap).toMatchObject({ level: problem.level.level, columns, rows, planeCount: problem.planeCount });
  expect([depthMap.planes.length, depthMap.confidence.length, depthMap.looked.length]).toEqual([tiles, tiles, tiles]);
  expect(depthMap.planes.every((plane) => plane < problem.planeCount)).toBe(true);
  expect(depthMap.confidence.every((sure) => sure >= 0 && sure <= 1)).toBe(true);
  expect(depthMap.looked.every((count) => count <= problem.planeCount)).toBe(true);
  const { retained, retainedInterval, agreement, withinOne, worst } = accuracy;
  const [low, high] = retainedInterval;
  const shares = [retained, low, high, agreement, withinOne, worst];
  // Without a tile that has content nothing is known, and nothing is made up
  if (accuracy.tiles === 0) expect(shares.every(Number.isNaN)).toBe(true);
  else {
    for (const share of shares) expectShare(share);
    expect(low).toBeLessThanOrEqual(retained);
    expect(retained).toBeLessThanOrEqual(high);
    expect(agreement).toBeLessThanOrEqual(withinOne + rounding);
  }
  expect(Number.isInteger(tilesWithContent) && tilesWithContent >= 0 && tilesWithContent <= tiles).toBe(true);
  expect(Number.isInteger(accuracy.tiles) && accuracy.tiles >= 0 && accuracy.tiles <= tiles).toBe(true);
  for (const number of evidence ? [evidence.slope, evidence.spread, evidence.kappa] : []) {
    expect(Number.isFinite(number) && number >= 0).toBe(true);
  }
}

function expectShare(share: number): void {
  expect(share).toBeGreaterThanOrEqual(0);
  expect(share).toBeLessThanOrEqual(1);
}

/** Curves are what was seen where something was seen, up to a constant a tile; and numbers, or NaN where there is no evidence. */
export function curvesFollowTheLooks({ cube, outcome: { curves, scores, depthMap } }: Replay): void {
  const { planeCount } = cube.problem;
  expect(curves.length).toBe(scores.length);
  expect(curves.every((value) => value < Number.POSITIVE_INFINITY || Number.isNaN(value))).toBe(true);
  for (const [tile, looked] of depthMap.looked.entries()) {
    if (looked === 0) continue;
    const planes = Array.from({ length: planeCount }, (_, plane) => tile * planeCount + plane);
    const offsets = planes
      .filter((slot) => !Number.isNaN(scores[slot]))
      .map((slot) => curves[slot] - Math.log(Math.max(scores[slot], minScore)));
    for (const offset of offsets) expect(offset).toBeCloseTo(offsets[0], 6);
  }
}

/** Content is a probability; where all is scored it is yes or no. */
export function contentIsAProbability({ cube, outcome: { content, depthMap } }: Replay): void {
  const { planeCount } = cube.problem;
  expect(content.length).toBe(depthMap.planes.length);
  for (const probability of content) expectShare(probability);
  if (isComplete(depthMap)) expect(content).toEqual(Float64Array.from(contentMask(seenScores(cube), planeCount)));
}

/** Where every tile was scored on every plane, or there is one plane to choose, and only there, nothing is estimated: nothing is lost. */
export function estimatesOnlyWhereItHasTo({ cube, outcome: { accuracy, depthMap } }: Replay): void {
  const { planeCount } = cube.problem;
  expect(accuracy.kind).toBe(isComplete(depthMap) || planeCount === 1 ? 'exhaustive' : 'audit');
  if (!isComplete(depthMap)) return;
  expect(accuracy).toEqual(exactAccuracy(seenScores(cube), planeCount, depthMap.planes));
  if (accuracy.tiles > 0) expect(accuracy.retained).toBe(1);
}

function isComplete({ looked, planeCount }: DepthMap): boolean {
  return looked.every((count) => count === planeCount);
}

/** The target is met where the accuracy says so; where nothing was drawn to tell, it is not. */
export function tellsOfATargetMissed({ outcome: { accuracy, depthMap, targetMet }, options }: Replay): void {
  const reached = options.prove ? accuracy.retainedInterval[0] : accuracy.retained;
  if (targetMet && accuracy.tiles === 0) expect(isComplete(depthMap) || depthMap.planeCount === 1).toBe(true);
  else if (targetMet) expect(reached).toBeGreaterThanOrEqual(options.target);
  else if (accuracy.tiles > 0) expect(reached).toBeLessThan(options.target);
}

/** At target 1 tiles with content are those of the exhaustive map. */
export function isExhaustiveAtTargetOne({ cube, outcome: { depthMap } }: Replay): void {
  const sharpest = planSharpest(cube);
  const content = contentMask(seenScores(cube), cube.problem.planeCount);
  for (const [tile, has] of content.entries()) {
    if (has) expect([tile, depthMap.planes[tile]]).toEqual([tile, sharpest[tile]]);
  }
}

/** What every method must keep, whatever the slide; by what a test says of it. */
export const lawsOfAnyPlan: Readonly<Record<string, (replay: Replay) => void>> = {
  'always ask inside the grid only': asksOnlyInsideTheGrid,
  'never ask for the same twice': neverAsksTwice,
  'always agree with the exhaustive map where it scored all planes': agreesWithTheOracleWhereAllWasScored,
  'never overrule a look': neverOverrulesALook,
  'never cost more than exhaustive and its survey': neverCostsMoreThanExhaustiveAndSurvey,
  'always report what it saw, and nothing else': reportsWhatItSaw,
  'always end with a well-formed outcome': isWellFormed,
  'always have curves that follow the looks': curvesFollowTheLooks,
  'always have a probability of content for every tile': contentIsAProbability,
  'only estimate what was not scored': estimatesOnlyWhereItHasTo,
  'always tell of a target missed': tellsOfATargetMissed,
};
