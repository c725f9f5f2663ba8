// Clumps of cells strewn over the slide, each at a height of its own. Each size has its own grid of cells with at most one
// clump a cell, made from the hash of the cell: nothing is kept, whatever the size of the slide.
import type { Rect } from '../../slide/geometry.js';
import { hashAt, mix32, seedFor, unit } from '../seeded-hash.js';
import type { Sheet } from '../sheet.js';
import { heightAtShare, type Scene } from './terrain.js';

/** Clumps of one order of size. */
type ClumpSize = {
  /** Pixels a side of the cell that holds at most one. */
  readonly cell: number;
  /** Share of cells with a clump. */
  readonly share: number;
  /** Pixels, before the cells at the border reach beyond it. */
  readonly smallest: number;
  readonly largest: number;
};

/** By eye, after Pap smears: a few large groups, many small ones, lone cells. */
const clumpSizes: readonly ClumpSize[] = [
  { cell: 1400, share: 0.8, smallest: 160, largest: 520 },
  { cell: 620, share: 0.5, smallest: 50, largest: 170 },
  { cell: 310, share: 0.32, smallest: 4, largest: 50 },
];

/** The border's bulges: their sum keeps the outline within these shares of the radius. */
const bulges = [0.2, 0.12, 0.08, 0.05] as const;
const farthestBulge = 1 + bulges.reduce((sum, bulge) => sum + bulge, 0);

/** Planes a clump rises per pixel, at most: groups of cells do not lie level. */
const steepest = 0.0008;

/** All clumps that reach into the rectangle, and some that do not. */
export function clumpsNear(scene: Scene, purpose: string, within: Rect): Sheet[] {
  const seed = seedFor(scene.seed, purpose);
  const clumps: Sheet[] = [];
  clumpSizes.forEach((size, order) => {
    const key = hashAt(seed, order, 0);
    const reach = size.largest * farthestBulge;
    const right = Math.floor((within.x + within.width + reach) / size.cell);
    const bottom = Math.floor((within.y + within.height + reach) / size.cell);
    for (let row = Math.floor((within.y - reach) / size.cell); row <= bottom; row++) {
      for (let column = Math.floor((within.x - reach) / size.cell); column <= right; column++) {
        const hash = hashAt(key, column, row);
        if (unit(hash) < size.share * scene.clumpDensity) clumps.push(createClump(scene, size, hash, column, row));
      }
    }
  });
  return clumps;
}

function createClump(scene: Scene, size: ClumpSize, hash: number, column: number, row: number): Sheet {
  const draw = (index: number) => unit(mix32(hash + index));
  const radius = size.smallest * (size.largest / size.smallest) ** draw(1);
  const x = Math.floor((column + draw(2)) * size.cell);
  const y = Math.floor((row + draw(3)) * size.cell);
  // most lie near the middle of the z range: the mean of two even draws
  const height = heightAtShare(scene, (draw(4) + draw(5)) / 2);
  const riseX = steepest * (2 * draw(6) - 1);
  const riseY = steepest * (2 * draw(7) - 1);
  const phases = bulges.map((_, index) => 2 * Math.PI * draw(8 + index));
  return {
    seed: mix32(hash),
    x,
    y,
    extent: radius * farthestBulge,
    opacity: 1,
    covers: (atX, atY) => isInside(atX - x, atY - y, radius, phases),
    heightAt: (atX, atY) => height + riseX * (atX - x) + riseY * (atY - y),
  };
}

function isInside(x: number, y: number, radius: number, phases: readonly number[]): boolean {
  const distance = Math.hypot(x, y);
  if (distance > radius * farthestBulge) return false;
  const angle = Math.atan2(y, x);
  let border = 1;
  for (let i = 0; i < bulges.length; i++) border += bulges[i] * Math.cos((i + 2) * angle + phases[i]);
  return distance <= radius * border;
}
