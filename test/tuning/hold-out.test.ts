// What is held out: never what was tuned on, and all of the rest; figures of bands are counted again by hand.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exactAccuracy } from '../../src/planner/contract/accuracy.js';
import { contentMask } from '../../src/planner/contract/content.js';
import { replayPlan } from '../../src/planner/replay-plan.js';
import { holdOut } from '../../src/tuning/hold-out.js';
import { retainedOf } from '../../src/tuning/retained.js';
import { type TunedSlide, trySettings } from '../../src/tuning/try-settings.js';
import { defaultSettings } from '../../src/tuning/tuned-settings.js';
import { cubeOf } from '../arbitraries/score-cube.js';

const judge = { measure: 'box-difference', subsample: 1 } as const;
const sides = fc.integer({ min: 2, max: 40 });

/** A slide of gravel without glass, so that tiles of every region have content. */
function imagined(columns: number, rows: number, seed: number): TunedSlide {
  const surface = {
    columns,
    rows,
    planeCount: 5,
    shape: 'gravel',
    fault: 'none',
    background: 0.3,
    halfWidth: 1.5,
  } as const;
  const evidence = { lengths: 'noisy', pixels: 'noisy', levels: [1, 2] } as const;
  const { scores, ...cube } = cubeOf({
    surface: { ...surface, noise: 0.01, seed },
    evidence,
    cut: 0,
    rounding: 'up',
  });
  return { ...cube, name: `slide ${seed}`, files: [], looks: new Map([['box-difference', scores]]) };
}

const scoresOf = ({ looks }: TunedSlide) => looks.get('box-difference') as Float64Array;

describe('holding out', () => {
  it('should always take every other slide where there are several', () => {
    const slides = [1, 2, 3, 4, 5].map((seed) => imagined(4, 4, seed));
    const { tuning, heldOut, heldOutBy, bands } = holdOut(slides, judge);
    expect([tuning, heldOut]).toEqual([
      [slides[0], slides[2], slides[4]],
      [slides[1], slides[3]],
    ]);
    expect([heldOutBy, bands]).toEqual(['slides', undefined]);
  });

  it('should always take every other band of a single slide, each tile once, across its longer side', () => {
    fc.assert(
      fc.property(sides, sides, fc.nat(9), (columns, rows, seed) => {
        const { tuning, heldOut, heldOutBy, bands } = holdOut([imagined(columns, rows, seed)], judge);
        fc.pre(heldOutBy === 'bands');
        const [a, b] = [tuning[0].judged as Uint8Array, heldOut[0].judged as Uint8Array];
        expect(a).toHaveLength(columns * rows);
        expect(a.every((is, tile) => is + b[tile] === 1)).toBe(true);
        expect(bands?.of).toBe(rows >= columns ? 'rows' : 'columns');
        const each = bands?.each ?? 0;
        a.forEach((is, tile) => {
          const place = rows >= columns ? Math.floor(tile / columns) : tile % columns;
          expect(is).toBe(Math.floor(place / each) % 2 === 0 ? 1 : 0);
        });
      }),
    );
  });

  it('should only hold seeds out where one of the halves would have no content', () => {
    const slide = imagined(6, 8, 1);
    const scores = scoresOf(slide).map((score, i) => (Math.floor(i / (6 * 5)) % 2 === 0 ? score : 1e-6));
    const striped = { ...slide, looks: new Map([['box-difference', scores]]) };
    expect(holdOut([slide], judge).heldOutBy).toBe('bands');
    expect(holdOut([striped], judge)).toEqual({ tuning: [striped], heldOut: [striped], heldOutBy: 'seeds' });
  });
});

describe('what is retained of a half', () => {
  it('should always be counted on its own tiles alone, the plan being that of the whole slide', () => {
    const slide = imagined(12, 16, 7);
    const scores = scoresOf(slide);
    const content = contentMask(scores, 5);
    const settings = defaultSettings(0.99);
    const { outcome, cost } = replayPlan({ ...slide, scores }, 'adaptive', {
      ...settings,
      scoreLevel: undefined,
      seed: 4,
    });
    const { tuning, heldOut } = holdOut([slide], judge);
    const found = [tuning[0], heldOut[0]].map((half) => {
      let [kept, possible] = [0, 0];
      for (let tile = 0; tile < 12 * 16; tile++) {
        if (content[tile] === 0 || half.judged?.[tile] !== 1) continue;
        const curve = Array.from(scores.subarray(5 * tile, 5 * tile + 5));
        kept += curve[outcome.depthMap.planes[tile]];
        possible += Math.max(...curve);
      }
      const trial = trySettings(half, judge, settings, 4);
      expect(trial.cost).toBe(cost);
      expect(trial.retained).toBeCloseTo(kept / possible, 12);
      return trial.retained;
    });
    expect(found[0]).not.toBe(found[1]);
  });

  it('should always be the accuracy of the whole slide where all tiles count', () => {
    fc.assert(
      fc.property(fc.nat(99), (seed) => {
        const scores = scoresOf(imagined(5, 5, seed));
        const planes = Uint16Array.from({ length: 25 }, (_, tile) => (tile * 7 + seed) % 5);
        const { retained } = exactAccuracy(scores, 5, planes);
        expect(retainedOf(scores, 5, planes, new Uint8Array(25).fill(1))).toBeCloseTo(retained, 12);
      }),
    );
  });
});
