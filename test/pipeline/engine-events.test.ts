import { readdirSync } from 'node:fs';
import { filter, firstValueFrom, lastValueFrom, take, toArray } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeStack } from '../../experiments/harness/fixtures/ome-stack.js';
import { SlideError } from '../../src/errors.js';
import { flattenSlide } from '../../src/flatten-slide.js';
import { engineEvents, type FollowedRun } from '../../src/pipeline/engine-events.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';
import { unhandledRejections } from '../fixtures/unhandled-rejections.js';

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
