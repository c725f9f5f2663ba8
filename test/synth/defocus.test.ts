import fc from 'fast-check';
import { expect, test } from 'vitest';
import { blurDensity, blurMargin } from '../../src/synth/blur-density.js';
import { blurCount, defocusAt, greatestSigma, sigmaOf } from '../../src/synth/defocus.js';
import { clearDensityImage, densityUnit, quantiseDensity } from '../../src/synth/density-image.js';

const distance = fc.double({ min: -40, max: 40, noNaN: true });
const blurPerPlane = fc.double({ min: 0, max: 5, noNaN: true });

/** Variance of the mixture of two blurs, in squared pixels. */
function variance({ blur, share }: { blur: number; share: number }): number {
  const next = share === 0 ? 0 : sigmaOf(blur + 1) ** 2;
  return (1 - share) * sigmaOf(blur) ** 2 + share * next;
}

test('the variance of the blur should be that of the distance, up to the greatest blur', () => {
  fc.assert(
    fc.property(distance, blurPerPlane, (planes, perPlane) => {
      const defocus = defocusAt(planes, perPlane);
      expect(defocus.share).toBeGreaterThanOrEqual(0);
      expect(defocus.share).toBeLessThan(1);
      expect(Math.sqrt(variance(defocus))).toBeCloseTo(Math.min(greatestSigma, Math.abs(planes) * perPlane), 9);
    }),
  );
});

test('above and below focus should look alike', () => {
  fc.assert(
    fc.property(distance, blurPerPlane, (planes, perPlane) => {
      expect(defocusAt(-planes, perPlane)).toEqual(defocusAt(planes, perPlane));
    }),
  );
});

test('a blurred point should keep its sum, lie in the middle and have the variance asked for', () => {
  const point = clearDensityImage(0);
  point.data.fill(20);
  for (let blur = 1; blur < blurCount; blur++) {
    const { radius, data } = blurDensity(quantiseDensity(point), sigmaOf(blur));
    expect(radius).toBe(blurMargin(sigmaOf(blur)));
    const side = 2 * radius + 1;
    let [sum, alongX, alongY, squareX, squareY] = [0, 0, 0, 0, 0];
    for (let i = 0; i < side * side; i++) {
      const x = (i % side) - radius;
      const y = Math.floor(i / side) - radius;
      const value = data[3 * i + 1];
      sum += value;
      alongX += value * x;
      alongY += value * y;
      squareX += value * x * x;
      squareY += value * y * y;
    }
    // what is left is rounding to whole units
    expect(sum / (20 * densityUnit)).toBeCloseTo(1, 1.5);
    expect(alongX / sum).toBeCloseTo(0, 6);
    expect(alongY / sum).toBeCloseTo(0, 6);
    expect(Math.sqrt(squareX / sum) / sigmaOf(blur)).toBeCloseTo(1, 1.5);
    expect(squareY).toBeCloseTo(squareX, 6);
  }
});

test('blurring should only ever lower the peak', () => {
  const point = clearDensityImage(3);
  point.data.fill(1);
  const image = quantiseDensity(point);
  const peaks = Array.from({ length: blurCount - 1 }, (_, i) => Math.max(...blurDensity(image, sigmaOf(i + 1)).data));
  expect([...peaks].sort((a, b) => b - a)).toEqual(peaks);
  expect(peaks.at(-1)).toBeLessThan(0.2 * densityUnit);
});
