// Chunks that are missing: counted and said, and never taken for pixels that were retained.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { grey } from '../../../experiments/harness/fixtures/pictures.js';
import { run } from '../../../experiments/harness/fixtures/programs.js';
import { rangeServer } from '../../../experiments/harness/fixtures/range-server.js';
import { type WrittenZarr, writeZarr, type ZarrSpec } from '../../../experiments/harness/fixtures/zarr-slide.js';
import { decodeTile } from '../../../src/codecs/codec.js';
import { flattenSlide } from '../../../src/flatten-slide.js';
import type { EngineEvent } from '../../../src/pipeline/engine-event.js';
import type { EncodedTile } from '../../../src/slide/encoded-tile.js';
import { openSlide } from '../../../src/slide-source/open-slide.js';
import { refusalOf } from '../../fixtures/left-behind.js';
import { serveFolder } from '../../fixtures/served-folder.js';
import { temporaryFolder } from '../../fixtures/temporary-folder.js';

const folder = temporaryFolder();
const small = {
  width: 128,
  height: 96,
  planes: 3,
  levels: 2,
  pixel: grey('uint8'),
  channels: [],
  chunk: { c: 1, z: 1, y: 32, x: 32 },
} as const;
let count = 0;

function written(spec: Partial<ZarrSpec> = {}): Promise<WrittenZarr> {
  return writeZarr(folder.at(`in-${count++}.zarr`), { ...small, ...spec });
}

function changeArray({ folder: place, spec }: WrittenZarr, change: object): void {
  const file = join(place, '0', spec.version === '0.4' ? '.zarray' : 'zarr.json');
  writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), ...change }));
}

const chunkAt = (image: WrittenZarr, plane: number, row: number, column: number, level = 0) =>
  join(image.folder, String(level), '0', '0', String(plane), String(row), String(column));

/** Flattens; answers the map, the tile that result and plane show, and all notes. */
async function flattened(input: string) {
  const output = folder.at(`flat-${count++}.ome.tif`);
  const told: string[] = [];
  const onEvent = (event: EngineEvent) => {
    if (event.type === 'note') told.push(event.text);
  };
  const { map, report } = await flattenSlide(input, output, {
    method: 'exhaustive',
    tileSize: 32,
    network: { retryWaitMs: 1 },
    onEvent,
  });
  const result = await openSlide(output);
  const { data } = await decodeTile((await result.readTile({ level: 0, plane: 0, row: 0, column: 0 })) as EncodedTile);
  await result.close();
  return { map, report, told, tile: data };
}

async function tileOf(input: string, plane: number) {
  const source = await openSlide(input, { tileSize: 32 });
  const { data } = await decodeTile((await source.readTile({ level: 0, plane, row: 0, column: 0 })) as EncodedTile);
  await source.close();
  return data;
}

