// How a run goes, whatever it writes: the same every time, told as it goes, stopped when told to.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { depthByTile, type StackSpec, writeStack } from '../experiments/harness/fixtures/ome-stack.js';
import { grey } from '../experiments/harness/fixtures/pictures.js';
import { saveWithSharp, writePlanes } from '../experiments/harness/fixtures/plane-files.js';
import { compareMethods } from '../src/api/compare/compare-methods.js';
import { mapSlide } from '../src/api/map-slide.js';
import { verifySlide } from '../src/api/verify-slide.js';
import { type FlattenOptions, flattenSlide } from '../src/flatten-slide.js';
import type { EngineEvent } from '../src/pipeline/engine-event.js';
import { type PlanMethod, planners } from '../src/planner/planners.js';
import { tileRect } from '../src/slide/tile-grid.js';
import { openSlide } from '../src/slide-source/open-slide.js';
import { namesIn, openFiles, refusalOf } from './fixtures/left-behind.js';
import { itWithData, sharedData } from './fixtures/shared-data.js';
import { temporaryFolder } from './fixtures/temporary-folder.js';
import { unhandledRejections } from './fixtures/unhandled-rejections.js';

const folder = temporaryFolder();
const small = { width: 300, height: 200, planes: 4, depth: depthByTile(64, 4) } as const;
const methods = Object.keys(planners) as PlanMethod[];
let count = 0;
const output = () => join(folder.folder(`out-${count++}`), 'flat.ome.tif');

async function stackPath(name: string, spec: Partial<StackSpec> = {}): Promise<string> {
  return (await writeStack(folder.folder(name), { ...small, ...spec })).path;
}

async function untiledPlanes(name: string): Promise<string> {
  return (await writePlanes(folder.at(name), { ...small, width: 150, height: 90 }, (z) => `z${z}.jpg`, saveWithSharp))
    .folder;
}

describe('the same slide and options', () => {
  const sources: Record<string, () => Promise<string>> = {
    'JPEG tiles': () => stackPath('jpeg', { storage: { codec: 'jpeg', sharedTables: true } }),
    'deflate tiles without pyramid': () =>
      stackPath('deflate', { pyramid: 'none', storage: { codec: 'deflate', predictor: 2 } }),
    'planes without tiles': () => untiledPlanes('pictures'),
  };

  it.each(Object.keys(sources).flatMap((source) => methods.map((method) => ({ source, method }))))(
    'should always give the same bytes, however many tiles are in flight: $source, $method',
    async ({ source, method }) => {
      const input = await sources[source]();
      const runs = [];
      for (const concurrency of [1, 2, 16]) {
        const path = output();
        const { map } = await flattenSlide(input, path, { method, concurrency, tileSize: 64, seed: 3 });
        runs.push({ bytes: readFileSync(path), map });
      }
      for (const { bytes, map } of runs.slice(1)) {
        expect(map).toEqual(runs[0].map);
        expect(bytes.equals(runs[0].bytes)).toBe(true);
      }
    },
  );

  it('should always give the same map without writing', async () => {
    const input = await stackPath('mapped', { storage: { codec: 'jpeg' } });
    const written = await flattenSlide(input, output(), { seed: 3 });
    const mapped = await mapSlide(input, { seed: 3 });
    expect(mapped.map).toEqual(written.map);
    expect(mapped.report.output).toBeUndefined();
    expect(mapped.thumbnail).toEqual(written.thumbnail);
  });
});

describe('a slide of one plane', () => {
  it('should always be copied whole, and said to be so', async () => {
    for (const method of methods) {
      const stack = await writeStack(folder.folder(`one-${method}`), {
        ...small,
        planes: 1,
        depth: () => 0,
        storage: { codec: 'jpeg' },
      });
      const notes: string[] = [];
      const path = output();
      const { report, map } = await flattenSlide(stack.path, path, {
        method,
        onEvent: (event) => event.type === 'note' && notes.push(event.text),
      });
      expect(report.plan.notes).toContainEqual(expect.stringMatching(/one plane/));
      expect(notes).toEqual(report.plan.notes);
      expect(report.output).toMatchObject({ tilesEncoded: {} });
      expect(map.planes.every((plane) => plane === 0)).toBe(true);
      expect(report.accuracy).toMatchObject({ tiles: 0 });
      const flat = await openSlide(path);
      for (const [tile, chunk] of stack.stored({ z: 0, c: 0, t: 0 }, 0).chunks.entries()) {
        const found = await flat.readTile({ level: 0, plane: 0, row: Math.floor(tile / 5), column: tile % 5 });
        expect(Buffer.compare(found?.bytes ?? Buffer.alloc(0), chunk)).toBe(0);
      }
      await flat.close();
    }
  });
});

