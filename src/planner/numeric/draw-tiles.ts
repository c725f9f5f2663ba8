// Draws tiles at random, likelier where it matters more, and knows how likely each draw was.
import { uniform } from './seeded.js';

export type Draw = {
  readonly tiles: readonly number[];
  /** How likely each tile of the slide was to be drawn: 0 to 1. */
  readonly inclusionProbability: Float64Array;
};

/**
 * Draws about `count` tiles with probabilities proportional to `weights` (0 or more, one a tile), systematically along a snake over
 * the slide, so that the draw is spread over it (Madow, "On the theory of systematic sampling, II", Ann. Math. Stat. 20, 1949).
 */
export function drawTiles(weights: Float64Array, columns: number, count: number, seeds: readonly number[]): Draw {
  const inclusionProbability = inclusionProbabilities(weights, count);
  const tiles: number[] = [];
  // The cumulated inclusion probability passes start, start + 1, start + 2, …
  let next = uniform(...seeds);
  let cumulated = 0;
  for (let step = 0; step < weights.length; step++) {
    const tile = alongSnake(step, columns);
    cumulated += inclusionProbability[tile];
    if (cumulated <= next) continue;
    tiles.push(tile);
    next++;
  }
  return { tiles: tiles.sort((a, b) => a - b), inclusionProbability };
}

/** min(1, factor x weight), with the factor that makes them sum to `count`: tiles too likely are certain. */
function inclusionProbabilities(weights: Float64Array, count: number): Float64Array {
  const inclusionProbability = new Float64Array(weights.length);
  let certain = 0;
  for (;;) {
    let total = 0;
    for (let tile = 0; tile < weights.length; tile++) if (inclusionProbability[tile] < 1) total += weights[tile];
    const factor = total > 0 ? Math.max(0, count - certain) / total : 0;
    let more = 0;
    for (let tile = 0; tile < weights.length; tile++) {
      if (inclusionProbability[tile] >= 1) continue;
      inclusionProbability[tile] = Math.min(1, factor * weights[tile]);
      if (inclusionProbability[tile] >= 1) more++;
    }
    if (more === 0) return inclusionProbability;
    certain += more;
  }
}

/** The tile at a step of a walk to the right on even rows, to the left on odd ones. */
function alongSnake(step: number, columns: number): number {
  const row = Math.floor(step / columns);
  const column = step - row * columns;
  return row * columns + (row % 2 === 0 ? column : columns - 1 - column);
}
