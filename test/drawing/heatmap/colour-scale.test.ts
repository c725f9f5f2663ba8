import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Colour, mixColours, planeColour, scaleColour } from '../../../src/drawing/heatmap/colour-scale.js';
import { confidenceOpacity } from '../../../src/drawing/heatmap/confidence-key.js';
import { asDeuteranope, colourDifference, labOf } from './colour-difference.js';

const planeColours = (count: number) => Array.from({ length: count }, (_, plane) => planeColour(plane, count));
const neighbours = (count: number) =>
  planeColours(count)
    .slice(1)
    .map((colour, i): [Colour, Colour] => [planeColour(i, count), colour]);
const stacks = fc.integer({ min: 2, max: 60 });

describe('planeColour', () => {
  it('should run from dark violet to yellow, and take the middle for a lone plane', () => {
    expect(planeColour(0, 9)).toEqual([68, 1, 84]);
    expect(planeColour(8, 9)).toEqual([253, 231, 37]);
    expect(planeColour(0, 1)).toEqual(scaleColour(0.5));
  });

  it('should always be lighter for the higher plane', () => {
    fc.assert(fc.property(stacks, (count) => neighbours(count).every(([low, high]) => labOf(low)[0] < labOf(high)[0])));
  });

  it('should tell neighbouring planes apart, at any confidence and by deuteranopes', () => {
    const least = (count: number, seen: (colour: Colour) => Colour) =>
      Math.min(...neighbours(count).map(([low, high]) => colourDifference(seen(low), seen(high))));
    const over = (grey: number, confidence: number) => (colour: Colour) =>
      mixColours([grey, grey, grey], colour, confidenceOpacity(confidence));
    for (let count = 2; count <= 11; count++) {
      expect(least(count, (colour) => colour)).toBeGreaterThan(12);
      expect(least(count, asDeuteranope)).toBeGreaterThan(7);
      for (const grey of [255, 116]) expect(least(count, over(grey, 1))).toBeGreaterThan(10);
      expect(least(count, over(255, 0))).toBeGreaterThan(4);
    }
    expect(least(60, (colour) => colour)).toBeGreaterThan(2);
  });

  it('should stand out from the white ground, however unsure', () => {
    for (let step = 0; step <= 20; step++) {
      const seen = mixColours([255, 255, 255], scaleColour(step / 20), confidenceOpacity(0));
      expect(colourDifference(seen, [255, 255, 255])).toBeGreaterThan(20);
    }
  });
});