describe('a run that is told to stop', () => {
  /** Stops at an event; answers the refusal, having checked that nothing is left behind. */
  async function stoppedAt(input: string, when: (event: EngineEvent) => boolean, options: FlattenOptions = {}) {
    const unhandled = unhandledRejections();
    const controller = new AbortController();
    const path = output();
    const refusal = await refusalOf(
      flattenSlide(input, path, {
        method: 'exhaustive',
        tileSize: 64,
        ...options,
        signal: controller.signal,
        onEvent: (event) => when(event) && controller.abort(new Error('Ctrl-C')),
      }),
    );
    expect(namesIn(join(path, '..'))).toEqual([]);
    expect(folder.scratch()).toEqual([]);
    // What libvips has under way, nobody can stop: it ends soon.
    await vi.waitFor(() => expect(openFiles().filter((file) => file.startsWith(folder.at()))).toEqual([]), {
      timeout: 20_000,
    });
    expect(await unhandled()).toEqual([]);
    return refusal;
  }

  const moments: Record<string, (event: EngineEvent) => boolean> = {
    'when it is opened': ({ type }) => type === 'opened',
    'when the first questions go out': ({ type }) => type === 'round',
    'in the middle of scoring': (event) => event.type === 'scored' && event.probes === 20,
    'when writing starts': ({ type }) => type === 'writing',
    'in the middle of writing': (event) => event.type === 'written' && event.tiles === 5,
    'when all is written, before the thumbnail': (event) => event.type === 'written' && event.tiles === event.of,
  };

  it.each(Object.entries(moments))('should always end and leave nothing behind, %s', async (moment, when) => {
    for (const input of [await stackPath(`stop ${moment}`), await untiledPlanes(`stop pictures ${moment}`)]) {
      const refusal = await stoppedAt(input, when);
      expect(refusal.code).toBe('aborted');
      expect(refusal.cause).toEqual(new Error('Ctrl-C'));
    }
  });

  it('should never start where the signal is set already', async () => {
    const path = output();
    const input = await stackPath('never');
    expect(await refusalOf(flattenSlide(input, path, { signal: AbortSignal.abort() }))).toMatchObject({
      code: 'aborted',
    });
    expect(await refusalOf(mapSlide(input, { signal: AbortSignal.abort() }))).toMatchObject({ code: 'aborted' });
    expect(namesIn(join(path, '..'))).toEqual([]);
  });
});

describe('two runs at once', () => {
  it('should never mix what they write, even under one name', async () => {
    const inputs = [await stackPath('one'), await stackPath('other', { seed: 9 })];
    const path = output();
    const alone = await Promise.all(
      inputs.map(async (input) => {
        const own = output();
        await flattenSlide(input, own, { method: 'exhaustive' });
        return readFileSync(own);
      }),
    );
    await Promise.all(inputs.map((input) => flattenSlide(input, path, { method: 'exhaustive', force: true })));
    const left = readFileSync(path);
    expect(alone.some((bytes) => bytes.equals(left))).toBe(true);
    expect(namesIn(join(path, '..'))).toEqual(['flat.ome.tif']);
  });
});

