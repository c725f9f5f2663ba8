import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cut, halved } from '../../experiments/harness/fixtures/pictures.js';
import {
  bytesOf,
  cropRaster,
  filledRaster,
  halveRaster,
  lumaOf,
  padRaster,
  pasteRaster,
  samplesOf,
} from '../../src/slide/raster.js';
import { arbitraryRaster, pixelFormats } from '../arbitraries/raster.js';

const anyRaster = fc.constantFrom(...pixelFormats).chain((format) => arbitraryRaster(format, 30));

describe('rasters', () => {
  it('should always be halved to the rounded mean of the pixels below, rounding sizes up', () => {
    fc.assert(
      fc.property(anyRaster, (raster) => {
        expect(halveRaster(raster)).toEqual(halved(raster, 'up'));
      }),
    );
  });

  it('should always be cut and padded pixel by pixel', () => {
    fc.assert(
      fc.property(
        anyRaster,
        fc.nat(20),
        fc.nat(20),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (raster, right, below, share) => {
          const size = { width: raster.width + right, height: raster.height + below };
          expect(padRaster(raster, size)).toEqual(cut(raster, 0, 0, size));
          const x = Math.floor(share * (raster.width - 1));
          const y = Math.floor(share * (raster.height - 1));
          const rect = { x, y, width: raster.width - x, height: raster.height - y };
          expect(cropRaster(raster, rect)).toEqual(cut(raster, x, y, rect));
          // And back where it was.
          const target = filledRaster(raster, raster, 0);
          pasteRaster(target, x, y, cropRaster(raster, rect), { ...rect, x: 0, y: 0 });
          expect(cut(target, x, y, rect)).toEqual(cut(raster, x, y, rect));
        },
      ),
    );
  });

  it('should always be the same samples and bytes, wherever in memory they lie', () => {
    fc.assert(
      fc.property(anyRaster, fc.nat(3), ({ data, sample }, shift) => {
        const bytes = bytesOf(data);
        const moved = new Uint8Array(bytes.length + shift);
        moved.set(bytes, shift);
        expect(samplesOf(sample, moved.subarray(shift))).toEqual(data);
        // A Buffer, whose slice() is no copy, too.
        expect(samplesOf(sample, Buffer.from(moved.buffer).subarray(shift))).toEqual(data);
      }),
    );
  });

  it('should always have a luminance between the least and the greatest colour, and grey as it is', () => {
    fc.assert(
      fc.property(anyRaster, (raster) => {
        const { data } = lumaOf(raster);
        expect(data).toHaveLength(raster.width * raster.height);
        if (raster.channels === 1) {
          const least = { uint8: 0, int8: -128, uint16: 0, int16: -32_768 }[raster.sample];
          expect(Array.from(data)).toEqual(Array.from(raster.data, (value) => value - least));
          return;
        }
        for (const [i, value] of data.entries()) {
          const colour = Array.from(raster.data.subarray(3 * i, 3 * i + 3));
          expect(value).toBeGreaterThanOrEqual(Math.min(...colour));
          expect(value).toBeLessThanOrEqual(Math.max(...colour));
          const [r, g, b] = colour;
          expect(Math.abs(value - (0.299 * r + 0.587 * g + 0.114 * b))).toBeLessThan(1);
        }
      }),
    );
  });
});
