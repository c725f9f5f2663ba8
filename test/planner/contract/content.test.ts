// Which tiles count, on slides with glass, without any, and empty ones.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exactAccuracy } from '../../../src/planner/contract/accuracy.js';
import { contentMask } from '../../../src/planner/contract/content.js';
import { uniform } from '../../../src/planner/numeric/seeded.js';

const planeCount = 7;

/** F of tiles that are sharp on one plane, `amounts` above a noise floor of 100 that scatters by 1 %. */
function scoresOf(amounts: readonly number[], seed: number): Float64Array {
  return Float64Array.from({ length: amounts.length * planeCount }, (_, slot) => {
    const tile = Math.floor(slot / planeCount);
    const peak = Math.floor(planeCount * uniform(seed, 1, tile));
    const noise = 0.98 + 0.04 * uniform(seed, 2, slot);
    return noise * (100 + amounts[tile] / (1 + ((slot % planeCount) - peak) ** 2));
  });
}

const anySeed = fc.nat(9999);
const countOf = (mask: Uint8Array) => mask.reduce((sum, has) => sum + has, 0);

describe('content', () => {
  it('should always be every tile of a slide that is tissue from edge to edge', () => {
    fc.assert(
      fc.property(anySeed, fc.integer({ min: 1, max: 128 }), (seed, tiles) => {
        const amounts = Array.from({ length: tiles }, (_, tile) => 400 + 200 * uniform(seed, 3, tile));
        expect(countOf(contentMask(scoresOf(amounts, seed), planeCount))).toBe(tiles);
      }),
    );
  });

  it('should always be the specimen alone where there is glass, however much of either', () => {
    fc.assert(
      fc.property(anySeed, fc.double({ min: 0.05, max: 0.95, noNaN: true }), (seed, share) => {
        const amounts = Array.from({ length: 200 }, (_, tile) => (uniform(seed, 4, tile) < share ? 600 : 0));
        const mask = contentMask(scoresOf(amounts, seed), planeCount);
        expect([...mask]).toEqual(amounts.map((amount) => (amount > 0 ? 1 : 0)));
      }),
    );
  });

  it('should never be found on an empty slide, all tiles of which are judged then', () => {
    fc.assert(
      fc.property(anySeed, fc.integer({ min: 1, max: 128 }), (seed, tiles) => {
        const scores = scoresOf(new Array(tiles).fill(0), seed);
        expect(countOf(contentMask(scores, planeCount))).toBe(0);
        const accuracy = exactAccuracy(scores, planeCount, new Uint16Array(tiles));
        expect(accuracy.tiles).toBe(tiles);
        expect(accuracy.retained).toBeGreaterThan(0.95);
        const black = exactAccuracy(scores.fill(0), planeCount, new Uint16Array(tiles));
        expect(JSON.parse(JSON.stringify(black)).retained).toBeNull();
      }),
    );
  });

  it('should never be taken from a plane that is black: it says nothing of noise', () => {
    fc.assert(
      fc.property(anySeed, fc.nat(planeCount - 1), (seed, black) => {
        const amounts = Array.from({ length: 100 }, (_, tile) => (uniform(seed, 4, tile) < 0.4 ? 600 : 0));
        const scores = scoresOf(amounts, seed).map((score, slot) => (slot % planeCount === black ? 0 : score));
        const mask = contentMask(scores, planeCount);
        expect(amounts.every((amount, tile) => amount > 0 || mask[tile] === 0)).toBe(true);
      }),
    );
  });
});
