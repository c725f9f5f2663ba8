import fc from 'fast-check';
import { finalize, lastValueFrom, map, NEVER, takeUntil, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { seeded } from '../../experiments/harness/fixtures/pictures.js';
import { SlideError } from '../../src/errors.js';
import { planEvents, runPlan } from '../../src/pipeline/run-plan.js';
import { whenAborted } from '../../src/pipeline/when-aborted.js';
import { defaultPlanOptions } from '../../src/planner/contract/plan-options.js';
import {
  answerLength,
  type PlanProblem,
  probePixels,
  type Rounds,
  type TileProbe,
} from '../../src/planner/contract/plan-rounds.js';
import { runPlanSync } from '../../src/planner/contract/run-plan-sync.js';
import { type PlanMethod, planners } from '../../src/planner/planners.js';
import type { Level } from '../../src/slide/pyramid.js';
import { layTileGrid } from '../../src/slide/tile-grid.js';
import { unhandledRejections } from '../fixtures/unhandled-rejections.js';
import { virtualTime } from '../fixtures/virtual-time.js';

const methods = Object.keys(planners) as PlanMethod[];

const arbitrarySlide = fc.record({
  width: fc.integer({ min: 16, max: 90 }),
  height: fc.integer({ min: 16, max: 70 }),
  planes: fc.integer({ min: 1, max: 4 }),
  levels: fc.integer({ min: 1, max: 3 }),
  seed: fc.nat(1000),
});

type Slide = { width: number; height: number; planes: number; levels: number; seed: number };

function problemOf({ width, height, planes, levels }: Slide): PlanProblem {
  const tile = { width: 16, height: 16 };
  const all: Level[] = Array.from({ length: levels }, (_, level) => ({
    level,
    grid: layTileGrid({ width: Math.max(1, width >> level), height: Math.max(1, height >> level) }, tile),
  }));
  const [level, ...coarser] = all;
  return { level, coarser, planeCount: planes, lengths: { comparable: false, reason: 'there are none' } };
}

/** Scores that depend on nothing but the question. */
function answer(problem: PlanProblem, seed: number, probe: TileProbe): Float64Array {
  const { level, plane, row, column } = probe;
  const random = seeded(seed + 7919 * (level + 31 * (plane + 31 * (row + 31 * column))));
  return Float64Array.from({ length: answerLength(problem, probe) }, () => 100 * random());
}

describe.each(methods)('running the %s plan from streams', (method) => {
  it('should always come to the same map, whatever the order of arrival and the concurrency', async () => {
    await fc.assert(
      fc.asyncProperty(
        arbitrarySlide,
        fc.integer({ min: 1, max: 9 }),
        fc.scheduler(),
        async (slide, concurrency, scheduler) => {
          const problem = problemOf(slide);
          const score = scheduler.scheduleFunction(async (probe: TileProbe) => answer(problem, slide.seed, probe));
          const running = runPlan(problem, planners[method](problem, defaultPlanOptions), score, { concurrency });
          const { outcome } = await scheduler.waitFor(running);
          const expected = runPlanSync(planners[method](problem, defaultPlanOptions), (probe) =>
            answer(problem, slide.seed, probe),
          );
          expect(outcome).toEqual(expected);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('should always count what it asked', async () => {
    const problem = problemOf({ width: 80, height: 50, planes: 3, levels: 2, seed: 5 });
    const asked: TileProbe[] = [];
    const rounds: number[] = [];
    const score = async (probe: TileProbe) => {
      asked.push(probe);
      return answer(problem, 5, probe);
    };
    const { counts } = await runPlan(problem, planners[method](problem, defaultPlanOptions), score, {
      concurrency: 4,
      onEvent: (event) => event.type === 'round' && rounds.push(event.probes),
    });
    expect(Object.values(counts.probes).reduce((a, b) => a + b)).toBe(asked.length);
    expect(counts.pixelsDecoded).toBe(asked.reduce((sum, probe) => sum + probePixels(problem, probe), 0));
    expect([counts.rounds, rounds.reduce((a, b) => a + b, 0)]).toEqual([rounds.length, asked.length]);
  });
});

describe('planEvents', () => {
  const { grid } = problemOf({ width: 64, height: 16, planes: 1, levels: 1, seed: 1 }).level;
  const problem: PlanProblem = {
    level: { level: 0, grid },
    coarser: [],
    planeCount: 1,
    lengths: { comparable: false, reason: 'there are none' },
  };
  const probes = (...columns: number[]) =>
    columns.map((column): TileProbe => ({ level: 0, plane: 0, row: 0, column, subsample: 1, reason: 'search' }));
  /** Two rounds; what they were answered is the outcome. */
  function* twoRounds(): Rounds<number[][]> {
    const first = yield probes(0, 1, 2);
    const second = yield probes(3);
    return [[...first], [...second]];
  }

  it('should always ask a round when the last is answered whole, so many at once, and answer slot by slot, as drawn', () => {
    virtualTime(({ cold, expectObservable, expectSubscriptions }) => {
      const tiles = [cold('----(x|)'), cold('-(x|)'), cold('-(x|)'), cold('-----(x|)')];
      const score = ({ column }: TileProbe) => tiles[column].pipe(map(() => Float64Array.of(10 * column)));
      const events = planEvents(problem, twoRounds(), score, 2).pipe(
        map((event) => {
          if (event.type === 'round') return `round ${event.round}: ${event.probes}`;
          if (event.type === 'scored') return `scored ${event.probes}`;
          return event.type === 'finished' ? event.result.outcome : event;
        }),
      );
      expectObservable(events).toBe('abc-(de)-(fg|)', {
        a: 'round 0: 3',
        b: 'scored 1',
        c: 'scored 2',
        d: 'scored 3',
        e: 'round 1: 1',
        f: 'scored 4',
        g: [[0, 10, 20], [30]],
      });
      expectSubscriptions(tiles[0].subscriptions).toBe('^---!');
      expectSubscriptions(tiles[1].subscriptions).toBe('^!');
      expectSubscriptions(tiles[2].subscriptions).toBe('-^!');
      expectSubscriptions(tiles[3].subscriptions).toBe('----^----!');
    });
  });

  it('should always stop what is under way where it is left or told to stop, and ask no more, as drawn', () => {
    for (const how of ['left', 'told'] as const) {
      virtualTime(({ cold, expectObservable, expectSubscriptions }) => {
        const tiles = [cold('-----(x|)'), cold('-(x|)'), cold('-----(x|)'), cold('--(x|)')];
        const controller = new AbortController();
        if (how === 'told') cold('---x').subscribe(() => controller.abort());
        const signals: AbortSignal[] = [];
        const score = ({ column }: TileProbe, left: AbortSignal) => {
          signals.push(left);
          return tiles[column].pipe(map(() => Float64Array.of(column)));
        };
        const events = planEvents(problem, twoRounds(), score, 2).pipe(
          takeUntil(whenAborted(controller.signal)),
          map(({ type }) => type[0]),
          finalize(() => expect(signals.map(({ aborted }) => aborted)).toEqual([true, true, true])),
        );
        if (how === 'left') expectObservable(events, '^--!').toBe('rs');
        else expectObservable(events).toBe('rs-#', undefined, expect.objectContaining({ code: 'aborted' }));
        expectSubscriptions(tiles[0].subscriptions).toBe('^--!');
        expectSubscriptions(tiles[2].subscriptions).toBe('-^-!');
        expectSubscriptions(tiles[3].subscriptions).toBe([]);
      });
    }
  });

  it('should always fail with the failure of a tile and stop the others, as drawn, or with what the planner throws', () => {
    virtualTime(({ cold, expectObservable, expectSubscriptions }) => {
      const tiles = [cold('-----(x|)'), cold('--#', undefined, new Error('bad')), cold('-(x|)')];
      const score = ({ column }: TileProbe) => tiles[column].pipe(map(() => Float64Array.of(column)));
      const events = planEvents(problem, twoRounds(), score, 2).pipe(map(({ type }) => type[0]));
      expectObservable(events).toBe('r-#', undefined, new Error('bad'));
      expectSubscriptions(tiles[0].subscriptions).toBe('^-!');
      expectSubscriptions(tiles[2].subscriptions).toBe([]);
      const broken = (function* (): Rounds<never> {
        yield probes(0);
        throw new Error('a defect');
      })();
      const answered = planEvents(problem, broken, () => cold('-(x|)', { x: Float64Array.of(1) }), 2);
      expectObservable(answered.pipe(map(({ type }) => type[0]))).toBe('r(s#)', undefined, new Error('a defect'));
    });
  });

  it('should never ask before it is subscribed to, and go on where a round asks nothing', async () => {
    let begun = false;
    const idle = (function* (): Rounds<string> {
      begun = true;
      const nothing = yield [];
      return `${nothing.length} answers`;
    })();
    const events = planEvents(problem, idle, () => NEVER, 2);
    expect(begun).toBe(false);
    expect(await lastValueFrom(events)).toMatchObject({ type: 'finished', result: { outcome: '0 answers' } });
  });

  it('should always tell rounds and scores in their order, whatever the order of arrival', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(4), { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 3 }),
        fc.scheduler(),
        async (lengths, concurrency, scheduler) => {
          const rounds = (function* (): Rounds<number> {
            let sum = 0;
            for (const length of lengths) for (const number of yield probes(...Array(length).keys())) sum += number;
            return sum;
          })();
          const score = scheduler.scheduleFunction(async ({ column }: TileProbe) => Float64Array.of(column));
          const events = lastValueFrom(planEvents(problem, rounds, score, concurrency).pipe(toArray()));
          let scored = 0;
          const expected = lengths.flatMap((length, round) => [
            { type: 'round', round, probes: length },
            ...Array.from({ length }, () => ({ type: 'scored', probes: ++scored })),
          ]);
          const all = await scheduler.waitFor(events);
          expect(all.slice(0, -1)).toEqual(expected);
          const outcome = lengths.reduce((sum, length) => sum + (length * (length - 1)) / 2, 0);
          expect(all[all.length - 1]).toMatchObject({ type: 'finished', result: { outcome } });
        },
      ),
    );
  });
});

describe('runPlan', () => {
  const problem = problemOf({ width: 80, height: 80, planes: 3, levels: 1, seed: 1 });
  const plan = () => planners.exhaustive(problem, defaultPlanOptions);

  it('should always fail with the failure of a tile, whatever is still under way', async () => {
    const unhandled = unhandledRejections();
    await fc.assert(
      fc.asyncProperty(
        fc.nat(74),
        fc.integer({ min: 1, max: 9 }),
        fc.scheduler(),
        async (bad, concurrency, scheduler) => {
          let asked = 0;
          const score = scheduler.scheduleFunction(async (probe: TileProbe) => {
            if (asked++ >= bad) throw new SlideError('damaged', 'a bad tile', probe);
            return answer(problem, 1, probe);
          });
          const failure = await scheduler.waitFor(
            runPlan(problem, plan(), score, { concurrency }).catch((error: unknown) => error),
          );
          expect(failure).toMatchObject({ code: 'damaged', problem: 'a bad tile' });
          await scheduler.waitIdle();
        },
      ),
      { numRuns: 30 },
    );
    expect(await unhandled()).toEqual([]);
  });

  it('should always end when told to stop, though no tile ever comes', async () => {
    const controller = new AbortController();
    const running = runPlan(problem, plan(), () => new Promise(() => undefined), {
      concurrency: 3,
      signal: controller.signal,
    });
    controller.abort();
    await expect(running).rejects.toMatchObject({ code: 'aborted' });
  });
});
