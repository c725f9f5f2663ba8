import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rgb, sharpPicture } from '../../experiments/harness/fixtures/pictures.js';
import { decodeTile } from '../../src/codecs/codec.js';
import { JpegTile } from '../../src/jpeg/jpeg-tile.js';
import { mcuChoice } from '../../src/jpeg/mcu-choice.js';
import { verifyQuilt } from '../../src/jpeg/verify-quilt.js';
import { chooseStorage } from '../../src/output/level-storage.js';
import { type MadeTile, makeTile } from '../../src/output/make-tile.js';
import type { SlideSource } from '../../src/slide/slide-source.js';
import type { TilePlanes } from '../../src/slide/tile-planes.js';
import { encodeJpeg, type JpegSlideSpec, jpegSlide, jpegTileSide } from '../fixtures/jpeg-slide.js';
import { cjpeg, hasCjpeg, texture } from '../jpeg/sample-streams.js';

const planes = 3;
const blocksAcross = 4;
const spec: JpegSlideSpec = { width: 128, height: 64, planes, levels: 1, seed: 4 };

/** Blocks of a tile, at least two planes among them. */
const blockMaps = fc
  .array(fc.nat(planes - 1), { minLength: 16, maxLength: 16 })
  .filter((blocks) => new Set(blocks).size > 1)
  .map((blocks) => Uint16Array.from(blocks));

function mixed(blocks: ArrayLike<number>): TilePlanes {
  return { uniform: false, blocks: Uint16Array.from(blocks), columns: blocksAcross, side: 16 };
}

/** Makes the tile in column 1 (the level's storage is chosen by that in column 0). */
async function make(source: SlideSource, planesShown: TilePlanes): Promise<MadeTile> {
  const [level] = source.info.levels;
  const storage = await chooseStorage(source, level, { mixed: !planesShown.uniform, missing: false });
  return makeTile({ source, level, storage, row: 0, column: 1 }, planesShown);
}

/** A slide whose tile in column 1 is changed on some planes. */
function changed(change: (plane: number, bytes: Uint8Array) => Uint8Array | undefined): SlideSource {
  return jpegSlide({ ...spec, change: ({ plane, column }, bytes) => (column === 1 ? change(plane, bytes) : bytes) });
}

async function stored(source: SlideSource, plane: number): Promise<Uint8Array> {
  return (await source.readTile({ level: 0, plane, row: 0, column: 1 }))?.bytes as Uint8Array;
}

/** The blocks after those of lost planes went to the plane that most of the others have, the lowest on a tie. */
function without(blocks: Uint16Array, lost: readonly number[]): Uint16Array {
  const counts = Array.from({ length: planes }, (_, plane) =>
    lost.includes(plane) ? -1 : blocks.filter((other) => other === plane).length,
  );
  const most = counts.indexOf(Math.max(...counts));
  return blocks.map((plane) => (lost.includes(plane) ? most : plane));
}

async function expectQuiltOf(source: SlideSource, { tile, quiltOf }: MadeTile, blocks: Uint16Array): Promise<void> {
  const used = [...new Set(blocks)];
  if (used.length === 1) return;
  expect(quiltOf?.blocks).toEqual(blocks);
  const tiles = await Promise.all(used.map(async (plane) => new JpegTile(await stored(source, plane))));
  const result = new JpegTile(tile.bytes);
  const choice = mcuChoice(
    result.header,
    Uint8Array.from(blocks, (plane) => used.indexOf(plane)),
    blocksAcross,
  );
  expect(verifyQuilt(result, tiles, choice)).toBeUndefined();
}

