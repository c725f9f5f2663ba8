// Recording a slide for tuning: the scores are those of the slide, a run that was stopped goes on, and what changed is scored again.
import { readdirSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { planSlide } from '../../../src/api/plan-slide.js';
import { synthesizeSlide } from '../../../src/api/synthesize-slide.js';
import { type RecordSlideOptions, recordSlide } from '../../../src/api/tune/record-slide.js';
import { isSlideError } from '../../../src/errors.js';
import type { EngineEvent } from '../../../src/pipeline/engine-event.js';
import { openSlide } from '../../../src/slide-source/open-slide.js';
import { temporaryFolder } from '../../cli/run-zflat.js';

const { folder, remove } = temporaryFolder();
const slide = join(folder, 'smear.ome.tiff');
const judge = { measure: 'box-difference', subsample: 1 } as const;
const place = { slide: 1, slides: 1 };
/** 24 x 16 tiles on 4 planes, and 3 coarser levels: more than one part. */
const size = { width: 1536, height: 1024, tileSize: 64, levels: 4, planeCount: 4 };
const tiles = 4 * (24 * 16 + 12 * 8 + 6 * 4 + 3 * 2);

beforeAll(async () => {
  await synthesizeSlide(slide, { ...size, clumpDensity: 3 });
});
afterAll(remove);

type Progress = Extract<EngineEvent, { type: 'recording' }>;

/** Records into a cache of this name; `stopAfter` tiles it is told to stop. */
async function record(name: string, { stopAfter = Number.POSITIVE_INFINITY, ...options }: { stopAfter?: number } = {}) {
  const told: Progress[] = [];
  const controller = new AbortController();
  const given: RecordSlideOptions = {
    cache: join(folder, name),
    signal: controller.signal,
    onEvent: (event) => {
      if (event.type !== 'recording') return;
      told.push(event);
      if (event.tiles >= stopAfter) controller.abort('enough');
    },
    ...options,
  };
  const recorded = await recordSlide(slide, [judge], place, given).catch((error: unknown) => {
    if (isSlideError(error, 'aborted')) return undefined;
    throw error;
  });
  return { recorded, of: told[0].of, done: told[told.length - 1].tiles };
}

describe('recording a slide', () => {
  it('should always give the scores that the exhaustive method finds', async () => {
    const { recorded, of, done } = await record('scores');
    expect([of, done]).toEqual([tiles, tiles]);
    const source = await openSlide(slide);
    const { outcome } = await planSlide(source, { method: 'exhaustive' });
    const coarse = await planSlide(source, { method: 'exhaustive', scoreLevel: 2 });
    await source.close();
    expect(recorded?.looks.get('box-difference')).toEqual(outcome.scores);
    expect([...(recorded?.evidence.keys() ?? [])]).toEqual([1, 2, 3]);
    expect(recorded?.evidence.get(2)).toEqual(coarse.outcome.scores);
  });

  it('should always keep what was scored when it is stopped, and go on from there', async () => {
    const stopped = await record('stopped', { stopAfter: 700 });
    expect(stopped.recorded).toBeUndefined();
    const next = await record('stopped');
    expect(next.of).toBeLessThanOrEqual(tiles - 700 + 16);
    expect(next.of).toBeGreaterThan(0);
    const whole = await record('whole');
    expect(next.recorded?.looks).toEqual(whole.recorded?.looks);
    expect(next.recorded?.evidence).toEqual(whole.recorded?.evidence);
    expect((await record('stopped')).of).toBe(0);
  });

  it('should only use what was kept of the very same file and the same options', async () => {
    await record('changed');
    expect(readdirSync(join(folder, 'changed'))).toHaveLength(4);
    utimesSync(slide, new Date(2001, 1, 1), new Date(2001, 1, 1));
    expect((await record('changed')).of).toBe(tiles);
    expect((await record('changed')).of).toBe(0);
  });

  it('should never take a file of another length for scores', async () => {
    await record('cut');
    const { truncateSync } = await import('node:fs');
    for (const name of readdirSync(join(folder, 'cut'))) truncateSync(join(folder, 'cut', name), 16);
    expect((await record('cut')).of).toBe(tiles);
  });

  it('should leave measures of JPEG coefficients out where tiles are no JPEG, and refuse a slide of one plane', async () => {
    const plain = join(folder, 'plain.ome.tiff');
    await synthesizeSlide(plain, { width: 256, height: 256, tileSize: 64, planeCount: 2, codec: 'deflate' });
    const looks = [judge, { measure: 'dct-mid', subsample: 1 } as const];
    const found = await recordSlide(plain, looks, place, { cache: join(folder, 'plain') });
    expect([...found.looks.keys()]).toEqual(['box-difference']);
    const judged = recordSlide(plain, [...looks].reverse(), place, { cache: join(folder, 'plain') });
    await expect(judged).rejects.toThrow('dct-mid measures JPEG tiles only');
    const single = join(folder, 'single.ome.tiff');
    await synthesizeSlide(single, { width: 256, height: 256, tileSize: 64, planeCount: 1 });
    const refused = recordSlide(single, looks, place, { cache: join(folder, 'plain') });
    await expect(refused).rejects.toThrow('one plane');
  });
});
