// One TIFF directory (IFD) as a plain record, every field of the type it should have.
import type { ImageFileDirectory } from 'geotiff';
import { SlideError } from '../errors.js';
import type { Size } from '../slide/geometry.js';
import { layTileGrid, type TileGrid } from '../slide/tile-grid.js';
import { tag } from './tags.js';

/** Tiles or strips, whichever the image is stored in: strips are tiles as wide as the image. */
export type Chunks = Size & {
  readonly tiled: boolean;
  readonly offsets: ArrayLike<number>;
  readonly byteCounts: ArrayLike<number>;
};

export type TiffDirectory = Size & {
  /** The file it is in and where it starts there. */
  readonly file: string;
  readonly offset: number;
  /** NewSubfileType, bit 0: a reduced version of another image. */
  readonly reduced: boolean;
  readonly subfileType: number;
  readonly chunks: Chunks;
  readonly compression: number;
  readonly photometric: number;
  readonly bitsPerSample: readonly number[];
  readonly samplesPerPixel: number;
  /** 1 unsigned, 2 signed, 3 floating point. */
  readonly sampleFormat: number;
  /** 1 samples of a pixel side by side, 2 a plane a sample. */
  readonly planarConfiguration: number;
  readonly predictor: number;
  /** How rows and columns run (TIFF 6.0, section 8), 1 to 8; undefined where not said, or nonsense. */
  readonly orientation: number | undefined;
  readonly subsampling: readonly [number, number];
  readonly bigEndian: boolean;
  readonly jpegTables: Uint8Array | undefined;
  readonly subIfds: readonly number[];
  /** Of several the one that is OME-XML, else the first. */
  readonly description: string | undefined;
  /** All of them, of the first directory of a file. */
  readonly descriptions?: readonly string[];
  /** Images of this size in the directory, their tiles one image after the other (tag ImageDepth); 1 for most files. */
  readonly imageDepth: number;
  readonly xmp: string | undefined;
  readonly iccProfile: Uint8Array | undefined;
  /** Micrometres per pixel by XResolution and YResolution; undefined where they have no unit. */
  readonly micronsPerPixel: { readonly x: number; readonly y: number } | undefined;
  /** XResolution and YResolution, whatever their unit. */
  readonly pixelsPerUnit: { readonly x: number; readonly y: number } | undefined;
};

/** No tile is wider or higher, nor is a JPEG frame (ITU-T T.81, B.2.2). */
const greatestTileSide = 65_535;

/** Turns what geotiff parsed into a record; `damaged` where a field that every image needs is missing or absurd. */
export function toTiffDirectory(
  parsed: ImageFileDirectory,
  place: { readonly file: string; readonly offset: number; readonly bigEndian: boolean },
): TiffDirectory {
  const value = (id: number): unknown => parsed.getValue(id as never);
  const numbers = (id: number): ArrayLike<number> | undefined => {
    const found = value(id);
    if (typeof found === 'number') return [found];
    return typeof found === 'object' && found !== null ? (found as ArrayLike<number>) : undefined;
  };
  const number = (id: number, otherwise: number): number => numbers(id)?.[0] ?? otherwise;
  const size = { width: number(tag.imageWidth, 0), height: number(tag.imageLength, 0) };
  if (!(size.width > 0 && size.height > 0)) {
    throw new SlideError('damaged', `an image of ${size.width} x ${size.height} pixels`, { file: place.file });
  }
  const chunks = chunksOf(size, numbers, number);
  if (chunks.tiled && Math.max(chunks.width, chunks.height) > greatestTileSide) {
    throw new SlideError('damaged', `an image in tiles of ${chunks.width} x ${chunks.height} pixels`, {
      file: place.file,
    });
  }
  const subfileType = number(tag.newSubfileType, 0);
  const subsampling = numbers(tag.yCbCrSubSampling);
  const [x, y] = [numbers(tag.xResolution), numbers(tag.yResolution)];
  return {
    ...place,
    ...size,
    reduced: (subfileType & 1) === 1,
    subfileType,
    chunks,
    compression: number(tag.compression, 1),
    photometric: number(tag.photometricInterpretation, 1),
    bitsPerSample: Array.from(numbers(tag.bitsPerSample) ?? [1]),
    samplesPerPixel: number(tag.samplesPerPixel, 1),
    sampleFormat: number(tag.sampleFormat, 1),
    planarConfiguration: number(tag.planarConfiguration, 1),
    predictor: number(tag.predictor, 1),
    orientation: orientationOf(number(tag.orientation, 0)),
    subsampling: subsampling ? [subsampling[0], subsampling[1]] : [2, 2],
    jpegTables: asBytes(numbers(tag.jpegTables)),
    subIfds: Array.from(numbers(tag.subIfds) ?? []),
    description: asText(value(tag.imageDescription)),
    imageDepth: number(tag.imageDepth, 1),
    xmp: bytesText(asBytes(numbers(tag.xmp))) ?? asText(value(tag.xmp)),
    iccProfile: asBytes(numbers(tag.iccProfile)),
    micronsPerPixel: resolution(x, y, number(tag.resolutionUnit, 2)),
    pixelsPerUnit:
      x && y && x[0] > 0 && x[1] > 0 && y[0] > 0 && y[1] > 0 ? { x: x[0] / x[1], y: y[0] / y[1] } : undefined,
  };
}

