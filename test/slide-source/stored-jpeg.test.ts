// JPEG tiles whose header and streams disagree on colours, or whose streams do not end as they should.
import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { depthByTile, type StackSpec, writeStack } from '../../experiments/harness/fixtures/ome-stack.js';
import { cut, greatestDifference, halved, meanDifference } from '../../experiments/harness/fixtures/pictures.js';
import { type } from '../../experiments/harness/fixtures/tiff-bytes.js';
import { verifySlide } from '../../src/api/verify-slide.js';
import { openFile } from '../../src/bytes/file-reader.js';
import { decodeTile, decodeTileLuma } from '../../src/codecs/codec.js';
import { flattenSlide } from '../../src/flatten-slide.js';
import type { EncodedTile } from '../../src/slide/encoded-tile.js';
import type { Raster } from '../../src/slide/raster.js';
import { openSlide } from '../../src/slide-source/open-slide.js';
import type { TiffDirectory } from '../../src/tiff/tiff-directory.js';
import { openTiff } from '../../src/tiff/tiff-file.js';
import { refusalOf } from '../fixtures/left-behind.js';
import { readWithSharp } from '../fixtures/other-decoders.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';

const folder = temporaryFolder();

const tile = { width: 64, height: 64 };
const photometric = { rgb: 2, ycbcr: 6 } as const;

/** A stack of JPEG tiles under a header that says these colours. */
function stackOf(name: string, says: keyof typeof photometric, overrides: Partial<StackSpec>) {
  const field = { tag: 262, type: type.short, values: [photometric[says]] };
  return writeStack(folder.at(name), {
    planes: 2,
    width: 150,
    height: 100,
    depth: depthByTile(64, overrides.planes ?? 2),
    change: () => [field],
    ...overrides,
  });
}

/** The stream with an Adobe marker of this transform in the place of its JFIF marker. */
function adobe(stream: Uint8Array, transform: number): Uint8Array {
  const marker = [0xff, 0xee, 0, 14, ...Buffer.from('Adobe'), 0, 100, 0, 0, 0, 0, transform];
  const jfif = stream[3] === 0xe0 ? 2 + 2 + 256 * stream[4] + stream[5] : 2;
  return Buffer.concat([stream.subarray(0, 2), Uint8Array.from(marker), stream.subarray(jfif)]);
}

async function decodedBySharp(stream: Uint8Array): Promise<Raster> {
  const { data, info } = await sharp(stream).raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, channels: 3, sample: 'uint8', data };
}

async function directoriesOf(path: string): Promise<{ directories: readonly TiffDirectory[]; bytes: Buffer }> {
  const reader = await openFile(path);
  const { directories } = await openTiff(reader);
  await reader.close();
  return { directories, bytes: await readFile(path) };
}

