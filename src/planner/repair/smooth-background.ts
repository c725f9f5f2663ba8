// Empty background takes its neighbours' plane, so that it is smooth and seams are few.
import type { ScoreTable } from '../contract/score-table.js';
import type { TileWeights } from '../model/content.js';
import type { TileRisks } from '../model/tile-risks.js';
import { negligible } from '../numeric/negligible.js';
import { fillAreas } from './fill-areas.js';

/** A tile that is as likely as this to have content is never taken for background; unmeasured. */
const minContentProbability = 0.3;
/**
 * Nor one that could lose this part of its sharpness: however little there is on it, it has a plane of its own (an island's edge);
 * unmeasured.
 */
const quietLoss = 0.7;

/**
 * The planes that the risks name, but for background: areas of tiles with little to lose, which were not scored, take the plane that lies
 * along most of their border. A look is never overruled. Tiles are taken for background from the emptiest up while what could be lost
 * by that, at worst, adds up to no more than `budget` (in the unit of `counted`).
 */
export function smoothBackground(
  { problem, scoredPlanes, scoredTiles, minScore, tiles }: ScoreTable,
  { plane }: TileRisks,
  { best, content, counted }: TileWeights,
  budget: number,
): Uint16Array {
  const exposedLoss = new Float64Array(tiles).fill(Number.POSITIVE_INFINITY);
  const costs = new Float64Array(tiles);
  let count = 0;
  for (let tile = 0; tile < tiles; tile++) {
    const possibleLoss = Math.max(0, 1 - minScore / Math.max(best[tile], negligible));
    if (content[tile] >= minContentProbability || possibleLoss >= quietLoss) continue;
    exposedLoss[tile] = counted[tile] * possibleLoss;
    if (scoredPlanes[tile] === 0) costs[count++] = exposedLoss[tile];
  }
  const { max, times } = affordable(costs.subarray(0, count), budget);
  const open = new Int32Array(plane);
  for (let tile = 0, equal = 0; tile < tiles; tile++) {
    if (exposedLoss[tile] > max) continue;
    if (exposedLoss[tile] === max && scoredPlanes[tile] === 0) equal++;
    if (exposedLoss[tile] < max || equal <= times) open[tile] = -1;
  }
  const filled = fillAreas(problem.level.grid, open);
  for (const tile of scoredTiles) if (plane[tile] >= 0) filled[tile] = plane[tile];
  return filled;
}

/**
 * The most that may be paid for one, and how many times, where the least costs are paid first, in all up to `budget`; the order is
 * lost.
 */
function affordable(costs: Float64Array, budget: number): { readonly max: number; readonly times: number } {
  costs.sort();
  let spent = 0;
  for (let i = 0; i < costs.length; i++) {
    spent += costs[i];
    if (spent > budget) return { max: costs[i], times: i - costs.indexOf(costs[i]) };
  }
  return { max: Number.MAX_VALUE, times: 0 };
}
