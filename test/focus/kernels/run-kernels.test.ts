import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pixelMeasures } from '../../../src/focus/focus-measure.js';
import { kernels, kernelsTake } from '../../../src/focus/kernels/run-kernels.js';
import type { Rect } from '../../../src/slide/geometry.js';
import type { Luma } from '../../../src/slide/raster.js';

const steps = [1, 2, 4, 8] as const;
const names = Object.keys(kernels) as (keyof typeof kernels)[];

/** A picture of 8 bits, wider than the lanes of a kernel, with all values that there are, and a part of it. */
const arbitraryPart: fc.Arbitrary<{ luma: Luma; part: Rect }> = fc
  .record({ width: fc.integer({ min: 1, max: 70 }), height: fc.integer({ min: 1, max: 24 }) })
  .chain(({ width, height }) =>
    fc.record({
      data: fc.uint8Array({ minLength: width * height, maxLength: width * height }),
      x: fc.nat(width - 1),
      y: fc.nat(height - 1),
      across: fc.integer({ min: 1, max: width }),
      down: fc.integer({ min: 1, max: height }),
      black: fc.boolean(),
      size: fc.constant({ width, height }),
    }),
  )
  .map(({ data, x, y, across, down, black, size }) => ({
    luma: { ...size, data: black ? data.map((value) => (value & 1) * 255) : data },
    part: { x, y, width: Math.min(across, size.width - x), height: Math.min(down, size.height - y) },
  }));

describe.each(names)('the kernel of %s', (name) => {
  it('should always give exactly the number of the plain measure', () => {
    fc.assert(
      fc.property(arbitraryPart, fc.constantFrom(...steps), ({ luma, part }, step) => {
        expect(kernelsTake(luma, part)).toBe(true);
        expect(kernels[name](luma, part, step)).toBe(pixelMeasures[name](luma, part, step));
      }),
      { numRuns: 400 },
    );
  });

  it('should never overflow on the widest part it takes, at full contrast', () => {
    const [width, height] = [2048, 40];
    const data = Uint8Array.from({ length: width * height }, (_, i) => ((i >> 1) + ((i / width) >> 1)) & 1 && 255);
    const luma = { width, height, data };
    const part = { x: 0, y: 0, width, height };
    expect(kernelsTake(luma, part)).toBe(true);
    for (const step of steps) expect(kernels[name](luma, part, step)).toBe(pixelMeasures[name](luma, part, step));
  });
});

describe('the kernels', () => {
  it('should only take 8-bit samples, and parts whose sums fit', () => {
    const part = { x: 0, y: 0, width: 8, height: 8 };
    const luma = { width: 8, height: 8, data: new Uint8Array(64) };
    expect(kernelsTake(luma, part)).toBe(true);
    expect(kernelsTake({ ...luma, data: new Uint16Array(64) }, part)).toBe(false);
    expect(kernelsTake(luma, { ...part, width: 0 })).toBe(false);
    expect(
      kernelsTake({ width: 2049, height: 1, data: new Uint8Array(2049) }, { ...part, width: 2049, height: 1 }),
    ).toBe(false);
  });
});
