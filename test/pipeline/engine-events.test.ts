import { getEventListeners } from 'node:events';
import { readdirSync } from 'node:fs';
import {
  concat,
  defer,
  filter,
  finalize,
  firstValueFrom,
  lastValueFrom,
  NEVER,
  of,
  take,
  takeUntil,
  toArray,
} from 'rxjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeStack } from '../../experiments/harness/fixtures/ome-stack.js';
import { SlideError } from '../../src/errors.js';
import { flattenSlide } from '../../src/flatten-slide.js';
import type { FollowedRun } from '../../src/pipeline/engine-event.js';
import { engineEvents, finished } from '../../src/pipeline/engine-events.js';
import { whenAborted } from '../../src/pipeline/when-aborted.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';
import { unhandledRejections } from '../fixtures/unhandled-rejections.js';
import { virtualTime } from '../fixtures/virtual-time.js';

const { at, folder } = temporaryFolder();
let rejections: () => Promise<unknown[]>;
beforeEach(() => {
  rejections = unhandledRejections();
});
afterEach(async () => {
  expect(await rejections()).toEqual([]);
});

describe('engineEvents', () => {
  it('should always pass on what the engine tells, then the result, then end', async () => {
    const events = engineEvents(async ({ onEvent }) => {
      onEvent({ type: 'note', text: 'a' });
      await Promise.resolve();
      onEvent({ type: 'scored', probes: 1 });
      return 42;
    });
    expect(await lastValueFrom(events.pipe(toArray()))).toEqual([
      { type: 'note', text: 'a' },
      { type: 'scored', probes: 1 },
      { type: 'finished', result: 42 },
    ]);
  });

  it('should never run before it is subscribed to, and run once a subscription', async () => {
    let runs = 0;
    const events = engineEvents(async () => ++runs);
    expect(runs).toBe(0);
    expect(await lastValueFrom(events)).toEqual({ type: 'finished', result: 1 });
    expect(await lastValueFrom(events)).toEqual({ type: 'finished', result: 2 });
  });

  it('should always end with the error of the run, however it is thrown', async () => {
    const error = new SlideError('damaged', 'a tile');
    await expect(lastValueFrom(engineEvents(() => Promise.reject(error)))).rejects.toBe(error);
    const throwing = engineEvents((): Promise<never> => {
      throw error;
    });
    await expect(lastValueFrom(throwing)).rejects.toBe(error);
  });

  it('should always abort the run when nobody listens any more, and never tell of that', async () => {
    let followed: FollowedRun | undefined;
    const told: unknown[] = [];
    const subscription = engineEvents((given) => {
      followed = given;
      return new Promise((_, reject) => given.signal.addEventListener('abort', () => reject(new Error('aborted'))));
    }).subscribe({ next: (event) => told.push(event), error: (error) => told.push(error) });
    expect(followed?.signal.aborted).toBe(false);
    subscription.unsubscribe();
    expect(followed?.signal.aborted).toBe(true);
    followed?.onEvent({ type: 'note', text: 'too late' });
    expect(told).toEqual([]);
  });
});

describe('finished', () => {
  const note = { type: 'note', text: 'a' } as const;
  const result = { type: 'finished', result: 42 } as const;

  it('should always give back what engineEvents follows: the same events, the same result, the same failure', async () => {
    const told: unknown[] = [];
    const run = async ({ onEvent }: FollowedRun) => {
      onEvent(note);
      return 42;
    };
    expect(await finished(engineEvents(run), { onEvent: (event) => told.push(event) })).toBe(42);
    expect(told).toEqual([note]);
    const error = new SlideError('damaged', 'a tile');
    await expect(
      finished(
        engineEvents(() => Promise.reject(error)),
        {},
      ),
    ).rejects.toBe(error);
  });

  it('should always fail with what the listener throws, and leave the run', async () => {
    let left = false;
    const run = concat(of(note), NEVER).pipe(finalize(() => (left = true)));
    const onEvent = () => {
      throw new Error('a broken pipe');
    };
    await expect(finished(run, { onEvent })).rejects.toThrow('a broken pipe');
    expect(left).toBe(true);
  });

  it('should always leave the run at once when the signal is set, though it never ends', async () => {
    const controller = new AbortController();
    let left = false;
    const running = finished(NEVER.pipe(finalize(() => (left = true))), { signal: controller.signal });
    controller.abort(new Error('Ctrl-C'));
    expect(left).toBe(true);
    await expect(running).rejects.toMatchObject({ code: 'aborted', cause: new Error('Ctrl-C') });
  });

  it('should never begin a run where the signal is set already, and never leave a listener on it', async () => {
    let begun = false;
    const run = defer(() => {
      begun = true;
      return of(result);
    });
    await expect(finished(run, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'aborted' });
    expect(begun).toBe(false);
    const { signal } = new AbortController();
    expect(await finished(run, { signal })).toBe(42);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });
});

describe('a signal as a stream', () => {
  it('should always end what it is drawn against when it is set, as drawn', () => {
    virtualTime(({ cold, hot, expectObservable, expectSubscriptions }) => {
      const controller = new AbortController();
      cold('----x').subscribe(() => controller.abort());
      const run = hot('--a--b--c|');
      const aborted = expect.objectContaining({ code: 'aborted' });
      expectObservable(run.pipe(takeUntil(whenAborted(controller.signal)))).toBe('--a-#', undefined, aborted);
      expectSubscriptions(run.subscriptions).toBe('^---!');
    });
  });
});

describe('a slide flattened as a stream', () => {
  it('should always tell its phases in order and end with what flattenSlide answers', async () => {
    const { path } = await writeStack(folder('stream'));
    const run = engineEvents((followed) => flattenSlide(path, at('stream.ome.tiff'), followed));
    const events = await lastValueFrom(run.pipe(toArray()));
    const phases = events.map(({ type }) => type).filter((type) => type !== 'note');
    expect(phases.filter((type, i) => type !== phases[i - 1]).filter((type) => type !== 'scored')).toEqual([
      'opened',
      ...Array(events.filter(({ type }) => type === 'round').length).fill('round'),
      'writing',
      'written',
      'finished',
    ]);
    const last = events[events.length - 1];
    expect(last.type === 'finished' && last.result.report.output?.path).toBe(at('stream.ome.tiff'));
  });

  it('should never leave a file where it is left half-way', async () => {
    const { path } = await writeStack(folder('half'));
    const target = folder('target');
    let ended: Promise<unknown> = Promise.resolve();
    const run = engineEvents((followed) => {
      const result = flattenSlide(path, at('target', 'half.ome.tiff'), { ...followed, concurrency: 1 });
      ended = result.catch((error: unknown) => error);
      return result;
    });
    await firstValueFrom(
      run.pipe(
        filter(({ type }) => type === 'written'),
        take(1),
      ),
    );
    expect(await ended).toMatchObject({ code: 'aborted' });
    expect(readdirSync(target)).toEqual([]);
  });
});
