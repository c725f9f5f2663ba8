// What evidence an imagined slide gives away: exact, biased, noisy, missing, or lying.
import fc from 'fast-check';
import { uniform } from '../../src/planner/numeric/seeded.js';
import { normal } from './score-cube-surface.js';

export const honesties = [
  'exact',
  'biased',
  'noisy',
  'flat',
  'lying',
  'random',
  'one plane dearer',
  'gaps',
  'all zero',
] as const;
export type Honesty = (typeof honesties)[number];

export type EvidencePlan = {
  /** Undefined: lengths can't be compared. */
  readonly lengths: Honesty | undefined;
  readonly pixels: Honesty;
  /** Levels of the pyramid beside the decision level; none: a slide without a pyramid. */
  readonly levels: readonly number[];
};

export const evidenceArbitrary: fc.Arbitrary<EvidencePlan> = fc.record({
  lengths: fc.option(fc.constantFrom(...honesties), { nil: undefined }),
  pixels: fc.constantFrom(...honesties),
  levels: fc.constantFrom([], [1], [1, 2], [1, 2, 3], [1, 2, 3, 4], [2], [2, 3], [3], [2, 4]),
});

/** Numbers [tile][plane] that tell of the scores as honestly as is asked for. */
export function evidenceOf(scores: Float64Array, planeCount: number, honesty: Honesty, seed: number): Float64Array {
  const seen = scores.map((score) => (Number.isNaN(score) ? 0 : score));
  const highest = Math.max(...seen);
  const numberAt = (score: number, slot: number): number => {
    const [tile, plane] = [Math.floor(slot / planeCount), slot % planeCount];
    switch (honesty) {
      case 'exact':
        return score;
      case 'biased':
        return seen[tile * planeCount + Math.min(planeCount - 1, plane + 1)];
      case 'noisy':
        return score * Math.exp(0.2 * normal(seed, 11, slot));
      case 'flat':
        return 500;
      case 'lying':
        return highest + 1 - score;
      case 'random':
        return 100 + 1000 * uniform(seed, 12, slot);
      case 'one plane dearer':
        return plane === seed % planeCount ? 3 * score + 2000 : score;
      case 'gaps':
        return uniform(seed, 13, slot) < 0.2 ? 0 : score;
      case 'all zero':
        return 0;
    }
  };
  return seen.map(numberAt);
}
