// What is looked at in tiles that are copied as they are: sound ones pass, and what would mislead a reader never does.
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { writeStack } from '../../experiments/harness/fixtures/ome-stack.js';
import { grey, rgb, sharpPicture } from '../../experiments/harness/fixtures/pictures.js';
import { hasProgram } from '../../experiments/harness/fixtures/programs.js';
import { type Storage, storeChunks } from '../../experiments/harness/fixtures/stored-chunks.js';
import { flattenSlide } from '../../src/flatten-slide.js';
import { chooseStorage } from '../../src/output/level-storage.js';
import { makeTile } from '../../src/output/make-tile.js';
import { tileCheck } from '../../src/output/tile-check.js';
import type { TileEncoding } from '../../src/slide/encoded-tile.js';
import type { PixelFormat } from '../../src/slide/raster.js';
import { openSlide } from '../../src/slide-source/open-slide.js';
import { refusalOf } from '../fixtures/left-behind.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';

const folder = temporaryFolder();

const kinds: readonly (readonly [Storage, PixelFormat])[] = [
  [{ codec: 'raw' }, grey('uint16')],
  [{ codec: 'deflate', predictor: 2 }, rgb],
  [{ codec: 'lzw' }, rgb],
  [{ codec: 'jpeg', sampling: '4:4:4' }, rgb],
  [{ codec: 'jpeg', sampling: '4:2:0', sharedTables: true }, rgb],
  [{ codec: 'jpeg', sampling: 'grey' }, grey('uint8')],
  [{ codec: 'jpeg2000' }, rgb],
  ...(hasProgram('zstd') ? [[{ codec: 'zstd' }, rgb] as const] : []),
];

async function stored(storage: Storage, format: PixelFormat, seed: number) {
  // OpenJPEG's encoder takes none that is smaller.
  const raster = sharpPicture({ width: 40 + (seed % 24), height: 40 + (seed % 7) }, format, seed);
  const { chunks, tables } = await storeChunks([raster], storage, false);
  const { width, height } = raster;
  const photometric = format.channels === 1 ? 'black-is-zero' : storage.codec === 'jpeg' ? 'ycbcr' : 'rgb';
  const encoding: TileEncoding = {
    ...{ width, height, ...format, photometric },
    codec: storage.codec,
    predictor: storage.predictor ?? 1,
    bigEndian: false,
    subsampling: storage.sampling === '4:2:0' ? [2, 2] : [1, 1],
    jpegTables: tables,
  };
  return { bytes: chunks[0], encoding };
}

function outcome(encoding: TileEncoding, bytes: Uint8Array): string {
  // It lies among bytes of others.
  const room = Buffer.concat([Buffer.alloc(9, 0xff), bytes, Buffer.alloc(9, 0xff)]);
  try {
    tileCheck(encoding)(room, 9, 9 + bytes.length);
    return 'taken';
  } catch (error) {
    return (error as Error).message;
  }
}

describe.each(kinds)('tiles stored as %o', (storage, format) => {
  const { codec } = storage;
  const run = (check: (bytes: Uint8Array, encoding: TileEncoding) => void) =>
    fc.assert(
      fc.asyncProperty(fc.nat(), async (seed) => {
        const { bytes, encoding } = await stored(storage, format, seed);
        check(bytes, encoding);
      }),
      { numRuns: 12 },
    );

  it('should always be taken where they are sound', () =>
    run((bytes, encoding) => expect(outcome(encoding, bytes)).toBe('taken')));

  it('should never be taken without their start', () =>
    run((bytes, encoding) => {
      expect(outcome(encoding, bytes.subarray(0, 0))).not.toBe('taken');
      if (codec === 'raw') return;
      const other = Uint8Array.from(bytes);
      other[0] ^= 0x55;
      expect(outcome(encoding, other)).not.toBe('taken');
    }));

  it('should never be taken without their end, where the codec marks it', () =>
    run((bytes, encoding) => {
      if (codec !== 'jpeg' && codec !== 'jpeg2000' && codec !== 'raw') return;
      expect(outcome(encoding, bytes.subarray(0, -2))).not.toBe('taken');
    }));

  it('should never be taken for another size, where the stream says how large it is', () =>
    run((bytes, encoding) => {
      if (codec !== 'jpeg' && codec !== 'jpeg2000' && codec !== 'raw') return;
      expect(outcome({ ...encoding, height: encoding.height + 1 }, bytes)).not.toBe('taken');
    }));
});

describe('JPEG tiles', () => {
  it('should never be taken where they refer to tables that they lack', async () => {
    const { bytes, encoding } = await stored({ codec: 'jpeg', sampling: '4:2:0', sharedTables: true }, rgb, 1);
    expect(outcome(encoding, bytes)).toBe('taken');
    expect(outcome({ ...encoding, jpegTables: undefined }, bytes)).toMatch(/table .*missing/);
  });
});

describe('--check full', () => {
  const spec = { width: 200, height: 130, planes: 2, depth: () => 0, storage: { codec: 'deflate' } } as const;

  it('should always decode what is copied, and refuse what is damaged within, with its place', async () => {
    const rework = (chunk: Uint8Array, index: number, level: number) => {
      if (level !== 0 || index !== 5) return chunk;
      const bytes = Uint8Array.from(chunk);
      bytes[bytes.length >> 1] ^= 0xff;
      return bytes;
    };
    const { path } = await writeStack(folder.folder('damaged'), { ...spec, rework });
    const source = await openSlide(path);
    const [level] = source.info.levels;
    const storage = await chooseStorage(source, level, { mixed: false, missing: false });
    const copied = (column: number, check: 'quick' | 'full') =>
      makeTile({ source, level, storage, row: 1, column, check }, { uniform: true, plane: 1 });
    for (const check of ['quick', 'full'] as const) {
      const { tile, made } = await copied(0, check);
      expect([made, tile.bytes]).toEqual([
        'copied',
        (await source.readTile({ level: 0, plane: 1, row: 1, column: 0 }))?.bytes,
      ]);
    }
    expect((await copied(1, 'quick')).made).toBe('copied');
    expect(await refusalOf(copied(1, 'full'))).toMatchObject({
      code: 'damaged',
      place: { level: 0, plane: 1, row: 1, column: 1 },
    });
    await source.close();
  });

  it('should always write the same slide as without', async () => {
    const { path } = await writeStack(folder.folder('sound'), spec);
    const outputs = ['quick', 'full'].map((name) => folder.at(`${name}.ome.tif`));
    await flattenSlide(path, outputs[0], { check: 'quick' });
    await flattenSlide(path, outputs[1], { check: 'full' });
    expect(readFileSync(outputs[1]).equals(readFileSync(outputs[0]))).toBe(true);
  });
});
