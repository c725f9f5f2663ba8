// Whether a tile mixes planes at all: only where that gains something.
import { choiceHead } from '../contract/plan-rounds.js';
import { chooseBlocks, type ScoredBlocks, totalOf } from './choose-blocks.js';

/** A mix, or another plane than the tile's own, that gains less than this share of the tile's focus leaves the tile as it was: experiments/eye. */
const leastGain = 0.003;

/** A mix is chance where no block gains more than so many times the noise over the best single plane: background stays calm (experiments/eye). */
const leastBlockGain = 4;

/** What a tile shows. */
export type TileChoice = {
  /** The plane of each block that shows the slide, row-major; all the same where the tile does not mix. */
  readonly blocks: Uint16Array;
  /** Focus of the tile on its best single plane, and as chosen. */
  readonly single: number;
  readonly focus: number;
};

/** Decides a tile whose plane is `own` so far; `noise`: see blockNoise. Undefined where no plane has the tile. */
export function decideTile(scored: ScoredBlocks, own: number, noise: number): TileChoice | undefined {
  const { planes, scores } = scored;
  if (planes.length === 0) return undefined;
  const totals = scores.map(totalOf);
  const single = Math.max(...totals);
  const sharpest = totals.indexOf(single);
  const before = planes.indexOf(own);
  const choice = chooseBlocks(scored, noise);
  const mixed = focusOf(scored, choice);
  if (mixed > single * (1 + leastGain) && largestGain(scored, choice, sharpest) > leastBlockGain * noise) {
    return { blocks: Uint16Array.from(choice, (candidate) => planes[candidate]), single, focus: mixed };
  }
  const kept = before >= 0 && single <= totals[before] * (1 + leastGain) ? before : sharpest;
  return { blocks: new Uint16Array(choice.length).fill(planes[kept]), single, focus: totals[kept] };
}

/** Focus of a tile whose blocks come from these candidates. */
function focusOf({ scores }: ScoredBlocks, choice: ArrayLike<number>): number {
  let sum = 0;
  for (let block = 0; block < choice.length; block++) sum += scores[choice[block]][block];
  return sum;
}

/** What the block gains most that is not of the best single plane. */
function largestGain({ scores }: ScoredBlocks, choice: ArrayLike<number>, sharpest: number): number {
  let most = 0;
  for (let block = 0; block < choice.length; block++) {
    most = Math.max(most, scores[choice[block]][block] - scores[sharpest][block]);
  }
  return most;
}

/** The answer to a `choice` question: single, focus, and the plane of each block; NaN where no plane has the tile. */
export function packChoice(choice: TileChoice | undefined, blocks: number): Float64Array {
  const packed = new Float64Array(choiceHead + blocks);
  if (!choice) return packed.fill(Number.NaN);
  packed.set([choice.single, choice.focus]);
  packed.set(choice.blocks, choiceHead);
  return packed;
}

export function unpackChoice(packed: Float64Array): TileChoice | undefined {
  const [single, focus] = packed;
  return Number.isNaN(single) ? undefined : { blocks: Uint16Array.from(packed.subarray(choiceHead)), single, focus };
}