describe('missing chunks', () => {
  it('should always be counted, wherever they are, and the tiles that they leave out', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.tuple(fc.nat(2), fc.nat(2), fc.nat(3)), { selector: String, maxLength: 35 }),
        fc.constantFrom<Partial<ZarrSpec>>(
          {},
          { separator: '.' },
          { version: '0.5' },
          { version: '0.5', separator: '.' },
        ),
        async (gone, spec) => {
          const image = await written({ ...spec, levels: 1 });
          const name = (place: readonly number[]) =>
            [...(spec.version ? ['c'] : []), 0, 0, ...place].join(spec.separator ?? '/');
          for (const place of gone) rmSync(join(image.folder, '0', name(place)));
          const source = await openSlide(image.folder, { tileSize: 32 });
          const places = new Set(gone.map(([plane, row, column]) => `${plane} ${row} ${column}`));
          for (const [plane, row, column] of [0, 1, 2].flatMap((z) =>
            [0, 1, 2].flatMap((y) => [0, 1, 2, 3].map((x) => [z, y, x])),
          )) {
            expect(source.hasTile({ level: 0, plane, row, column })).toBe(!places.has(`${plane} ${row} ${column}`));
          }
          const blank = [0, 1, 2].flatMap((y) =>
            [0, 1, 2, 3].filter((x) => [0, 1, 2].every((z) => places.has(`${z} ${y} ${x}`))),
          ).length;
          const notes = source.info.notes.join('\n');
          if (gone.length === 0) expect(notes).toBe('');
          else {
            expect(notes).toContain(`${gone.length} of 36 chunk files of level 0 are missing`);
            expect(notes).toContain(`${gone.length} of 36 tiles are missing in the slide; ${blank} places`);
          }
          await source.close();
        },
      ),
      { numRuns: 25 },
    );
  });

  it('should never be shown where another plane has the tile, and never counted as what was retained', async () => {
    const image = await written({ levels: 1, depth: () => 1 });
    const sharp = await tileOf(image.folder, 1);
    expect((await flattened(image.folder)).tile).toEqual(sharp);
    // The sharp plane lacks it: its neighbour is shown, though it is blurred.
    rmSync(chunkAt(image, 1, 0, 0));
    const { tile, report, told } = await flattened(image.folder);
    expect([await tileOf(image.folder, 0), await tileOf(image.folder, 2)]).toContainEqual(tile);
    expect(report.slide.notes.join('\n')).toMatch(/1 of 36 chunk files/);
    expect(report.accuracy.retained).toBe(1);
    expect(told).toEqual(report.slide.notes);
  });

  it('should always show the fill value where no plane has the tile', async () => {
    const image = await written({ levels: 1 });
    changeArray(image, { fill_value: 200 });
    for (const plane of [0, 1, 2]) rmSync(chunkAt(image, plane, 0, 0));
    expect(new Set((await flattened(image.folder)).tile)).toEqual(new Set([200]));
  });

  it('should always be refused where the metadata names no fill value: then nobody knows what is to be seen', async () => {
    const image = await written({ levels: 1 });
    changeArray(image, { fill_value: null });
    rmSync(chunkAt(image, 1, 0, 0));
    expect(await refusalOf(flattened(image.folder))).toMatchObject({
      code: 'damaged',
      problem: expect.stringMatching(/no fill value/),
    });
  });

  it('should always be refused where all are missing: a slide of which only the metadata was copied', async () => {
    const image = await written({ levels: 1 });
    rmSync(join(image.folder, '0', '0'), { recursive: true });
    expect(await refusalOf(openSlide(image.folder))).toMatchObject({
      code: 'damaged',
      problem: expect.stringMatching(/none of its 36 chunks/),
    });
  });

  it('should always be said after they were read where nothing can be listed, and other planes shown instead', async () => {
    const server = rangeServer();
    await server.listen();
    try {
      const image = await written({ levels: 1, depth: () => 1 });
      rmSync(chunkAt(image, 1, 0, 0));
      const { tile, told, report } = await flattened(await serveFolder(server, image.folder, 'a.zarr'));
      expect([await tileOf(image.folder, 0), await tileOf(image.folder, 2)]).toContainEqual(tile);
      expect(told).toContainEqual(expect.stringMatching(/^1 chunks that were read are missing/));
      expect(report.slide.notes).toContainEqual(expect.stringMatching(/^1 chunks that were read are missing/));
    } finally {
      await server.close();
    }
  });

  it('should always be said of shards, too', async () => {
    const image = await written({ levels: 1, version: '0.5', shard: 2 });
    const shards = image.chunkFiles.length;
    rmSync(image.chunkFiles[0]);
    const source = await openSlide(image.folder);
    expect(source.info.notes.join('\n')).toContain(`1 of ${shards} chunk files of level 0 are missing`);
    await source.close();
  });
});

describe('what stands where a chunk should be', () => {
  it('should never be a separator that Zarr does not know', async () => {
    for (const separator of ['-', '', 7, '//', {}, 'x'.repeat(1000)]) {
      const old = await written();
      changeArray(old, { dimension_separator: separator });
      const v3 = await written({ version: '0.5' });
      changeArray(v3, { chunk_key_encoding: { name: 'default', configuration: { separator } } });
      for (const image of [old, v3]) {
        const refusal = await refusalOf(openSlide(image.folder));
        expect(refusal).toMatchObject({ code: 'contradictory', problem: expect.stringMatching(/separated by/) });
        expect(refusal.message.length).toBeLessThan(400);
      }
    }
    const other = await written({ version: '0.5' });
    changeArray(other, { chunk_key_encoding: { name: 'own' } });
    expect(await refusalOf(openSlide(other.folder))).toMatchObject({ code: 'unsupported' });
  });

  it('should never be a pipe or a folder', async () => {
    for (const replace of [(path: string) => run('mkfifo', path), async (path: string) => mkdirSync(path)]) {
      const image = await written({ levels: 1 });
      const chunk = chunkAt(image, 0, 0, 0);
      rmSync(chunk);
      await replace(chunk);
      const reading = async () => {
        const source = await openSlide(image.folder, { tileSize: 32 });
        await source.readTile({ level: 0, plane: 0, row: 0, column: 0 }).finally(() => source.close());
      };
      expect(await refusalOf(reading())).toMatchObject({
        code: 'damaged',
        problem: expect.stringMatching(/no regular file/),
      });
    }
  });
});