describe('makeTile', () => {
  it("should always copy a tile of one plane, byte for byte, whatever the level's other tiles are", async () => {
    const source = jpegSlide(spec);
    for (let plane = 0; plane < planes; plane++) {
      const { tile, made } = await make(source, { uniform: true, plane });
      expect([made, Buffer.compare(tile.bytes, await stored(source, plane))]).toEqual(['copied', 0]);
    }
  });

  it('should always quilt a tile of several planes from their own MCUs', async () => {
    const source = jpegSlide(spec);
    await fc.assert(
      fc.asyncProperty(blockMaps, async (blocks) => {
        await expectQuiltOf(source, await make(source, mixed(blocks)), blocks);
      }),
      { numRuns: 60 },
    );
  });

  it('should always give blocks of planes that lack the tile, or whose stream is broken, to one that has it', async () => {
    const breakages: Record<string, (bytes: Uint8Array) => Uint8Array | undefined> = {
      missing: () => undefined,
      'cut off': (bytes) => bytes.subarray(0, bytes.length - 60),
      'cut off in its header': (bytes) => bytes.subarray(0, 200),
    };
    const sources = Object.entries(breakages).flatMap(([how, change]) =>
      [0, 1, 2].map((lost) => ({
        how,
        lost,
        source: changed((plane, bytes) => (plane === lost ? change(bytes) : bytes)),
      })),
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...sources), blockMaps, async ({ source, lost, how }, blocks) => {
        const result = await make(source, mixed(blocks));
        const left = without(blocks, blocks.includes(lost) ? [lost] : []);
        await expectQuiltOf(source, result, left);
        const whole = how === 'missing' || !blocks.includes(lost);
        if (new Set(left).size > 1) {
          expect(result.made).toBe(whole ? 'quilted' : 'not mixed in full: damaged');
        } else {
          expect(Buffer.compare(result.tile.bytes, await stored(source, left[0]))).toBe(0);
          expect(result.made).toBe(whole ? 'copied' : 'not mixed: damaged');
        }
      }),
      { numRuns: 60 },
    );
  });

  it('should always take the nearest plane where a tile of one plane is missing, and say so where all are', async () => {
    const only = (kept: readonly number[]) => changed((plane, bytes) => (kept.includes(plane) ? bytes : undefined));
    const { tile, made } = await make(only([0, 2]), { uniform: true, plane: 1 });
    expect([made, Buffer.compare(tile.bytes, await stored(only([0, 2]), 0))]).toEqual(['copied', 0]);
    const near = await make(only([0, 1]), { uniform: true, plane: 2 });
    expect(Buffer.compare(near.tile.bytes, await stored(only([0, 1]), 1))).toBe(0);
    const far = await make(only([2]), { uniform: true, plane: 0 });
    expect(Buffer.compare(far.tile.bytes, await stored(only([2]), 2))).toBe(0);
    for (const shown of [{ uniform: true, plane: 1 } as const, mixed(Array(16).fill(0).fill(2, 5))]) {
      const blank = await make(only([]), shown);
      expect(blank.made).toBe('tile missing in the source');
      expect(new Set((await decodeTile(blank.tile)).data)).toEqual(new Set([255]));
    }
  });

  it('should always say which plane it was where none is sound', async () => {
    const source = changed((_, bytes) => bytes.subarray(0, 200));
    await expect(make(source, mixed(Array(16).fill(0).fill(1, 9)))).rejects.toMatchObject({
      code: 'damaged',
      place: { file: 'memory', level: 0, row: 0, column: 1, plane: expect.any(Number) },
    });
  });

  describe('shows the plane that most blocks have, and says why, where a tile', () => {
    const pixels = sharpPicture({ width: jpegTileSide, height: jpegTileSide }, rgb, 9);
    const other = { ...texture(jpegTileSide, jpegTileSide, 3, 9) };
    const reasons: Record<string, () => Uint8Array> = {
      quantisation: () => encodeJpeg(pixels, 60),
      ...(hasCjpeg && {
        sampling: () => cjpeg(other, { quality: 80, sampling: '422' }),
        coding: () => cjpeg(other, { quality: 80, sampling: '420', process: 'progressive' }),
      }),
    };
    it.each(Object.entries(reasons))('has another %s', async (reason, encode) => {
      const foreign = encode();
      const source = changed((plane, bytes) => (plane === 2 ? foreign : bytes));
      await fc.assert(
        fc.asyncProperty(blockMaps, async (blocks) => {
          const result = await make(source, mixed(blocks)).catch((error: unknown) => error as Error);
          const counts = [0, 1, 2].map((plane) => blocks.filter((own) => own === plane).length);
          const most = counts.indexOf(Math.max(...counts));
          if (counts[2] === 0) {
            await expectQuiltOf(source, result as MadeTile, blocks);
          } else if (most === 2 && reason === 'sampling') {
            // A level has one sampling: where most blocks are of the foreign tile, nothing can stand in for it.
            expect(result).toMatchObject({ code: 'damaged' });
          } else {
            const { tile, made } = result as MadeTile;
            expect([made, Buffer.compare(tile.bytes, await stored(source, most))]).toEqual([`not mixed: ${reason}`, 0]);
          }
        }),
        { numRuns: 25 },
      );
    });
  });

  it('should always encode mixed tiles once, through pixels, where the planes of a level can not be mixed', async () => {
    const qualities = [80, 70, 60];
    const source = jpegSlide({
      ...spec,
      change: ({ plane, column }) =>
        encodeJpeg(
          sharpPicture({ width: jpegTileSide, height: jpegTileSide }, rgb, 10 * plane + column),
          qualities[plane],
        ),
    });
    const { made } = await make(source, mixed(Array(16).fill(0).fill(1, 9)));
    expect(made).toBe('mixed planes');
    const copied = await make(source, { uniform: true, plane: 2 });
    expect([copied.made, Buffer.compare(copied.tile.bytes, await stored(source, 2))]).toEqual(['copied', 0]);
  });

  it('should always make the same tile again, whatever was made before or meanwhile', async () => {
    const source = jpegSlide(spec);
    await fc.assert(
      fc.asyncProperty(fc.array(blockMaps, { minLength: 2, maxLength: 6 }), fc.scheduler(), async (maps, scheduler) => {
        const alone: Uint8Array[] = [];
        for (const blocks of maps) alone.push((await make(source, mixed(blocks))).tile.bytes);
        const slow: SlideSource = { ...source, readTile: (address) => scheduler.schedule(source.readTile(address)) };
        const together = await scheduler.waitFor(Promise.all(maps.map((blocks) => make(slow, mixed(blocks)))));
        expect(together.map(({ tile }, i) => Buffer.compare(tile.bytes, alone[i]))).toEqual(maps.map(() => 0));
      }),
      { numRuns: 20 },
    );
  });
});
