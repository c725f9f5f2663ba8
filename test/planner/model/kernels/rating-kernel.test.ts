// The kernel that rates tiles, held to the plain code: bit for bit, and leaving to it what it does not take.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { strongestPlane } from '../../../../src/planner/model/evidence.js';
import type { Forecast } from '../../../../src/planner/model/forecast.js';
import { RatingKernel, tilesInBatch } from '../../../../src/planner/model/kernels/rating-kernel.js';
import { leastTilesForKernel, PlainRating, rateUnscored } from '../../../../src/planner/model/rate-unscored.js';
import { minSpread, negligibleFrom, notRated } from '../../../../src/planner/model/rating-rules.js';
import { TileRisks } from '../../../../src/planner/model/tile-risks.js';
import { scaleOfSpread } from '../../../../src/planner/numeric/scale-of-spread.js';
import { uniform } from '../../../../src/planner/numeric/seeded.js';

type Slide = { readonly planeCount: number; readonly forecast: Forecast; readonly bestGuesses: Int16Array };

/** A slide of so many tiles: focus curves as high as `height`, gaps in one of `gaps` numbers, hardly any spread on some tiles. */
function imagine(seed: number, tiles: number, planeCount: number, height: number, gaps: number): Slide {
  const numbers = (what: number, length: number) => Float64Array.from({ length }, (_, i) => uniform(seed, what, i));
  const logF = numbers(1, tiles * planeCount).map((value, i) =>
    uniform(seed, 2, i) * gaps < 1 ? Number.NaN : height * value,
  );
  const residualVariance = numbers(3, tiles).map((value) => (value < 0.1 ? 0 : value ** 4));
  const signalFraction = numbers(4, tiles);
  const bestGuesses = Int16Array.from({ length: tiles }, (_, tile) => strongestPlane(logF, planeCount, tile));
  return {
    planeCount,
    bestGuesses,
    forecast: { logF, residualVariance, signalFraction, best: signalFraction, bestSpread: signalFraction },
  };
}

/** Whether each plane's evidence is there, and near enough to the strongest to be in the table. */
function isForKernel({ planeCount, bestGuesses, forecast }: Slide, tile: number, varianceInflation: number): boolean {
  const curve = forecast.logF.subarray(tile * planeCount, (tile + 1) * planeCount);
  const scale = scaleOfSpread * Math.max(minSpread, Math.sqrt(forecast.residualVariance[tile] * varianceInflation));
  const highest = curve[bestGuesses[tile]];
  return curve.every((value, plane) => {
    const distance = Math.abs(plane - bestGuesses[tile]);
    return distance === 0 || (highest - value) / scale / Math.sqrt(distance) < negligibleFrom;
  });
}

function ratedPlainly({ forecast, bestGuesses }: Slide, varianceInflation: number): TileRisks {
  const risks = new TileRisks(bestGuesses.length);
  const plainly = new PlainRating(forecast, bestGuesses, varianceInflation);
  plainly.rateAll(0, bestGuesses.length, risks);
  return risks;
}

function outlookOf(risks: TileRisks, tile: number): number[] {
  return Object.values(risks).map((numbers) => numbers[tile]);
}

const slides = fc.record({
  seed: fc.nat(9999),
  planeCount: fc.integer({ min: 1, max: 40 }),
  height: fc.constantFrom(0, 0.1, 2, 30),
  gaps: fc.constantFrom(3, 100, 1e9),
  varianceInflation: fc.double({ min: 0.1, max: 10, noNaN: true }),
});

describe('the kernel that rates tiles', () => {
  it('should always come to the numbers of the plain code, or leave a tile to it that has gaps or far rivals', () => {
    fc.assert(
      fc.property(slides, fc.integer({ min: 1, max: tilesInBatch }), (of, tiles) => {
        const slide = imagine(of.seed, tiles, of.planeCount, of.height, of.gaps);
        const plain = ratedPlainly(slide, of.varianceInflation);
        const kernel = RatingKernel.of(slide.forecast, slide.bestGuesses, of.varianceInflation);
        expect(kernel).toBeDefined();
        const risks = new TileRisks(tiles);
        const left = kernel?.rate(0, tiles, risks);
        let leftAlone = 0;
        for (let tile = 0; tile < tiles; tile++) {
          const isKnown = slide.bestGuesses[tile] >= 0;
          const isRated = !isKnown || isForKernel(slide, tile, of.varianceInflation);
          expect([tile, risks.lookCount[tile] !== notRated]).toEqual([tile, isRated]);
          if (isRated) expect([tile, ...outlookOf(risks, tile)]).toEqual([tile, ...outlookOf(plain, tile)]);
          else leftAlone++;
        }
        expect(left).toBe(leftAlone);
      }),
    );
  });

  it('should always rate large slides as small ones are rated', () => {
    const tiles = leastTilesForKernel + tilesInBatch / 2;
    const slide = imagine(7, tiles, 5, 2, 10);
    const risks = new TileRisks(tiles);
    rateUnscored(slide.forecast, 1.3, slide.bestGuesses, risks);
    const plain = ratedPlainly(slide, 1.3);
    expect(risks).toEqual(plain);
  });
});
