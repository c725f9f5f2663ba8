// Planes stored without tiles (strips, or one JPEG or PNG a plane): each is retiled, and coarser levels are made, once, in a scratch
// file of uncompressed tiles. libvips, through sharp, streams the image: memory is bounded by rows of tiles.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ByteReader } from '../bytes/byte-reader.js';
import { openFile } from '../bytes/file-reader.js';
import { SlideError, throwIfAborted } from '../errors.js';
import type { Size } from '../slide/geometry.js';
import type { Level } from '../slide/pyramid.js';
import { bytesPerSample, type PixelFormat } from '../slide/raster.js';
import { defaultTileSize, layTileGrid, tileCount, tilePixels } from '../slide/tile-grid.js';
import { openTiff } from '../tiff/tiff-file.js';
import { type PlanePyramid, tiledPlane } from './plane-pyramid.js';
import { type RawSlice, sliceBytes, writeSlice } from './raw-slice.js';
import { ScratchDirectory } from './scratch-directory.js';
import { uncachedSharp } from './uncached-sharp.js';

export type StripImage = Size &
  PixelFormat & {
    readonly file: string;
    /** Index in the TIFF's main chain of directories; 0 for other files. */
    readonly page: number;
    /** Whether its codec loses anything. */
    readonly lossy: boolean;
    /** See PlanePyramid. */
    readonly orientation?: number | undefined;
    /** Length of the file. */
    readonly fileBytes: number;
    /** Set where no directory describes it. */
    readonly slice?: RawSlice;
  };

/** Bytes of pixels that a byte of a file can stand for, at most: zstd's runs of 128 kB take 4 (RFC 8878, 3.1.1.2). */
const greatestCompression = 32_768;

/** The planes of one slide that are stored in strips, and the scratch space they share. */
export class StripPlanes {
  readonly #tileSize: number;
  readonly #images: StripImage[] = [];
  readonly #readers: ByteReader[] = [];
  #scratch: Promise<ScratchDirectory> | undefined;
  #closed = false;

  /** `tileSize` in pixels, a multiple of 16. */
  constructor(tileSize = defaultTileSize) {
    this.#tileSize = tileSize;
  }

  /** A plane that is retiled when its first tile is asked for. */
  add(image: StripImage): PlanePyramid {
    checkPlausible(image);
    const name = `plane-${this.#images.push(image)}`;
    const levels = retiledLevels(image, this.#tileSize).map((level) => ({ ...level, encoding: this.#encoding(image) }));
    const lengths = levels.map((level) =>
      lazily(() => new Float64Array(tileCount(level.grid)).fill(tileBytes(image, level))),
    );
    let tiled: Promise<PlanePyramid> | undefined;
    return {
      file: image.file,
      levels,
      orientation: image.orientation,
      retiled: image.lossy ? 'lossy' : 'lossless',
      notes: [],
      tileLengths: (level) => lengths[level](),
      readTile: async (level, row, column, signal) => {
        throwIfAborted(signal);
        tiled ??= this.#retile(image, name);
        return (await tiled).readTile(level, row, column, signal);
      },
    };
  }

  /** Does not wait for planes that are being retiled: libvips can't be stopped, but what it still writes has no name any more. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(this.#readers.map((reader) => reader.close()));
    const scratch = await this.#scratch?.catch(() => undefined);
    await scratch?.remove();
  }

  async #retile(image: StripImage, name: string): Promise<PlanePyramid> {
    this.#scratch ??= ScratchDirectory.create(this.#scratchBytes());
    const path = join((await this.#scratch).path, `${name}.tif`);
    await this.#readable(image, path, (readable) => retile(readable, path, this.#tileSize));
    const reader = await openFile(path);
    if (this.#closed) {
      await reader.close();
      throw new SlideError('aborted', 'the slide was closed while it was retiled', { file: image.file });
    }
    this.#readers.push(reader);
    const { directories } = await openTiff(reader);
    return tiledPlane(reader, directories[0], directories.slice(1));
  }

  /** Works on an image that libvips can read: where no directory describes it, on a copy that is gone afterwards. */
  async #readable(image: StripImage, path: string, work: (image: StripImage) => Promise<void>): Promise<void> {
    if (!image.slice) return work(image);
    const copy = `${path}-slice`;
    await writeSlice(image.file, image, image.slice, copy);
    await work({ ...image, file: copy, page: 0 });
    await rm(copy);
  }

