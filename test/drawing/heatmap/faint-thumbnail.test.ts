import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { faintThumbnail } from '../../../src/drawing/heatmap/faint-thumbnail.js';
import type { Raster } from '../../../src/slide/raster.js';

const sizes = fc.record({ width: fc.integer({ min: 8, max: 90 }), height: fc.integer({ min: 8, max: 90 }) });

/** A slide of one brightness, with specimen of another in its lower right quarter. */
function quarter(width: number, height: number, ground: number, specimen: number): Raster {
  const data = new Uint8Array(width * height).fill(ground);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) if (2 * x >= width && 2 * y >= height) data[y * width + x] = specimen;
  }
  return { width, height, channels: 1, sample: 'uint8', data };
}

describe('faintThumbnail', () => {
  it('should be white without a thumbnail, and on a slide of one brightness', () => {
    const size = { width: 3, height: 2 };
    expect(faintThumbnail(undefined, size)).toEqual(new Uint8Array(6).fill(255));
    for (const value of [0, 100, 255]) {
      expect(faintThumbnail(quarter(4, 4, value, value), size)).toEqual(new Uint8Array(6).fill(255));
    }
  });

  it('should always lie where the slide does, whatever both sizes, on bright and on dark ground', () => {
    fc.assert(
      fc.property(sizes, sizes, fc.boolean(), (from, to, dark) => {
        // Sides of even length have a middle.
        const raster = quarter(2 * from.width, 2 * from.height, dark ? 10 : 240, dark ? 240 : 10);
        const greys = faintThumbnail(raster, to);
        const at = (x: number, y: number) => greys[Math.floor(y * to.height) * to.width + Math.floor(x * to.width)];
        for (const [x, y] of [
          [0.2, 0.2],
          [0.8, 0.2],
          [0.2, 0.8],
        ])
          expect(at(x, y)).toBe(255);
        expect(at(0.8, 0.8)).toBeLessThan(130);
        const shade = greys.reduce((sum, grey) => sum + (255 - grey), 0) / (255 - Math.min(...greys)) / greys.length;
        expect(Math.abs(shade - 0.25)).toBeLessThan(0.04);
        expect(Math.min(...greys)).toBeGreaterThanOrEqual(110);
      }),
    );
  });

  it('should not turn dense tissue round: dark stays darker', () => {
    const tissue = quarter(16, 16, 90, 230);
    const greys = faintThumbnail(tissue, tissue);
    expect(greys[0]).toBeLessThan(greys[255]);
  });

  it('should keep the noise of an empty slide faint', () => {
    const noisy = quarter(16, 16, 240, 235);
    expect(Math.min(...faintThumbnail(noisy, noisy))).toBeGreaterThan(220);
  });

  it('should read samples of 16 bits, signed ones too', () => {
    const data = Int16Array.from({ length: 16 }, (_, i) => (i % 4 < 2 ? 20_000 : -20_000));
    const greys = faintThumbnail({ width: 4, height: 4, channels: 1, sample: 'int16', data }, { width: 4, height: 4 });
    expect(Math.abs(greys[0] - greys[3])).toBeGreaterThan(130);
  });
});
