// Which planes the blocks of a tile may come from, told by the focus curves that planning left: looks where there were looks, the
// calibrated evidence elsewhere. A plane away from a tile's peak is in play where the tile is sharper there than tiles of one height
// are at that distance: then part of it lies at another height. So are the planes of the tiles around.
import type { PlanOutcome, PlanProblem } from '../contract/plan-rounds.js';

/** Planes whose F is within e^-.1 of the best are in play everywhere. */
const near = 0.1;
/** Tiles of one height are the lowest tenth of all at each distance from their peak; in play is what lies this much (log F) above. */
const falloffShare = 0.1;
const aboveFalloff = 0.05;
/** Two planes away and farther, tiles of one height are taken to fall this far (log F), even where all tiles of a slide hold several. */
const leastFall = 1;
/** A tile without content whose log F varies by less than this over the planes is glass: it has no blocks to choose. */
const quietRange = 0.2;

export type BlockCandidates = {
  /** The planes in play in a tile, ascending; fewer than two where there is nothing to choose. */
  readonly planesOf: (tile: number) => number[];
  /** How far the curve of a tile rises above that of a tile of one height, log F: where mixing gains most. */
  readonly promise: (tile: number) => number;
};

export function blockCandidates({ planeCount, level }: PlanProblem, outcome: PlanOutcome): BlockCandidates {
  const { depthMap, curves, content } = outcome;
  const { columns, rows } = level.grid;
  const curveOf = (tile: number) => curves.subarray(tile * planeCount, (tile + 1) * planeCount);
  const hasContent = (tile: number) => content[tile] > 0.5;
  const falloff = falloffs(curves, content, planeCount);

  const isQuiet = (tile: number) => {
    if (hasContent(tile)) return false;
    const known = curveOf(tile).filter((value) => !Number.isNaN(value));
    return known.length === 0 || Math.max(...known) - Math.min(...known) < quietRange;
  };

  const planesOf = (tile: number) => {
    if (isQuiet(tile)) return [];
    const inPlay = new Set([depthMap.planes[tile]]);
    const curve = curveOf(tile);
    const peak = peakOf(curve);
    for (let plane = 0; plane < planeCount; plane++) {
      const fall = curve[plane] - curve[peak];
      if (fall > Math.min(-near, falloff[Math.abs(plane - peak)] + aboveFalloff)) inPlay.add(plane);
    }
    const column = tile % columns;
    const neighbours = [
      tile >= columns ? tile - columns : -1,
      tile + columns < columns * rows ? tile + columns : -1,
      column > 0 ? tile - 1 : -1,
      column + 1 < columns ? tile + 1 : -1,
    ];
    for (const other of neighbours) if (other >= 0 && !isQuiet(other)) inPlay.add(depthMap.planes[other]);
    return [...inPlay].sort((a, b) => a - b);
  };

  const promise = (tile: number) => {
    const curve = curveOf(tile);
    const peak = peakOf(curve);
    let most = Number.NEGATIVE_INFINITY;
    for (let plane = 0; plane < planeCount; plane++) {
      const above = curve[plane] - curve[peak] - falloff[Math.abs(plane - peak)];
      if (plane !== peak && above > most) most = above;
    }
    return most;
  };
  return { planesOf, promise };
}

/** How far log F falls at each distance from the peak on tiles of one height. */
function falloffs(curves: Float64Array, content: Float64Array, planeCount: number): Float64Array {
  const histograms = Array.from({ length: planeCount }, () => new Uint32Array(falloffBins));
  for (let tile = 0; tile < content.length; tile++) {
    if (content[tile] < 0.5) continue;
    const curve = curves.subarray(tile * planeCount, (tile + 1) * planeCount);
    const peak = peakOf(curve);
    for (let plane = 0; plane < planeCount; plane++) {
      const fall = curve[peak] - curve[plane];
      if (fall >= 0) histograms[Math.abs(plane - peak)][Math.min(falloffBins - 1, Math.floor(fall / falloffStep))]++;
    }
  }
  return Float64Array.from(histograms, (histogram, distance) => {
    return distance < 2 ? -steepest(histogram) : Math.min(-leastFall, -steepest(histogram));
  });
}

/** Falls are counted in steps, so that a slide of any size takes the same room. */
const falloffStep = 0.01;
const falloffBins = 1000;

/** The fall that only `falloffShare` of the tiles reach. */
function steepest(histogram: Uint32Array): number {
  let left = falloffShare * histogram.reduce((sum, count) => sum + count, 0);
  if (left === 0) return 0;
  for (let bin = falloffBins - 1; bin > 0; bin--) {
    left -= histogram[bin];
    if (left <= 0) return bin * falloffStep;
  }
  return 0;
}

/** The plane of the highest known value; the lowest on a tie. */
function peakOf(curve: Float64Array): number {
  let peak = 0;
  for (let plane = 1; plane < curve.length; plane++) {
    if (curve[plane] > curve[peak] || Number.isNaN(curve[peak])) peak = plane;
  }
  return peak;
}
