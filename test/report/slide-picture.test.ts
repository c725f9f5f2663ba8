import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { shownRange, slidePicture, stretchedRange } from '../../src/report/slide-picture.js';
import { allocateSamples, type Raster, type SampleType, sampleRange } from '../../src/slide/raster.js';

const size = { width: 96, height: 64 };

/** A ramp from left to right between two samples. */
function ramp(sample: SampleType, channels: 1 | 3, from: number, to: number): Raster {
  const data = allocateSamples(sample, size.width * size.height * channels);
  for (let i = 0; i < data.length; i++) {
    const x = Math.floor(i / channels) % size.width;
    data[i] = Math.round(from + ((to - from) * x) / (size.width - 1));
  }
  return { ...size, channels, sample, data };
}

/** The picture's left and right end, and how large it is. */
async function ends(raster: Raster, range: { readonly low: number; readonly high: number }, side: number) {
  const { jpeg, width, height } = await slidePicture(raster, range, side);
  const { data, info } = await sharp(jpeg).greyscale().raw().toBuffer({ resolveWithObject: true });
  expect([info.width, info.height]).toEqual([width, height]);
  return { left: data[0], right: data[info.width - 1], width, height };
}

describe('slidePicture', () => {
  it('should always show samples of 8 bits as they are', async () => {
    const raster = ramp('uint8', 3, 40, 200);
    const { left, right, width } = await ends(raster, shownRange([raster]), 1000);
    expect([Math.abs(left - 40), Math.abs(right - 200)].every((difference) => difference < 6)).toBe(true);
    expect(width).toBe(size.width);
  });

  it.each(['uint16', 'int16', 'int8'] as const)('should always show all there is of %s samples', async (sample) => {
    const { min, max } = sampleRange(sample);
    const raster = ramp(sample, 1, min + (max - min) / 8, max - (max - min) / 8);
    const { left, right } = await ends(raster, shownRange([raster]), 1000);
    expect([left, right].map((grey) => Math.abs(grey - 127) > 120)).toEqual([true, true]);
    expect(left).toBeLessThan(right);
  });

  it('should never be larger than allowed, and keep its shape', async () => {
    const { width, height } = await ends(ramp('uint8', 3, 0, 255), { low: 0, high: 255 }, 48);
    expect([width, height]).toEqual([48, 32]);
  });
});

describe('stretchedRange', () => {
  it('should hold pictures against each other: one range for all, never so narrow that noise is all there is', () => {
    const [dark, light] = [ramp('uint8', 3, 20, 60), ramp('uint8', 3, 150, 220)];
    const { low, high } = stretchedRange([dark, light]);
    expect([low, high].map(Math.round)).toEqual([20, 220]);
    const glass = stretchedRange([ramp('uint8', 3, 240, 242)]);
    expect(glass.high - glass.low).toBe(48);
    expect((glass.high + glass.low) / 2).toBe(241);
  });
});
