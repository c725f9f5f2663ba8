// What must hold of focus measures: each law is run by every measure that it is true of.
import fc from 'fast-check';
import { expect } from 'vitest';
import { blurred, emptyRaster, grey, seeded, sharpPicture } from '../../experiments/harness/fixtures/pictures.js';
import type { PixelMeasure } from '../../src/focus/focus-measure.js';
import type { Rect, Size } from '../../src/slide/geometry.js';
import type { Luma, Raster } from '../../src/slide/raster.js';
import { arbitraryLuma } from '../arbitraries/raster.js';

const subsamples = fc.constantFrom(1, 2, 4, 8);

/** A picture and a part of it. */
const arbitraryPart: fc.Arbitrary<{ luma: Luma; part: Rect }> = arbitraryLuma().chain((luma) =>
  fc
    .tuple(fc.nat(luma.width - 1), fc.nat(luma.height - 1), fc.nat(luma.width), fc.nat(luma.height))
    .map(([x, y, w, h]) => ({
      luma,
      part: { x, y, width: Math.min(w, luma.width - x), height: Math.min(h, luma.height - y) },
    })),
);

/** The whole of a picture. */
export function whole({ width, height }: Luma): Rect {
  return { x: 0, y: 0, width, height };
}

/** A texture of 8 bits as luminance. */
export function textureLuma(width: number, height: number, seed: number): Luma {
  return asLuma(sharpPicture({ width, height }, grey('uint8'), seed).data as Uint8Array, width, height);
}

function noise(size: Size, seed: number): Raster {
  const random = seeded(seed);
  const picture = emptyRaster(size, grey('uint8'));
  for (let i = 0; i < picture.data.length; i++) picture.data[i] = 255 * random();
  return picture;
}

function asLuma(data: Uint8Array | Uint16Array, width: number, height: number): Luma {
  return { width, height, data };
}

/** The picture with every value changed. */
export function mapped({ width, height, data }: Luma, change: (value: number, index: number) => number): Luma {
  return asLuma(Uint16Array.from(data, change), width, height);
}

export function neverNegative(measure: PixelMeasure): void {
  fc.assert(
    fc.property(arbitraryPart, subsamples, ({ luma, part }, subsample) => {
      const score = measure(luma, part, subsample);
      expect(Number.isFinite(score) && score >= 0).toBe(true);
    }),
  );
}

export function nothingOnEvenGround(measure: PixelMeasure): void {
  fc.assert(
    fc.property(fc.nat(65_535), subsamples, (value, subsample) => {
      const even = asLuma(new Uint16Array(20 * 15).fill(value), 20, 15);
      expect(measure(even, whole(even), subsample)).toBeCloseTo(0, 6);
    }),
  );
}

/** Each further blur takes sharpness away (a mean of neighbours never adds to a sum of differences: Young's inequality). */
export function blurringLowers(measure: PixelMeasure): void {
  fc.assert(
    fc.property(fc.nat(1000), fc.integer({ min: 32, max: 64 }), subsamples, (seed, side, subsample) => {
      const scores: number[] = [];
      const size = { width: side, height: side };
      // Sampled pixels of a texture may all fall on the same part of its pattern; noise has none.
      let picture = subsample === 1 ? sharpPicture(size, grey('uint8'), seed) : noise(size, seed);
      for (let times = 0; times < 4; times++, picture = blurred(picture, 1)) {
        const luma = asLuma(picture.data as Uint8Array, side, side);
        scores.push(measure(luma, whole(luma), subsample));
      }
      // Few samples may miss what a further blur took, but never what the first three took together.
      if (subsample === 1) expect(scores).toEqual([...scores].sort((a, b) => b - a));
      expect(scores[0]).toBeGreaterThan(scores[3]);
    }),
    { numRuns: 40 },
  );
}