/** The grid of the directory's tiles (or strips) over its image. */
export function chunkGrid(directory: TiffDirectory): TileGrid {
  return layTileGrid(directory, directory.chunks);
}

/** `damaged` unless every tile (or strip) that the grid needs is listed and lies within a file of `fileSize` bytes. */
export function checkChunks(directory: TiffDirectory, fileSize: number): void {
  const { chunks, file } = directory;
  const grid = chunkGrid(directory);
  const samplePlanes = directory.planarConfiguration === 2 ? directory.samplesPerPixel : 1;
  const needed = grid.columns * grid.rows * samplePlanes;
  const kind = chunks.tiled ? 'tiles' : 'strips';
  for (const [name, { length }] of [
    ['offsets', chunks.offsets],
    ['lengths', chunks.byteCounts],
  ] as const) {
    if (length === needed) continue;
    const image = `an image of ${grid.width} x ${grid.height} pixels in ${kind} of ${grid.tileWidth} x ${grid.tileHeight}`;
    throw new SlideError('damaged', `${image} needs ${needed} ${name}, the directory lists ${length}`, { file });
  }
  for (let i = 0; i < needed; i++) {
    const length = chunks.byteCounts[i];
    if (length === 0 || chunks.offsets[i] + length <= fileSize) continue;
    const problem = `its ${length} bytes at ${chunks.offsets[i]} reach past the end of the file at ${fileSize}`;
    const place = { file, row: Math.floor(i / grid.columns), column: i % grid.columns };
    throw new SlideError('damaged', problem, { ...place, hint: 'the file is cut short: copy it again' });
  }
}

function chunksOf(
  size: Size,
  numbers: (id: number) => ArrayLike<number> | undefined,
  number: (id: number, otherwise: number) => number,
): Chunks {
  const tiled = numbers(tag.tileOffsets) !== undefined;
  const chunk = tiled
    ? { width: number(tag.tileWidth, 0), height: number(tag.tileLength, 0) }
    : { width: size.width, height: Math.min(number(tag.rowsPerStrip, size.height), size.height) };
  return {
    tiled,
    width: Math.max(1, chunk.width),
    height: Math.max(1, chunk.height),
    offsets: numbers(tiled ? tag.tileOffsets : tag.stripOffsets) ?? [],
    byteCounts: numbers(tiled ? tag.tileByteCounts : tag.stripByteCounts) ?? [],
  };
}

function orientationOf(value: number): number | undefined {
  return Number.isInteger(value) && value >= 1 && value <= 8 ? value : undefined;
}

function asBytes(numbers: ArrayLike<number> | undefined): Uint8Array | undefined {
  return numbers && numbers.length > 0 ? Uint8Array.from(numbers) : undefined;
}

function asText(value: unknown): string | undefined {
  return typeof value === 'string' ? value.replace(/\0+$/, '') : undefined;
}

function bytesText(bytes: Uint8Array | undefined): string | undefined {
  return bytes && Buffer.from(bytes).toString('utf8');
}

function resolution(x: ArrayLike<number> | undefined, y: ArrayLike<number> | undefined, unit: number) {
  const unitUm = { 2: 25400, 3: 10000 }[unit];
  if (unitUm === undefined || !x || !y || !(x[0] > 0 && x[1] > 0 && y[0] > 0 && y[1] > 0)) return undefined;
  return { x: (unitUm * x[1]) / x[0], y: (unitUm * y[1]) / y[0] };
}