describe('events', () => {
  it('should always tell what is going on, in order, to the end', async () => {
    const events: EngineEvent[] = [];
    const { report } = await flattenSlide(await stackPath('events'), output(), {
      method: 'exhaustive',
      grain: 'tile',
      onEvent: (event) => events.push(event),
    });
    expect(events[0]).toEqual({ type: 'opened', name: 'smear', planes: 4 });
    const kinds = events.map(({ type }) => type).filter((type, i, all) => type !== all[i - 1]);
    expect(kinds).toEqual(['opened', 'round', 'scored', 'writing', 'written']);
    const scored = events.flatMap((event) => (event.type === 'scored' ? [event.probes] : []));
    expect(scored).toEqual(Array.from({ length: 80 }, (_, i) => i + 1));
    expect(report.plan.probes.search).toBe(80);
    const { tilesCopied = 0, tilesEncoded = {} } = report.output ?? {};
    const tiles = tilesCopied + Object.values(tilesEncoded).reduce((sum, n) => sum + n, 0);
    expect(events.at(-1)).toEqual({ type: 'written', tiles, of: tiles });
  });

  it('should never be broken by a listener that throws: the run ends with its error, and leaves nothing', async () => {
    const path = output();
    const run = flattenSlide(await stackPath('listener'), path, {
      method: 'exhaustive',
      onEvent: (event) => {
        if (event.type === 'written' && event.tiles === 3) throw new Error('a listener');
      },
    });
    await expect(run).rejects.toThrow('a listener');
    expect(namesIn(join(path, '..'))).toEqual([]);
  });
});

describe('the report', () => {
  it('should always say what was done, as other programs read it', async () => {
    const input = await stackPath('report', { storage: { codec: 'jpeg' }, name: 'smear' });
    const { report } = await flattenSlide(input, output(), {
      method: 'exhaustive',
      grain: 'tile',
      subsample: 2,
      concurrency: 3,
    });
    expect(report).toMatchObject({
      schema: 'zflat.report/2',
      slide: {
        name: 'smear',
        format: 'OME-TIFF',
        files: ['smear.ome.tif'],
        width: 300,
        height: 200,
        tileWidth: 64,
        tileHeight: 64,
        levels: [0, 1, 2, 3],
        planes: 4,
        zUm: [0, 1.5, 3, 4.5],
        codec: 'jpeg',
        micronsPerPixel: { x: 0.5, y: 0.5 },
        notes: [],
      },
      options: {
        method: 'exhaustive',
        measure: 'box-difference',
        subsample: 2,
        concurrency: 3,
        format: 'ome-tiff',
        level: 0,
      },
      plan: {
        method: 'exhaustive',
        tiles: 20,
        planes: 4,
        cost: 1,
        pixelsDecoded: 20 * 4 * 64 * 64,
        exhaustivePixels: 20 * 4 * 64 * 64,
      },
      accuracy: { kind: 'exhaustive', agreement: 1, retained: 1, retainedInterval: [1, 1] },
    });
    expect(report.plan.bytesRead).toBeGreaterThan(10_000);
    expect(report.output?.bytes).toBe(readFileSync(report.output?.path ?? '').length);
    // Nothing that JSON would lose or turn into something else.
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  });
});

describe('options that make no sense', () => {
  const wrong: Record<string, FlattenOptions> = {
    'an unknown method': { method: 'fastest' as PlanMethod },
    'an unknown measure': { measure: 'sharpness' as never },
    'an unknown format': { format: 'jpeg' as never },
    'a method that is a property of every object': { method: 'constructor' as PlanMethod },
    'a level that there is not': { level: 9 },
    'a level to score that there is not': { scoreLevel: 9 },
    'a level between two': { level: 0.5 },
    'no tile in flight': { concurrency: 0 },
    'a target above all': { target: 1.5 },
    'a target that is no number': { target: Number.NaN },
    'a cost below nothing': { maxCost: -1 },
    'all looks for half of what they cost': { method: 'exhaustive', maxCost: 0.5 },
    'skipping by three': { subsample: 3 },
    'a seed between two': { seed: 1.5 },
    'tiles of 100 pixels': { tileSize: 100 },
  };

  it.each(Object.entries(wrong))('should always be refused before anything is written: %s', async (_, options) => {
    const path = output();
    expect(await refusalOf(flattenSlide(await stackPath('wrong'), path, options))).toMatchObject({ code: 'usage' });
    expect(namesIn(join(path, '..'))).toEqual([]);
  });

  it('should never hide defaults behind undefined', async () => {
    const input = await stackPath('undefined');
    const none = {
      method: 'exhaustive',
      seed: undefined,
      target: undefined,
      level: undefined,
      measure: undefined,
      format: undefined,
      concurrency: undefined,
    } as const;
    const { report } = await flattenSlide(input, output(), none);
    expect(report.options).toMatchObject({
      seed: 1,
      target: 0.999,
      level: 0,
      measure: 'box-difference',
      format: 'ome-tiff',
    });
  });
});