describe('a header and JPEG streams that disagree on colours', () => {
  it('should always take subsampled chroma for YCbCr, and say so', async () => {
    for (const sampling of ['4:2:0', '4:2:2'] as const) {
      const stack = await stackOf(sampling, 'rgb', { storage: { codec: 'jpeg', sampling, quality: 95 } });
      const source = await openSlide(stack.path);
      expect(source.info.encoding).toMatchObject({
        photometric: 'ycbcr',
        subsampling: sampling === '4:2:0' ? [2, 2] : [2, 1],
      });
      expect(source.info.notes).toEqual([expect.stringMatching(/header says RGB.*taken as YCbCr/)]);
      const read = (await source.readTile({ level: 0, plane: 1, row: 0, column: 0 })) as EncodedTile;
      const pixels = await decodeTile(read);
      expect(meanDifference(pixels.data, cut(stack.picture({ z: 1, c: 0, t: 0 }, 0), 0, 0, tile).data)).toBeLessThan(
        25,
      );
      expect(greatestDifference(pixels, await decodedBySharp(read.bytes))).toBeLessThan(2);
      await source.close();
      const output = folder.at(`${sampling}.ome.tif`);
      await flattenSlide(stack.path, output);
      const { directories } = await directoriesOf(output);
      expect(directories.map((directory) => directory.photometric)).toEqual(directories.map(() => 6));
      await verifySlide(stack.path, output);
    }
  });

  it('should always let the header govern where chroma is not subsampled, at every level, and say so', async () => {
    const storage = { codec: 'jpeg', sampling: '4:4:4', quality: 95 } as const;
    const stack = await stackOf('jfif', 'rgb', { storage, pyramid: 'none', planes: 1 });
    const source = await openSlide(stack.path);
    expect(source.info.encoding).toMatchObject({ photometric: 'rgb', subsampling: [1, 1] });
    expect(source.info.notes).toEqual([expect.stringMatching(/JFIF.*taken as RGB/)]);
    const read = (await source.readTile({ level: 0, plane: 0, row: 0, column: 1 })) as EncodedTile;
    const samples = await decodedBySharp(adobe(read.bytes, 0));
    expect(greatestDifference(await decodeTile(read), samples)).toBe(0);
    await source.close();
    const output = folder.at('jfif.ome.tif');
    await flattenSlide(stack.path, output);
    const [finest, half] = [
      await readWithSharp({ path: output, page: 0 }),
      await readWithSharp({ path: output, page: 1 }),
    ];
    expect(greatestDifference(cut(finest, 64, 0, tile), samples)).toBeLessThan(2);
    expect(meanDifference(half.data, halved(finest, 'down').data)).toBeLessThan(3);
  });

  it('should always believe an Adobe marker', async () => {
    const marked = (transform: number) => (chunk: Uint8Array) => adobe(chunk, transform);
    const sampling = '4:4:4' as const;
    const ycbcr = await stackOf('adobe 1', 'rgb', { storage: { codec: 'jpeg', sampling }, rework: marked(1) });
    const rgb = await stackOf('adobe 0', 'ycbcr', { storage: { codec: 'jpeg', sampling: 'rgb' }, rework: marked(0) });
    for (const [stack, colours] of [
      [ycbcr, 'ycbcr'],
      [rgb, 'rgb'],
    ] as const) {
      const source = await openSlide(stack.path);
      expect(source.info.encoding.photometric).toBe(colours);
      expect(source.info.notes).toEqual([expect.stringMatching(/header says/)]);
      const read = (await source.readTile({ level: 0, plane: 0, row: 0, column: 0 })) as EncodedTile;
      const picture = cut(stack.picture({ z: 0, c: 0, t: 0 }, 0), 0, 0, tile);
      expect(meanDifference((await decodeTile(read)).data, picture.data)).toBeLessThan(12);
      await source.close();
      const output = folder.at(`${colours}.ome.tif`);
      await flattenSlide(stack.path, output);
      const { directories } = await directoriesOf(output);
      expect(directories[0].photometric).toBe(photometric[colours]);
    }
  });

  it('should always refuse RGB whose chroma is subsampled: header and stream contradict each other', async () => {
    const storage = { codec: 'jpeg', sampling: '4:2:0' } as const;
    const stack = await stackOf('rgb 420', 'rgb', { storage, rework: (chunk) => adobe(chunk, 0) });
    const refusal = await refusalOf(openSlide(stack.path));
    expect([refusal.code, refusal.message]).toEqual([
      'contradictory',
      expect.stringMatching(/RGB.*subsampled.*convert/),
    ]);
  });

  it('should never say anything where they agree', async () => {
    for (const [name, sampling] of [
      ['rgb', 'rgb'],
      ['ycbcr', '4:2:0'],
      ['ycbcr', '4:4:4'],
    ] as const) {
      const stack = await stackOf(`${name} ${sampling}`, name, { storage: { codec: 'jpeg', sampling } });
      const source = await openSlide(stack.path);
      expect(source.info.notes).toEqual([]);
      expect(source.info.encoding.photometric).toBe(name);
      await source.close();
    }
  });
});

