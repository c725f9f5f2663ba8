// Search along z from a guess outwards, for many tiles at once: the planes beside the best are asked until it lies between two
// that are less sharp, or at the end of the stack.
import type { Look, PlanStep } from '../contract/score-table.js';

export type Search = {
  readonly tile: number;
  /** Planes to begin with; none: all. */
  readonly start: readonly number[];
};

/**
 * Asks through `ask` until no search can go on. `curveOf` answers the scores of a tile so far, NaN where a plane was not asked. Each
 * start is asked with its neighbours and with the plane farthest from it, which tells whether the tile is quiet.
 */
export function* searchOutwards(
  searches: readonly Search[],
  planeCount: number,
  curveOf: (tile: number) => ArrayLike<number>,
  ask: (looks: Look[]) => PlanStep,
): PlanStep {
  const first = searches.flatMap(({ tile, start }) => firstPlanes(start, planeCount).map((plane) => ({ tile, plane })));
  yield* ask(first);
  // An answer may be NaN: what was asked is not asked again.
  const asked = new Set(first.map(({ tile, plane }) => tile * planeCount + plane));
  let active = searches.map(({ tile }) => tile);
  while (active.length > 0) {
    const looks: Look[] = [];
    for (const tile of active) {
      const curve = curveOf(tile);
      const best = highestPlane(curve);
      for (const plane of [best - 1, best + 1]) {
        const slot = tile * planeCount + plane;
        if (plane < 0 || plane >= planeCount || !Number.isNaN(curve[plane]) || asked.has(slot)) continue;
        asked.add(slot);
        looks.push({ tile, plane });
      }
    }
    active = [...new Set(looks.map(({ tile }) => tile))];
    yield* ask(looks);
  }
}

function firstPlanes(start: readonly number[], planeCount: number): number[] {
  if (start.length === 0) return Array.from({ length: planeCount }, (_, plane) => plane);
  const lowest = Math.min(...start);
  const highest = Math.max(...start);
  const farthest = lowest > planeCount - 1 - highest ? 0 : planeCount - 1;
  const wanted = new Set([...start.flatMap((plane) => [plane - 1, plane, plane + 1]), farthest]);
  return [...wanted].filter((plane) => plane >= 0 && plane < planeCount);
}

function highestPlane(curve: ArrayLike<number>): number {
  let best = 0;
  for (let plane = 0; plane < curve.length; plane++) {
    if (curve[plane] > curve[best] || Number.isNaN(curve[best])) best = plane;
  }
  return best;
}
