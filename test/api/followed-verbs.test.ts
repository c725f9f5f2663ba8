// Every verb that takes a while is followed and stopped in one way.
import { readdirSync, rmSync } from 'node:fs';
import { filter, firstValueFrom, lastValueFrom, toArray } from 'rxjs';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { plainStack, writeStack } from '../../experiments/harness/fixtures/ome-stack.js';
import {
  compareMethods,
  type EngineEvent,
  engineEvents,
  type FollowedRun,
  flattenSlide,
  mapSlide,
  rankImages,
  synthesizeSlide,
  tuneSlides,
  verifySlide,
} from '../../src/index.js';
import { openFiles } from '../fixtures/left-behind.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';
import { unhandledRejections } from '../fixtures/unhandled-rejections.js';

const { at, folder, scratch } = temporaryFolder();
let slide = '';
let other = '';
let flat = '';
let images: readonly string[] = [];
let rejections: () => Promise<unknown[]>;
beforeAll(async () => {
  slide = (await writeStack(folder('slide'))).path;
  other = (await writeStack(folder('other'), { ...plainStack, name: 'other', seed: 2 })).path;
  const written = [1, 2].map((seed) =>
    writeStack(folder(`image${seed}`), { ...plainStack, planes: 1, depth: () => 0, seed }),
  );
  images = (await Promise.all(written)).map(({ path }) => path);
  flat = at('flat.ome.tiff');
  await flattenSlide(slide, flat);
  folder('results');
});
beforeEach(() => {
  rejections = unhandledRejections();
});
afterEach(async () => {
  expect(await rejections()).toEqual([]);
});

type Verb = {
  readonly run: (followed: Partial<FollowedRun>) => Promise<unknown>;
  /** What it tells tile by tile; it is left at the first of them. */
  readonly works: EngineEvent['type'];
  /** All that it tells, in the order in which each is told first; notes aside. */
  readonly tells: readonly EngineEvent['type'][];
};

const output = () => at('results', 'result.ome.tiff');
const plan = ['opened', 'round', 'scored'] as const;
const verbs: Record<string, Verb> = {
  flattenSlide: {
    run: (followed) => flattenSlide(slide, output(), { force: true, ...followed }),
    works: 'written',
    tells: [...plan, 'writing', 'written'],
  },
  mapSlide: { run: (followed) => mapSlide(slide, followed), works: 'scored', tells: plan },
  compareMethods: { run: (followed) => compareMethods(slide, followed), works: 'scored', tells: plan },
  verifySlide: {
    run: (followed) => verifySlide(slide, flat, followed),
    works: 'written',
    tells: ['opened', 'writing', 'written'],
  },
  rankImages: { run: (followed) => rankImages(images, followed), works: 'scored', tells: ['round', 'scored'] },
  synthesizeSlide: {
    run: (followed) => synthesizeSlide(output(), { width: 512, height: 512, planeCount: 3, force: true, ...followed }),
    works: 'written',
    tells: ['writing', 'written'],
  },
  tuneSlides: {
    run: (followed) => tuneSlides([slide, other], { cache: at('scores'), seeds: 1, ...followed }),
    works: 'recording',
    tells: ['recording', 'replaying'],
  },
};

/** What a run ends with when its stream is left at the first event that `leave` holds of. */
async function leftAt(run: Verb['run'], leave: (event: EngineEvent) => boolean): Promise<unknown> {
  let ended: Promise<unknown> = Promise.resolve();
  const events = engineEvents((followed) => {
    const result = run({ ...followed });
    ended = result.catch((error: unknown) => error);
    return result;
  });
  await firstValueFrom(events.pipe(filter((event) => event.type !== 'finished' && leave(event))));
  return ended;
}

describe.each(Object.entries(verbs))('%s as a stream', (_, { run, works, tells }) => {
  it('should always end with aborted where it is left at work, and leave nothing behind nor open', async () => {
    const before = openFiles();
    // Tuning keeps scores: a second time there would be none to record.
    const ended = await leftAt(run, ({ type }) => type === works);
    expect(ended).toMatchObject({ code: 'aborted' });
    expect(readdirSync(at('results'))).toEqual([]);
    expect(scratch()).toEqual([]);
    expect(openFiles()).toEqual(before);
  });

  it('should always tell what it does, and last of all its result, as it answers where nobody follows', async () => {
    const events = await lastValueFrom(engineEvents((followed) => run(followed)).pipe(toArray()));
    const types = events.map(({ type }) => type).filter((type) => type !== 'note');
    expect([...new Set(types)]).toEqual([...tells, 'finished']);
    const last = events[events.length - 1];
    const plain = await run({});
    const keys = (result: unknown) => Object.keys(result as object);
    expect(last.type === 'finished' && keys(last.result)).toEqual(keys(plain));
    expect(scratch()).toEqual([]);
    rmSync(output(), { force: true });
    expect(readdirSync(at('results'))).toEqual([]);
  });

  it('should never begin where its signal is set already', async () => {
    const told: EngineEvent[] = [];
    const before = openFiles();
    const stopped = run({ signal: AbortSignal.abort(), onEvent: (event) => told.push(event) });
    await expect(stopped).rejects.toMatchObject({ code: 'aborted' });
    expect(told.filter(({ type }) => type === works)).toEqual([]);
    expect(openFiles()).toEqual(before);
    expect(readdirSync(at('results'))).toEqual([]);
  });
});
