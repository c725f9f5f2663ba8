import fc from 'fast-check';
import { expect, test } from 'vitest';
import { between, hashAt, mix32, randomSequence, seedFor, unit } from '../../src/synth/seeded-hash.js';
import { valueNoise } from '../../src/synth/value-noise.js';

test('mix32 should never give two integers the same hash', () => {
  const hashes = new Set(Array.from({ length: 200_000 }, (_, i) => mix32(i - 100_000)));
  expect(hashes.size).toBe(200_000);
});

test('hashes of neighbouring places should be spread evenly and be unlike one another', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 32 - 1 }), (seed) => {
      const side = 64;
      let sum = 0;
      let neighbours = 0;
      for (let y = 0; y < side; y++) {
        for (let x = 0; x < side; x++) {
          const value = unit(hashAt(seed, x, y)) - 0.5;
          sum += value;
          neighbours += value * (unit(hashAt(seed, x + 1, y)) - 0.5);
        }
      }
      // six standard deviations of 4096 even draws
      expect(Math.abs(sum / side ** 2)).toBeLessThan(6 * (0.289 / side));
      expect(Math.abs(neighbours / side ** 2)).toBeLessThan(6 * (0.0834 / side));
    }),
  );
});

test('a sequence should be the same for the same seed and another for another purpose', () => {
  const draw = (seed: number) => Array.from({ length: 20 }, randomSequence(seed));
  expect(draw(seedFor(7, 'cells'))).toEqual(draw(seedFor(7, 'cells')));
  expect(draw(seedFor(7, 'cells'))).not.toEqual(draw(seedFor(7, 'noise')));
  expect(draw(seedFor(7, 'cells'))).not.toEqual(draw(seedFor(8, 'cells')));
});

test('between should only give numbers of the range', () => {
  const random = randomSequence(3);
  const numbers = Array.from({ length: 1000 }, () => between(random, -2, 5));
  expect(Math.min(...numbers)).toBeGreaterThanOrEqual(-2);
  expect(Math.min(...numbers)).toBeLessThan(-1.9);
  expect(Math.max(...numbers)).toBeLessThan(5);
  expect(Math.max(...numbers)).toBeGreaterThan(4.9);
});

test('value noise should be continuous and stay between -1 and 1', () => {
  const place = fc.double({ min: -1e4, max: 1e4, noNaN: true });
  fc.assert(
    fc.property(fc.integer(), place, place, (seed, x, y) => {
      const here = valueNoise(seed, x, y);
      expect(Math.abs(here)).toBeLessThanOrEqual(1);
      // smoothstep is nowhere steeper than 1.5, values differ by 2 at most
      expect(Math.abs(valueNoise(seed, x + 0.01, y) - here)).toBeLessThan(0.031);
      expect(Math.abs(valueNoise(seed, x, y - 0.01) - here)).toBeLessThan(0.031);
    }),
  );
});