describe('JPEG streams without an end marker', () => {
  /** Ways in which streams end; the stream itself where it is whole. */
  const endings: Record<string, { rework: (chunk: Uint8Array) => Uint8Array; says: boolean }> = {
    'without EOI': { rework: (chunk) => chunk.subarray(0, -2), says: true },
    'with half of it': { rework: (chunk) => chunk.subarray(0, -1), says: true },
    'with fill bytes for it': {
      rework: (chunk) => Buffer.concat([chunk.subarray(0, -2), Buffer.alloc(3, 255)]),
      says: true,
    },
    'filled up with zeros': { rework: (chunk) => Buffer.concat([chunk, Buffer.alloc(3)]), says: false },
    'with something behind': { rework: (chunk) => Buffer.concat([chunk, Buffer.from('behind')]), says: false },
  };

  for (const [name, { rework, says }] of Object.entries(endings)) {
    for (const storage of [
      { codec: 'jpeg', sampling: '4:2:0', sharedTables: true },
      { codec: 'jpeg', sampling: '4:4:4' },
    ] as const) {
      it(`should always end in the result, ${name}, ${storage.sampling}`, async () => {
        const whole = new Map<string, Uint8Array>();
        const kept = (chunk: Uint8Array, index: number, level: number) => {
          whole.set(`${level}:${index}:${whole.size}`, chunk);
          return rework(chunk);
        };
        const stack = await stackOf(`${name} ${storage.sampling}`, 'ycbcr', { storage, rework: kept });
        const source = await openSlide(stack.path);
        expect(source.info.notes.some((note) => /EOI/.test(note))).toBe(says);
        const read = (await source.readTile({ level: 1, plane: 1, row: 0, column: 0 })) as EncodedTile;
        expect(await decodeTile(read)).toMatchObject(tile);
        expect(await decodeTileLuma(read)).toMatchObject(tile);
        await source.close();
        const output = folder.at(`${name} ${storage.sampling}.ome.tif`);
        const { report } = await flattenSlide(stack.path, output, { grain: 'tile' });
        expect(report.output?.tilesCopied).toBeGreaterThan(0);
        await verifySlide(stack.path, output);
        const { directories, bytes } = await directoriesOf(output);
        for (const { chunks } of directories) {
          for (const [index, offset] of Array.from(chunks.offsets).entries()) {
            const stream = bytes.subarray(offset, offset + chunks.byteCounts[index]);
            let end = stream.length;
            while (stream[end - 1] === 0) end--;
            expect(stream.subarray(end - 2, end).toString('hex')).toBe('ffd9');
          }
        }
      });
    }
  }

  it('should always be found where only some tiles lack it', async () => {
    const storage = { codec: 'jpeg', sampling: '4:2:0' } as const;
    const rework = (chunk: Uint8Array, index: number) => (index % 2 === 1 ? chunk.subarray(0, -2) : chunk);
    const stack = await stackOf('some', 'ycbcr', { storage, rework, pyramid: 'none', planes: 1 });
    const output = folder.at('some.ome.tif');
    await flattenSlide(stack.path, output);
    const { directories, bytes } = await directoriesOf(output);
    const [{ chunks }] = directories;
    for (const [index, offset] of Array.from(chunks.offsets).entries()) {
      const end = offset + chunks.byteCounts[index];
      expect(bytes.subarray(end - 2, end).toString('hex')).toBe('ffd9');
    }
  });

  it('should always be refused where the scan itself is cut short', async () => {
    for (const storage of [
      { codec: 'jpeg', sampling: '4:2:0' },
      { codec: 'jpeg', sampling: 'rgb' },
    ] as const) {
      const rework = (chunk: Uint8Array, index: number) => (index === 2 ? chunk.subarray(0, -40) : chunk);
      const says = storage.sampling === 'rgb' ? 'rgb' : 'ycbcr';
      const stack = await stackOf(`cut ${storage.sampling}`, says, { storage, rework, pyramid: 'none', planes: 1 });
      const refusal = await refusalOf(flattenSlide(stack.path, folder.at('cut.ome.tif')));
      expect(refusal.code).toBe('damaged');
      expect(refusal.message).toMatch(/row 0, column 2/);
    }
  });

  it('should always be ended in progressive streams too, and refused where those are cut short', async () => {
    const progressive = new Map<number, Uint8Array>();
    const sizes = { width: 128, height: 64, planes: 1, pyramid: 'none' } as const;
    for (const [index, colour] of ['#824', '#284'].entries()) {
      const noise = {
        create: {
          width: 64,
          height: 64,
          channels: 3 as const,
          background: colour,
          noise: { type: 'gaussian' as const, mean: 120, sigma: 40 },
        },
      };
      progressive.set(index, await sharp(noise).jpeg({ progressive: true, quality: 90 }).toBuffer());
    }
    const storage = { codec: 'jpeg', sampling: '4:2:0' } as const;
    const cutBy = (bytes: number) => (_: Uint8Array, index: number) =>
      (progressive.get(index) as Uint8Array).subarray(0, -bytes);
    const whole = await stackOf('progressive', 'ycbcr', { ...sizes, storage, rework: cutBy(2) });
    const output = folder.at('progressive.ome.tif');
    await flattenSlide(whole.path, output);
    const { directories, bytes } = await directoriesOf(output);
    const end = directories[0].chunks.offsets[0] + directories[0].chunks.byteCounts[0];
    expect(bytes.subarray(directories[0].chunks.offsets[0], end)).toEqual(progressive.get(0));
    const short = await stackOf('progressive cut', 'ycbcr', { ...sizes, storage, rework: cutBy(900) });
    const refusal = await refusalOf(flattenSlide(short.path, folder.at('progressive cut.ome.tif')));
    expect(refusal.code).toBe('damaged');
  });
});

describe('JPEG strips', () => {
  const strips = { tile: undefined, rowsPerStrip: 32, pyramid: 'none' } as const;

  it('should never be called damaged where they are sound: refused as not read, or read and said', async () => {
    const whole = { codec: 'jpeg', sampling: '4:2:0' } as const;
    const ycbcr = await stackOf('strips 420', 'rgb', { ...strips, storage: whole });
    const endless = await stackOf('strips eoi', 'ycbcr', {
      ...strips,
      storage: whole,
      rework: (chunk) => chunk.subarray(0, -2),
    });
    for (const { path } of [ycbcr, endless]) {
      const refusal = await refusalOf(openSlide(path));
      expect([refusal.code, refusal.message]).toEqual([
        'unsupported',
        expect.stringMatching(/strips.*save it in tiles/),
      ]);
    }
    const storage = { codec: 'jpeg', sampling: '4:4:4' } as const;
    const rgb = await openSlide((await stackOf('strips 444', 'rgb', { ...strips, storage })).path);
    expect(rgb.info.notes).toEqual([expect.stringMatching(/JFIF.*taken as RGB/)]);
    await rgb.close();
  });
});