  #scratchBytes(): number {
    const copies = Math.max(0, ...this.#images.map((image) => (image.slice ? sliceBytes(image) : 0)));
    const bytes = (image: StripImage) =>
      retiledLevels(image, this.#tileSize).reduce(
        (sum, level) => sum + tileCount(level.grid) * tileBytes(image, level),
        0,
      );
    return this.#images.reduce((sum, image) => sum + bytes(image), copies);
  }

  #encoding({ channels, sample }: StripImage) {
    return {
      width: this.#tileSize,
      height: this.#tileSize,
      channels,
      sample,
      codec: 'raw',
      photometric: channels === 3 ? 'rgb' : 'black-is-zero',
      predictor: 1,
      bigEndian: false,
      subsampling: [1, 1],
    } as const;
  }
}

/** The refusal of a plane without tiles that lies on a server: all of it would have to be fetched before anything can be planned. */
export function stripsOnServer(file: string): SlideError {
  const hint = 'download the file and give its path';
  return new SlideError('unsupported', 'is stored in strips, not in tiles that could be fetched one by one', {
    file,
    hint,
  });
}

/** `damaged` where the image is larger than its file can be, before anything is allocated for it. */
function checkPlausible({ width, height, channels, sample, file, fileBytes }: StripImage): void {
  if (width * height * channels * bytesPerSample(sample) <= greatestCompression * fileBytes) return;
  const problem = `tells of ${width} x ${height} pixels, more than its ${fileBytes} bytes can hold`;
  throw new SlideError('damaged', problem, { file, hint: 'the file is damaged: copy it again' });
}

/** Makes a value when it is first asked for. */
function lazily<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

/** The pyramid that libvips makes: halves, rounded down, until one tile holds all, or a side is a single pixel. */
function retiledLevels(image: Size, tileSize: number): Level[] {
  const levels: Level[] = [];
  for (let { width, height } = image, level = 0; ; level++) {
    levels.push({ level, grid: layTileGrid({ width, height }, { width: tileSize, height: tileSize }) });
    if ((width <= tileSize && height <= tileSize) || width === 1 || height === 1) return levels;
    width >>= 1;
    height >>= 1;
  }
}

function tileBytes({ channels, sample }: PixelFormat, { grid }: Level): number {
  return tilePixels(grid) * channels * bytesPerSample(sample);
}

async function retile(image: StripImage, path: string, tileSize: number): Promise<void> {
  const space = image.channels === 3 ? 'srgb' : image.sample === 'uint16' ? 'grey16' : 'b-w';
  // Pixels as they are: no colour management, and no limit but the disk.
  const input = { page: image.page, sequentialRead: true, ignoreIcc: true, limitInputPixels: false } as const;
  const tiff = { tile: true, tileWidth: tileSize, tileHeight: tileSize, pyramid: true, bigtiff: true } as const;
  const sharp = await uncachedSharp();
  try {
    const pixels = sharp(image.file, { ...input, failOn: 'warning' })
      .removeAlpha()
      .toColourspace(space);
    await pixels.tiff({ ...tiff, compression: 'none', predictor: 'none' }).toFile(path);
  } catch (cause) {
    const { message } = cause as Error;
    if (/no space left/i.test(message)) {
      const hint = 'let TMPDIR point at a larger disk';
      throw new SlideError('output', 'no space left to retile a plane', { file: path, cause, hint });
    }
    const problem = `its pixels can't be decoded: ${message.trim().split('\n')[0]}`;
    throw new SlideError('damaged', problem, { file: image.file, cause, hint: 'the file is damaged: copy it again' });
  }
}
