// Hamamatsu NDPI: every focal plane has directories of its own, one a level, told apart by height and magnification.
import type { ByteReader } from '../../bytes/byte-reader.js';
import { nameOfLocation } from '../../bytes/location.js';
import { decodeTile } from '../../codecs/codec.js';
import { locating, SlideError } from '../../errors.js';
import { parseJpegHeader } from '../../jpeg/header.js';
import type { TileEncoding } from '../../slide/encoded-tile.js';
import { evenPlanes, roundUm } from '../../slide/focal-planes.js';
import { levelNumber } from '../../slide/pyramid.js';
import type { Raster } from '../../slide/raster.js';
import type { SlideSource } from '../../slide/slide-source.js';
import { defaultTileSize, tileCount } from '../../slide/tile-grid.js';
import { type AssociatedPicture, associatedImages } from '../../slide-source/associated-pictures.js';
import type { Opening } from '../../slide-source/open-options.js';
import type { PlanePyramid } from '../../slide-source/plane-pyramid.js';
import { planesSource } from '../../slide-source/planes-source.js';
import { chooseScene } from '../../slide-source/scenes.js';
import {
  openSingleStreamLevel,
  type SingleStreamLevel,
  type StripCuts,
} from '../../slide-source/single-stream/single-stream-level.js';
import { StripCache } from '../../slide-source/strip-cache.js';
import { compressionNames } from '../../tiff/tags.js';
import { type NdpiDirectory, readNdpi } from './ndpi-file.js';

/** Magnification by which the macro image is marked. */
const macroMark = -1;
/** Bytes of indexed strips kept for the tiles beside those that were asked for: a few rows of tiles of every plane. */
const stripBytes = 160 << 20;
/** Opens the z-stack of an NDPI file; the source closes the reader. */
export async function openNdpi(reader: ByteReader, options: Opening): Promise<SlideSource> {
  const { name: file, location } = reader;
  const directories = await readNdpi(reader);
  const images = directories.filter(({ magnification }) => magnification > 0);
  if (images.length === 0) throw new SlideError('contradictory', 'the file has no image of the specimen', { file });
  const regions = [...new Set(images.map(({ region }) => region))].map((index) => {
    const { width, height } = largest(images.filter(({ region }) => region === index));
    return { index, name: undefined, width, height };
  });
  const scenes = regions.length > 1 ? chooseScene(regions, options.scene, file) : undefined;
  const chosen = (scenes?.find(({ read }) => read) ?? regions[0]).index;
  const shown = images.filter(({ region }) => region === chosen);
  const heights = [...new Set(shown.map(({ zUm }) => zUm))].sort((a, b) => a - b);
  const strips: StripCuts = new StripCache(stripBytes);
  const planes: PlanePyramid[] = [];
  for (const [plane, height] of heights.entries()) {
    const levels = shown.filter(({ zUm }) => zUm === height);
    planes.push(await locating({ file, plane }, () => openPlane(reader, levels, options, strips, plane)));
  }
  const finest = largest(shown);
  return planesSource(planes, {
    format: 'Hamamatsu NDPI',
    name: nameOfLocation(location),
    files: [file],
    planes:
      options.zStepUm === undefined
        ? heights.map((zUm, plane) => ({ plane, zUm: roundUm(zUm) }))
        : evenPlanes(heights.length, options.zStepUm),
    micronsPerPixel: finest.micronsPerPixel,
    objective: { magnification: finest.magnification },
    channelName: undefined,
    scenes,
    iccProfile: undefined,
    acquisitionDate: isoDate(finest.dateTime),
    annotations: [],
    notes: [],
    ...associatedImages(macroPicture(reader, directories)),
    close: () => reader.close(),
  });
}

function largest(images: readonly NdpiDirectory[]): NdpiDirectory {
  return images.reduce((best, other) => (other.width > best.width ? other : best));
}

