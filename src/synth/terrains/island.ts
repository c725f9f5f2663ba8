// A gently tilted specimen low in the z range, and in it a few islands, each high above all around it, that fill one
// 256-pixel tile and reach a little into the next: what corners of a coarse grid can't see.
import type { Rect } from '../../slide/geometry.js';
import { hashAt, mix32, seedFor, unit } from '../seeded-hash.js';
import type { Sheet } from '../sheet.js';
import { heightAtShare, type Scene, type Terrain } from './terrain.js';
import { tiltedHeight } from './tilt.js';

/** Pixels from an island's centre to the centres of its outermost cells, and to the nearest ones of the land around it. */
const islandRadius = 150;
const shoreRadius = 290;

/** Pixels a side of the square that holds one island; less on slides that would hold less than two a side. */
const islandSpacing = 2600;

export function island(scene: Scene): Terrain {
  const seed = seedFor(scene.seed, 'island');
  const spacing = Math.max(3 * shoreRadius, Math.min(islandSpacing, Math.max(scene.width, scene.height) / 2));
  const islandOf = (column: number, row: number): Sheet => {
    const hash = hashAt(seed, column, row);
    // the whole shore stays inside the square, so that only this island can be near
    const free = spacing - 2 * shoreRadius;
    const x = Math.floor(column * spacing + shoreRadius + unit(hash) * free);
    const y = Math.floor(row * spacing + shoreRadius + unit(mix32(hash + 1)) * free);
    const height = heightAtShare(scene, 0.75 + 0.2 * unit(mix32(hash + 2)));
    const covers = (atX: number, atY: number) => Math.hypot(atX - x, atY - y) <= islandRadius;
    return { seed: mix32(hash), x, y, extent: islandRadius, opacity: 1, covers, heightAt: () => height };
  };
  const land: Sheet = {
    seed,
    x: 0,
    y: 0,
    extent: Number.POSITIVE_INFINITY,
    opacity: 1,
    covers: (x, y) => {
      const nearest = islandOf(Math.floor(x / spacing), Math.floor(y / spacing));
      return Math.hypot(x - nearest.x, y - nearest.y) > shoreRadius;
    },
    heightAt: tiltedHeight(scene, seed, 0.1, 0.35),
  };
  return {
    sheetsNear: (within) => [land, ...squaresNear(within, spacing).map(([column, row]) => islandOf(column, row))],
  };
}

function squaresNear(within: Rect, side: number): (readonly [column: number, row: number])[] {
  const squares: (readonly [number, number])[] = [];
  for (let row = Math.floor(within.y / side); row * side < within.y + within.height; row++) {
    for (let column = Math.floor(within.x / side); column * side < within.x + within.width; column++) {
      squares.push([column, row]);
    }
  }
  return squares;
}
