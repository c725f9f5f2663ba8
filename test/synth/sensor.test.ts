import fc from 'fast-check';
import { expect, test } from 'vitest';
import { absorptionUnit } from '../../src/synth/absorption.js';
import { develop, developWithNoise, glassColour } from '../../src/synth/sensor.js';

const field = { x: 1000, y: 2000, width: 128, height: 128 };
const samples = field.width * field.height * 3;

function evenlyAbsorbed(density: number): Int32Array {
  return new Int32Array(samples).fill(Math.round(density * absorptionUnit));
}

function meanAndVariance(values: ArrayLike<number>, channel: number): { mean: number; variance: number } {
  const own = Array.from(values).filter((_, i) => i % 3 === channel);
  const mean = own.reduce((sum, value) => sum + value, 0) / own.length;
  return { mean, variance: own.reduce((sum, value) => sum + (value - mean) ** 2, 0) / own.length };
}

test('light should fall by Beer and Lambert, to within half a grey value', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 11, noNaN: true }), (density) => {
      const [red, green, blue] = develop(evenlyAbsorbed(density).subarray(0, 3));
      for (const [channel, value] of [red, green, blue].entries()) {
        expect(Math.abs(value - glassColour[channel] * Math.exp(-density))).toBeLessThan(0.502);
      }
    }),
  );
});

test('what is opaque should be black', () => {
  expect([...develop(Int32Array.of(2 ** 31 - 1, 13 * absorptionUnit, 12 * absorptionUnit))]).toEqual([0, 0, 0]);
});

test('the variance of noise should grow in proportion to the light, from a floor in the dark', () => {
  const noise = 8;
  const seed = 5;
  for (const density of [0.1, 0.7, 1.6]) {
    const { mean, variance } = meanAndVariance(developWithNoise(evenlyAbsorbed(density), field, noise, seed), 1);
    const light = glassColour[1] * Math.exp(-density);
    expect(Math.abs(mean - light)).toBeLessThan(0.35);
    // 1/12 is what rounding adds
    const expected = noise ** 2 * (0.15 + (0.85 * light) / 255) + 1 / 12;
    expect(Math.abs(variance / expected - 1)).toBeLessThan(0.06);
  }
});

test('noise should be another on every plane, channel and neighbouring pixel', () => {
  const absorbed = evenlyAbsorbed(0.5);
  const one = developWithNoise(absorbed, field, 10, 1);
  const other = developWithNoise(absorbed, field, 10, 2);
  expect(Math.abs(correlation(one, other, 0))).toBeLessThan(0.03);
  expect(Math.abs(correlation(one, one, 1))).toBeLessThan(0.06);
  expect(Math.abs(correlation(one, one, 3))).toBeLessThan(0.06);
  expect(Math.abs(correlation(one, one, 3 * field.width))).toBeLessThan(0.06);
  expect(correlation(one, one, 0)).toBeCloseTo(1, 9);
});

test('noise of strength 0 should be none', () => {
  const absorbed = evenlyAbsorbed(0.3);
  expect(developWithNoise(absorbed, field, 0, 9)).toEqual(develop(absorbed));
});

/** Of the samples of `a` and those of `b` that lie `shift` samples further, the mean of each channel taken off. */
function correlation(a: Uint8Array, b: Uint8Array, shift: number): number {
  const means = [0, 1, 2].map((channel) => meanAndVariance(a, channel).mean);
  let product = 0;
  let square = 0;
  for (let i = 0; i + shift < a.length; i++) {
    const first = a[i] - means[i % 3];
    product += first * (b[i + shift] - means[(i + shift) % 3]);
    square += first * first;
  }
  return product / square;
}