async function openPlane(
  reader: ByteReader,
  directories: readonly NdpiDirectory[],
  { tileSize = defaultTileSize }: Opening,
  strips: StripCuts,
  plane: number,
): Promise<PlanePyramid> {
  const [finest, ...reduced] = [...directories].sort((a, b) => b.width - a.width);
  const notes: string[] = [];
  const levels = new Map<number, SingleStreamLevel>();
  const open = async (directory: NdpiDirectory, level: number) => {
    checkReadable(directory, reader.name);
    const tile = { width: tileSize, height: tileSize };
    levels.set(level, await openSingleStreamLevel(reader, directory, tile, strips, `${plane}:${level}`));
  };
  await locating({ level: 0 }, () => open(finest, 0));
  for (const directory of reduced) {
    const level = levelNumber(finest, directory);
    const size = `${directory.width} x ${directory.height}`;
    if (!level) notes.push(`left out an image of ${size}: its size is not that of a level of the pyramid`);
    else if (levels.has(level)) notes.push(`left out a second image of level ${level}`);
    else await locating({ level }, () => open(directory, level));
  }
  const at = (level: number) => levels.get(level) as SingleStreamLevel;
  return {
    file: reader.name,
    levels: [...levels].map(([level, { grid, encoding }]) => ({ level, grid, encoding })),
    retiled: undefined,
    notes,
    tileLengths: (level) => lengthsOf(at(level)),
    lengthsUnknown: (level) => (at(level).tileLength ? undefined : 'tiles are cut from longer strips'),
    readTile: (level, row, column, signal) =>
      locating({ file: reader.name }, () => {
        if (signal?.aborted) throw new SlideError('aborted', 'stopped before it was done', { cause: signal.reason });
        return at(level).readTile(row, column);
      }),
  };
}

/** Lengths, or 1 for each tile, there being one, where they are not known. */
function lengthsOf({ grid, tileLength }: SingleStreamLevel): Float64Array {
  return Float64Array.from({ length: tileCount(grid) }, (_, index) =>
    tileLength ? tileLength(Math.floor(index / grid.columns), index % grid.columns) : 1,
  );
}

function checkReadable({ compression, captureMode }: NdpiDirectory, file: string): void {
  const hint = 'convert it to OME-TIFF';
  // Modes above 6 are grey of 12 to 16 bits, whatever BitsPerSample says.
  if (captureMode > 6) throw new SlideError('unsupported', 'its pixels are grey of more than 8 bits', { file, hint });
  if (compression === 7) return;
  const name = compressionNames[compression] ?? `code ${compression}`;
  throw new SlideError('unsupported', `images are compressed as ${name}; of NDPI, zflat reads JPEG`, { file, hint });
}

/** The macro image, if there is one that can be decoded. */
function macroPicture(reader: ByteReader, directories: readonly NdpiDirectory[]): AssociatedPicture[] {
  const macro = directories.find(({ magnification, compression }) => magnification === macroMark && compression === 7);
  if (!macro) return [];
  const { width, height } = macro;
  const read = () =>
    locating({ file: reader.name }, async (): Promise<Raster> => {
      const bytes = await reader.read(macro.stripOffset, macro.stripBytes);
      const header = parseJpegHeader(bytes);
      const encoding: TileEncoding = {
        width: header.width,
        height: header.height,
        channels: 3,
        sample: 'uint8',
        codec: 'jpeg',
        photometric: 'ycbcr',
        predictor: 1,
        bigEndian: false,
        subsampling: [1, 1],
      };
      return decodeTile({ bytes, encoding });
    });
  return [{ image: { kind: 'macro', width, height }, read }];
}

/** "2017:02:07 13:06:43" (TIFF 6.0, tag DateTime) as OME-XML wants it. */
function isoDate(dateTime: string | undefined): string | undefined {
  const [, year, month, day, time] = /^(\d{4}):(\d\d):(\d\d) (\d\d:\d\d:\d\d)$/.exec(dateTime ?? '') ?? [];
  return year === undefined ? undefined : `${year}-${month}-${day}T${time}`;
}
