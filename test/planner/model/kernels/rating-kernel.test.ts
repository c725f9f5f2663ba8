// The kernel that rates tiles, held to the plain code: bit for bit, and leaving to it what it does not take.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { strongestPlane } from '../../../../src/planner/model/evidence.js';
import type { Forecast } from '../../../../src/planner/model/forecast.js';
import { RatingKernel, tilesInBatch } from '../../../../src/planner/model/kernels/rating-kernel.js';
import { leastTilesForKernel, PlainRating, rateUnlooked } from '../../../../src/planner/model/rate-unscored.js';
import { leastSpread, negligibleFrom, notRated } from '../../../../src/planner/model/rating-rules.js';
import { Outlooks } from '../../../../src/planner/model/tile-risks.js';
import { scaleOfSpread } from '../../../../src/planner/numeric/scale-of-spread.js';
import { uniform } from '../../../../src/planner/numeric/seeded.js';

type Slide = { readonly planeCount: number; readonly forecast: Forecast; readonly favourites: Int16Array };

/** A slide of so many tiles: focus curves as high as `height`, gaps in one of `gaps` numbers, hardly any spread on some tiles. */
function imagine(seed: number, tiles: number, planeCount: number, height: number, gaps: number): Slide {
  const numbers = (what: number, length: number) => Float64Array.from({ length }, (_, i) => uniform(seed, what, i));
  const logF = numbers(1, tiles * planeCount).map((value, i) =>
    uniform(seed, 2, i) * gaps < 1 ? Number.NaN : height * value,
  );
  const openness = numbers(3, tiles).map((value) => (value < 0.1 ? 0 : value ** 4));
  const stake = numbers(4, tiles);
  const favourites = Int16Array.from({ length: tiles }, (_, tile) => strongestPlane(logF, planeCount, tile));
  return { planeCount, favourites, forecast: { logF, openness, stake, best: stake, bestSpread: stake } };
}

/** Whether each plane's evidence is there, and near enough to the strongest to be in the table. */
function isForKernel({ planeCount, favourites, forecast }: Slide, tile: number, widening: number): boolean {
  const curve = forecast.logF.subarray(tile * planeCount, (tile + 1) * planeCount);
  const scale = scaleOfSpread * Math.max(leastSpread, Math.sqrt(forecast.openness[tile] * widening));
  const highest = curve[favourites[tile]];
  return curve.every((value, plane) => {
    const distance = Math.abs(plane - favourites[tile]);
    return distance === 0 || (highest - value) / scale / Math.sqrt(distance) < negligibleFrom;
  });
}

function ratedPlainly({ forecast, favourites }: Slide, widening: number): Outlooks {
  const views = new Outlooks(favourites.length);
  const plainly = new PlainRating(forecast, favourites, widening);
  plainly.rateAll(0, favourites.length, views);
  return views;
}

function outlookOf(views: Outlooks, tile: number): number[] {
  return Object.values(views).map((numbers) => numbers[tile]);
}

const slides = fc.record({
  seed: fc.nat(9999),
  planeCount: fc.integer({ min: 1, max: 40 }),
  height: fc.constantFrom(0, 0.1, 2, 30),
  gaps: fc.constantFrom(3, 100, 1e9),
  widening: fc.double({ min: 0.1, max: 10, noNaN: true }),
});

describe('the kernel that rates tiles', () => {
  it('should always come to the numbers of the plain code, or leave a tile to it that has gaps or far rivals', () => {
    fc.assert(
      fc.property(slides, fc.integer({ min: 1, max: tilesInBatch }), (of, tiles) => {
        const slide = imagine(of.seed, tiles, of.planeCount, of.height, of.gaps);
        const plain = ratedPlainly(slide, of.widening);
        const kernel = RatingKernel.of(slide.forecast, slide.favourites, of.widening);
        expect(kernel).toBeDefined();
        const views = new Outlooks(tiles);
        const left = kernel?.rate(0, tiles, views);
        let leftAlone = 0;
        for (let tile = 0; tile < tiles; tile++) {
          const isKnown = slide.favourites[tile] >= 0;
          const isRated = !isKnown || isForKernel(slide, tile, of.widening);
          expect([tile, views.lookCount[tile] !== notRated]).toEqual([tile, isRated]);
          if (isRated) expect([tile, ...outlookOf(views, tile)]).toEqual([tile, ...outlookOf(plain, tile)]);
          else leftAlone++;
        }
        expect(left).toBe(leftAlone);
      }),
    );
  });

  it('should always rate large slides as small ones are rated', () => {
    const tiles = leastTilesForKernel + tilesInBatch / 2;
    const slide = imagine(7, tiles, 5, 2, 10);
    const views = new Outlooks(tiles);
    rateUnlooked(slide.forecast, 1.3, slide.favourites, views);
    const plain = ratedPlainly(slide, 1.3);
    expect(views).toEqual(plain);
  });
});
