// What every terrain is laid out for: the size of the slide, its planes, and a seed.
import type { Rect, Size } from '../../slide/geometry.js';
import type { Sheet } from '../sheet.js';

export type Scene = Size & {
  readonly planeCount: number;
  readonly seed: number;
  /** Clumps per area, in multiples of the usual: 0 leaves none. */
  readonly clumpDensity: number;
};

/** Where there is specimen, and how high it lies. */
export interface Terrain {
  /** Every sheet that covers a point of the rectangle, and perhaps others; always in the same order. */
  sheetsNear(within: Rect): readonly Sheet[];
}

/** A terrain of one sheet that covers the whole slide. */
export function wholeSlide(seed: number, heightAt: (x: number, y: number) => number, opacity = 1): Terrain {
  const sheets: readonly Sheet[] = [
    { seed, x: 0, y: 0, extent: Number.POSITIVE_INFINITY, opacity, covers: () => true, heightAt },
  ];
  return { sheetsNear: () => sheets };
}

/** The height at a share of the way from the lowest plane (0) to the highest (1). */
export function heightAtShare({ planeCount }: Scene, share: number): number {
  return share * (planeCount - 1);
}
