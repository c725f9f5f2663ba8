// What is believed of one tile's focus curve: evidence, pinned down at the planes that were looked at. Answers which plane to look
// at next, and what is still expected to be lost. Rising edges and second peaks need no rule of their own: a far plane stays in
// play while its evidence is near that of the best.
import { strongestPlane } from './evidence.js';
import type { Forecast } from './forecast.js';
import { expectedGain } from './statistics.js';

export type TileOutlook = {
  /** The plane to choose as things stand; -1 without any evidence. */
  readonly plane: number;
  /** Expected loss of choosing it, in parts of the tile's F. */
  readonly loss: number;
  /** E[loss^2]: sizes of an audit. */
  readonly secondMoment: number;
  /** How likely another plane is sharper: 0 to 1. */
  readonly doubt: number;
  /** Planes to look at next, and what each look is expected to save. */
  readonly looks: readonly number[];
  readonly gain: number;
};

/** A plane that may be sharper than the chosen one: what trying it would gain, how open that is, and how likely. */
type Rival = { readonly plane: number; readonly gain: number; readonly spread: number; readonly odds: number };

/** What the second-best rivals add to the loss that the best alone would leave. */
const furtherRivals = 0.3;

/** The outlook of a tile, from what is foretold and its scores [plane] known so far (NaN where nobody looked). */
export function tileOutlook({ logF, openness, stake }: Forecast, tile: number, scores: Float64Array): TileOutlook {
  const planeCount = scores.length;
  const foretold = logF.subarray(tile * planeCount, (tile + 1) * planeCount);
  const looked: number[] = [];
  let best = -1;
  for (let plane = 0; plane < planeCount; plane++) {
    if (Number.isNaN(scores[plane])) continue;
    looked.push(plane);
    if (best < 0 || scores[plane] > scores[best]) best = plane;
  }
  if (looked.length === planeCount) return settled(best);
  const chosen = best < 0 ? strongestPlane(foretold, planeCount, 0) : best;
  if (chosen < 0) return { ...settled(-1), doubt: 1 };

  const seen = (plane: number) => logScore(scores[plane]);
  const rivals: Rival[] = [];
  for (let plane = 0; plane < planeCount; plane++) {
    if (plane === chosen || !Number.isNaN(scores[plane]) || Number.isNaN(foretold[plane])) continue;
    const walk =
      best < 0
        ? { mean: foretold[chosen], distance: Math.abs(plane - chosen) }
        : bridge(looked, plane, (other) => seen(other) - foretold[other]);
    const margin = best < 0 ? foretold[plane] - walk.mean : foretold[plane] + walk.mean - seen(best);
    const spread = Math.sqrt(openness[tile] * walk.distance);
    const { gain, odds } = expectedGain(margin, spread);
    rivals.push({ plane, gain: stake[tile] * gain, spread: stake[tile] * spread, odds });
  }
  return rate(chosen, best < 0, rivals);
}

/**
 * log F of a tile on each plane, up to a constant: as seen, else as foretold from what was seen; NaN where nothing is known.
 */
export function expectedCurve({ logF }: Forecast, tile: number, scores: Float64Array): Float64Array {
  const foretold = logF.subarray(tile * scores.length, (tile + 1) * scores.length);
  const looked = [...scores.keys()].filter((plane) => !Number.isNaN(scores[plane]));
  return scores.map((score, plane) => {
    if (!Number.isNaN(score)) return logScore(score);
    if (looked.length === 0) return foretold[plane];
    return foretold[plane] + bridge(looked, plane, (other) => logScore(scores[other]) - foretold[other]).mean;
  });
}

/** log F; a floor keeps black planes finite. NaN stays NaN. */
export function logScore(score: number): number {
  return Math.log(Math.max(score, 1e-9));
}

function settled(plane: number): TileOutlook {
  return { plane, loss: 0, secondMoment: 0, doubt: 0, looks: [], gain: 0 };
}

function rate(chosen: number, unlooked: boolean, rivals: Rival[]): TileOutlook {
  rivals.sort((a, b) => b.gain - a.gain || a.plane - b.plane);
  const [first, second] = rivals;
  if (!first) return settled(chosen);
  const sum = rivals.reduce((total, { gain }) => total + gain, 0);
  const loss = first.gain + furtherRivals * (sum - first.gain);
  // A loss that happens is about a spread deep.
  const secondMoment = rivals.reduce((total, { gain, spread }) => total + gain * spread, 0);
  const doubt = Math.min(
    1,
    rivals.reduce((total, { odds }) => total + odds, 0),
  );
  const known = { plane: chosen, loss, secondMoment, doubt };
  if (!unlooked) return { ...known, looks: [first.plane], gain: first.gain };
  // A first look says nothing alone: it takes a rival beside it, or two.
  const pair = first.gain / 2;
  const triple = second ? (first.gain + second.gain) / 3 : 0;
  return pair >= triple
    ? { ...known, looks: [chosen, first.plane], gain: pair }
    : { ...known, looks: [chosen, first.plane, second.plane], gain: triple };
}

/**
 * The walk e between planes that were looked at: linear in between, the nearest outside; `distance` is that of a free walk with the
 * same variance.
 */
function bridge(looked: readonly number[], plane: number, residual: (plane: number) => number) {
  let below = -1;
  let above = -1;
  for (const other of looked) {
    if (other < plane) below = other;
    else if (above < 0) above = other;
  }
  if (below < 0) return { mean: residual(above), distance: above - plane };
  if (above < 0) return { mean: residual(below), distance: plane - below };
  const share = (plane - below) / (above - below);
  return {
    mean: (1 - share) * residual(below) + share * residual(above),
    distance: ((plane - below) * (above - plane)) / (above - below),
  };
}
