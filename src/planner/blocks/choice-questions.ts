// Which tiles are to choose by block, and among which planes; where not all can be paid for, those that gain most.
import type { Level } from '../../slide/pyramid.js';
import { tileCount, tilePixels } from '../../slide/tile-grid.js';
import type { PlanOutcome, PlanProblem, Rounds } from '../contract/plan-rounds.js';
import { sumOf } from '../numeric/sum.js';
import { askShortlists, type ChoiceQuestion } from './ask-blocks.js';
import { type BlockSample, coarseTilesOver, levelAbove } from './block-sample.js';
import type { LookRule } from './look-rule.js';
import { blocksBelow, listedPlanes } from './shortlist.js';

/** Of what is left to spend, the part that shortlists may take; unmeasured. */
const partForShortlists = 0.5;

export type Questions = {
  readonly questions: readonly ChoiceQuestion[];
  /** Tiles that there was nothing left to pay for. */
  readonly skipped: number;
};

/** Questions to all tiles but those of the sample, in order; `allowance` in tiles of the decision level decoded. */
export function* choiceQuestions(
  problem: PlanProblem,
  { depthMap, content }: PlanOutcome,
  sample: BlockSample,
  rule: LookRule,
  allowance: number,
): Rounds<Questions> {
  const { planeCount, level } = problem;
  const sampled = new Set(sample.tiles.map(({ tile }) => tile));
  const above = levelAbove(problem);
  if (rule === 'all planes' || !above) {
    const planes = Array.from({ length: planeCount }, (_, plane) => plane);
    const open = Array.from({ length: tileCount(level.grid) }, (_, tile) => tile).filter((tile) => !sampled.has(tile));
    const asked = open.map((tile) => ({ tile, planes, own: depthMap.planes[tile], gain: content[tile] }));
    return affordable(asked, allowance);
  }
  const coarse = coarseTilesOver(problem, above, (tile) => !sampled.has(tile)).map((place) => {
    const below = blocksBelow(problem, above, place.row, place.column);
    return { ...place, below, own: below.map(({ tile }) => depthMap.planes[tile]) };
  });
  const each = lookCost(problem, above);
  const payable = mostOf(
    coarse,
    Math.floor((partForShortlists * allowance) / each),
    ({ below }) => -below.reduce((sum, { tile }) => sum + content[tile], 0),
  );
  const shortlists = yield* askShortlists(problem, above, payable, rule.noiseAbove);
  const asked: (ChoiceQuestion & { gain: number })[] = [];
  let skipped = coarse.length > payable.length ? coarse.reduce((sum, { below }) => sum + below.length, 0) : 0;
  for (const [i, { below, own }] of payable.entries()) {
    if (skipped > 0) skipped -= below.length;
    for (const [k, { tile }] of below.entries()) {
      if (sampled.has(tile)) continue;
      const gains = shortlists[i].subarray(k * planeCount, (k + 1) * planeCount);
      const planes = listedPlanes(gains, own[k]);
      if (planes.length > 1) asked.push({ tile, planes, own: own[k], gain: sumOf(gains) });
    }
  }
  const paid = affordable(asked, allowance - each * payable.length);
  return { questions: paid.questions, skipped: paid.skipped + skipped };
}

/** What it costs to score a tile of a coarser level on all planes, in tiles of the decision level. */
export function lookCost({ level, planeCount }: PlanProblem, above: Level): number {
  return (planeCount * tilePixels(above.grid)) / tilePixels(level.grid);
}

/** As many questions as can be paid for, those of most gain first; in order of tiles. */
function affordable(asked: readonly (ChoiceQuestion & { readonly gain: number })[], allowance: number): Questions {
  const looks = asked.reduce((sum, { planes }) => sum + planes.length, 0);
  if (looks <= allowance) return { questions: inOrder(asked), skipped: 0 };
  let left = allowance;
  const paid = [...asked]
    .sort((a, b) => b.gain - a.gain || a.tile - b.tile)
    .filter(({ planes }) => {
      left -= planes.length;
      return left >= 0;
    });
  return { questions: inOrder(paid), skipped: asked.length - paid.length };
}

function inOrder(asked: readonly ChoiceQuestion[]): ChoiceQuestion[] {
  return [...asked].sort((a, b) => a.tile - b.tile).map(({ tile, planes, own }) => ({ tile, planes, own }));
}

/** The `count` entries that come first by a key, in the order they had. */
function mostOf<Entry>(entries: readonly Entry[], count: number, key: (entry: Entry) => number): Entry[] {
  if (entries.length <= count) return [...entries];
  const first = new Set([...entries].sort((a, b) => key(a) - key(b)).slice(0, count));
  return entries.filter((entry) => first.has(entry));
}