describe('channels and timepoints', () => {
  it('should only ever be flattened one at a time, with the planes that are sharp in it', async () => {
    const spec = {
      width: 150,
      height: 90,
      planes: 3,
      pixel: grey('uint16'),
      channels: 2,
      timepoints: 2,
      depth: depthByTile(64, 3),
    } as const;
    const stack = await writeStack(folder.folder('channels'), spec);
    for (const [channel, timepoint] of [
      [0, 0],
      [1, 0],
      [1, 1],
    ]) {
      const path = output();
      const { map } = await flattenSlide(stack.path, path, { method: 'exhaustive', channel, timepoint });
      expect(Array.from(map.planes)).toEqual([0, 0, 1, 0, 0, 1]);
      const flat = await openSlide(path);
      const tile = await flat.readTile({ level: 0, plane: 0, row: 0, column: 2 });
      expect(
        Buffer.compare(tile?.bytes ?? Buffer.alloc(0), stack.stored({ z: 1, c: channel, t: timepoint }, 0).chunks[2]),
      ).toBe(0);
      await flat.close();
    }
  });
});

describe('comparing methods', () => {
  it('should always hold each against the exhaustive one', async () => {
    const { report, maps } = await compareMethods(await stackPath('compared'), { method: 'quadtree' });
    expect(report.methods.map(({ method }) => method)).toEqual(['quadtree', 'exhaustive']);
    expect(maps).toHaveLength(2);
    const [, exhaustive] = report.methods;
    expect(exhaustive).toMatchObject({ accuracy: { agreement: 1, retained: 1 }, audit: null, plan: { cost: 1 } });
  });

  it('should always show the slide’s own pixels: the worst tiles on three planes, and a region before and after', async () => {
    const { report, worstTiles, region, grid } = await compareMethods(await stackPath('shown'), { method: 'quadtree' });
    expect(worstTiles).toHaveLength(report.worstTiles.length);
    for (const [i, { row, column }] of report.worstTiles.entries()) {
      const { width, height } = tileRect(grid, row, column);
      for (const picture of Object.values(worstTiles[i])) expect(picture).toMatchObject({ width, height });
    }
    // The slide is smaller than a region: all of it is shown.
    for (const picture of [region.middle, region.flattened]) {
      expect(picture).toMatchObject({ width: grid.width, height: grid.height });
      expect(Array.from(picture.jpeg.subarray(0, 2))).toEqual([0xff, 0xd8]);
    }
    for (const { plan } of report.methods) {
      expect(plan.looks.reduce((sum, { pixels }) => sum + pixels, 0)).toBe(plan.pixelsDecoded);
      for (const [reason, probes] of Object.entries(plan.probes)) {
        const byLevel = plan.looks.filter((look) => look.reason === reason);
        expect(byLevel.reduce((sum, look) => sum + look.probes, 0)).toBe(probes);
      }
    }
  });
});

describe('real slides', () => {
  const kinds = {
    'a synthetic one': ['synthetic-gravel', 'gravel-4096x5.ome.tiff'],
    'organoids, in strips': ['organoid-zstack'],
    'a circuit board, in JPEGs': ['pcb-zstack'],
  };
  for (const [name, files] of Object.entries(kinds)) {
    itWithData(files, `should always be flattened, and verified: ${name}`, async () => {
      const input = sharedData(...files);
      const path = output();
      const { report } = await flattenSlide(input, path);
      expect(report.accuracy.retained).toBeGreaterThan(0.99);
      expect(await verifySlide(input, path)).toMatchObject({ verified: true });
    });
  }
});
