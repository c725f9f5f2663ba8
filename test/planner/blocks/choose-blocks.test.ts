// Choosing the planes of blocks, on every pattern of 3 x 3 blocks that are sharper on one of two planes.
import { describe, expect, it } from 'vitest';
import { chooseBlocks, type ScoredBlocks } from '../../../src/planner/blocks/choose-blocks.js';

const side = 3;
const places = Array.from({ length: side * side }, (_, block) => block);
const isBeside = (a: number, b: number) =>
  Math.abs((a % side) - (b % side)) + Math.abs(Math.floor(a / side) - Math.floor(b / side)) === 1;

/** Every pattern: bit by bit, whether a block is sharper on the second plane; all a little apart, so that few things are even. */
function* patterns(planes: readonly number[]): Generator<ScoredBlocks & { readonly pattern: number }> {
  for (let pattern = 0; pattern < 2 ** places.length; pattern++) {
    const scoresOn = (second: number) =>
      Float64Array.from(places, (block) => (((pattern >> block) & 1) === second ? 10 : 6) + 0.01 * ((7 * block) % 9));
    yield { pattern, columns: side, rows: side, planes, scores: [scoresOn(0), scoresOn(1)] };
  }
}

/** What a block is worth on each plane, the slow way: [plane][block], by a Gaussian of .5 blocks over rows and columns at once. */
function worths({ scores }: ScoredBlocks, noise: number): number[][] {
  const weight = (distance: number) => Math.exp((-distance * distance) / (2 * 0.5 * 0.5));
  const whole = [-2, -1, 0, 1, 2].reduce((sum, distance) => sum + weight(distance), 0);
  const inside = (at: number) => Math.min(side - 1, Math.max(0, at));
  const means = scores.map((own) => Array.from(own).reduce((sum, score) => sum + score, 0) / own.length);
  return scores.map((own, plane) =>
    places.map((block) => {
      let sum = 0;
      for (let down = -2; down <= 2; down++) {
        for (let across = -2; across <= 2; across++) {
          const at = inside(Math.floor(block / side) + down) * side + inside((block % side) + across);
          sum += (weight(down) * weight(across) * own[at]) / whole ** 2;
        }
      }
      return sum - Math.min(Math.max(...means) - means[plane], noise);
    }),
  );
}

/** What a choice is worth in all: blocks, less seams of half the noise a plane between neighbours, of two planes at most. */
function worthOf(
  chosen: ArrayLike<number>,
  worth: readonly (readonly number[])[],
  planes: readonly number[],
  noise: number,
) {
  let sum = 0;
  for (const a of places) {
    sum += worth[chosen[a]][a];
    for (const b of places) {
      if (b > a && isBeside(a, b)) sum -= 0.5 * noise * Math.min(2, Math.abs(planes[chosen[a]] - planes[chosen[b]]));
    }
  }
  return sum;
}

describe.each([
  { planes: [3, 4], noise: 0 },
  { planes: [3, 4], noise: 0.3 },
  { planes: [3, 4], noise: 1 },
  { planes: [2, 6], noise: 1 },
  { planes: [2, 6], noise: 3 },
  { planes: [2, 6], noise: 50 },
])('blocks of planes $planes under a noise of $noise', ({ planes, noise }) => {
  it('should always be chosen so that no block is worth more on the other plane, and all no less than before smoothing', () => {
    const wrong: object[] = [];
    for (const blocks of patterns(planes)) {
      const worth = worths(blocks, noise);
      const chosen = chooseBlocks(blocks, noise);
      const total = worthOf(chosen, worth, planes, noise);
      const first = places.map((block) => (worth[1][block] > worth[0][block] ? 1 : 0));
      const turned = places.map((block) => chosen.map((plane, other) => (other === block ? 1 - plane : plane)));
      const best = Math.max(
        worthOf(first, worth, planes, noise),
        ...turned.map((each) => worthOf(each, worth, planes, noise)),
      );
      if (total < best - 1e-9) wrong.push({ pattern: blocks.pattern, chosen, total, best });
      if (noise === 0 && first.join() !== [...chosen].join()) wrong.push({ pattern: blocks.pattern, chosen, first });
    }
    expect(wrong).toEqual([]);
  });
});