/** Light that reaches every pixel alike has no sharpness. */
export function addingAConstantChangesNothing(measure: PixelMeasure): void {
  fc.assert(
    fc.property(arbitraryPart, fc.nat(1000), subsamples, ({ luma, part }, more, subsample) => {
      // Halved, so that nothing overflows 16 bits.
      const darker = mapped(luma, (value) => value >> 1);
      const lighter = mapped(darker, (value) => value + more);
      expect(measure(lighter, part, subsample)).toBe(measure(darker, part, subsample));
    }),
  );
}

/** Twice the contrast is twice, or four times the sharpness. */
export function contrastScales(measure: PixelMeasure, power: 1 | 2): void {
  fc.assert(
    fc.property(arbitraryPart, subsamples, ({ luma, part }, subsample) => {
      const half = mapped(luma, (value) => value >> 1);
      const twice = mapped(half, (value) => 2 * value);
      const expected = 2 ** power * measure(half, part, subsample);
      expect(measure(twice, part, subsample)).toBeCloseTo(expected, expected > 1e6 ? 0 : 4);
    }),
  );
}

/** The same seen in a mirror. */
export function flipsChangeNothing(measure: PixelMeasure): void {
  fc.assert(
    fc.property(arbitraryLuma(), (luma) => {
      const { width, height, data } = luma;
      const across = mapped(luma, (_, i) => data[i - (i % width) + width - 1 - (i % width)]);
      const down = mapped(luma, (_, i) => data[(height - 1 - Math.floor(i / width)) * width + (i % width)]);
      const score = measure(luma, whole(luma), 1);
      for (const flipped of [across, down]) expect(measure(flipped, whole(flipped), 1)).toBeCloseTo(score, 6);
    }),
  );
}

/** The same with columns for rows. */
export function transposingChangesNothing(measure: PixelMeasure): void {
  fc.assert(
    fc.property(arbitraryLuma(), ({ width, height, data }) => {
      const turned = Uint16Array.from(data, (_, i) => data[(i % height) * width + Math.floor(i / height)]);
      const other = asLuma(turned, height, width);
      expect(measure(other, whole(other), 1)).toBeCloseTo(
        measure(asLuma(data, width, height), { x: 0, y: 0, width, height }, 1),
        6,
      );
    }),
  );
}

/** What is beyond a part, padding or another tile, never matters. */
export function onlyThePartMatters(measure: PixelMeasure): void {
  fc.assert(
    fc.property(arbitraryPart, fc.nat(1000), subsamples, ({ luma, part }, seed, subsample) => {
      const { width } = luma;
      const random = seeded(seed);
      const inside = (i: number) => {
        const [x, y] = [i % width, Math.floor(i / width)];
        return x >= part.x && y >= part.y && x < part.x + part.width && y < part.y + part.height;
      };
      const score = measure(luma, part, subsample);
      const other = mapped(luma, (value, i) => (inside(i) ? value : 65_535 * random()));
      expect(measure(other, part, subsample)).toBe(score);
      // And the part alone, cut out, is as sharp.
      const alone = asLuma(
        Uint16Array.from(luma.data).filter((_, i) => inside(i)),
        part.width,
        part.height,
      );
      expect(measure(alone, whole(alone), subsample)).toBe(score);
    }),
  );
}

/** Every n-th pixel estimates the sum over all. */
export function subsamplesEstimate(measure: PixelMeasure): void {
  fc.assert(
    fc.property(fc.nat(1000), fc.constantFrom(2, 4, 8), (seed, subsample) => {
      const random = seeded(seed);
      const noise = asLuma(
        Uint8Array.from({ length: 160 * 160 }, () => 255 * random()),
        160,
        160,
      );
      const all = measure(noise, whole(noise), 1);
      // 400 pixels and more of independent noise: a spread of 5 % and less.
      expect(Math.abs(measure(noise, whole(noise), subsample) / all - 1)).toBeLessThan(0.3);
    }),
    { numRuns: 30 },
  );
}
