// A plane of a tile service as tiles of a slide. JPEG tiles without overlap are kept byte for byte; those at the right and bottom edge,
// where they are smaller, are extended by whole blocks, their coefficients untouched. All other tiles are decoded, and a grid is laid.
import { decodePicture, jpegEncoding, type PictureFacts, readPictureFacts } from '../codecs/picture.js';
import { locating, SlideError, throwIfAborted } from '../errors.js';
import { cutTiles } from '../jpeg/cut-tiles.js';
import { parseJpegHeader } from '../jpeg/header.js';
import { indexScan } from '../jpeg/scan-index.js';
import { unreadableCoding } from '../jpeg/scan-layout.js';
import type { TileEncoding } from '../slide/encoded-tile.js';
import type { Rect, Size } from '../slide/geometry.js';
import { bytesOf, cropRaster, filledRaster, padRaster, pasteRaster, type Raster } from '../slide/raster.js';
import { layTileGrid, type TileGrid, tileCount, tileRect } from '../slide/tile-grid.js';
import type { PlaneLevel, PlanePyramid } from './plane-pyramid.js';
import { StripCache } from './strip-cache.js';
import { checkPictureSize, mostPictureBytes, shownBy, type TileService } from './tile-service.js';

/** Tiles that can be copied have no longer side: a whole row of them is held. */
const longestTile = 4096;
const defaultTileSize = 256;
/** Tiles of all planes of a level: more is no slide, but a number that went wrong. */
const mostTiles = 2 ** 26;
/** Pictures that a tile is put together from: rows of pixels are fetched, single pixels are not. */
const mostPicturesOfTile = 1024;

const lengthsUnknown = 'lengths of tiles are not known before they are fetched';

/** What the planes of a slide share. */
export type ServedSlide = {
  readonly planes: number;
  /** Side of the tiles that are laid, where tiles can't be copied. */
  readonly tileSize: number | undefined;
  /** Decoded pictures. */
  readonly pictures: StripCache<Raster>;
  /** Lengths, by how many; see PlanePyramid. */
  readonly lengths: Map<number, Uint8Array>;
};

/** Bytes of decoded pictures kept, for the tiles beside. */
const pictureBytes = 96 << 20;

export function servedSlide(planes: number, tileSize: number | undefined): ServedSlide {
  return { planes, tileSize, pictures: new StripCache(pictureBytes), lengths: new Map() };
}

type Grids = readonly (TileGrid & { readonly level: number })[];

/** Opens a plane by its first tile; `key` tells it from the others. */
export async function openServedPlane(service: TileService, slide: ServedSlide, key: string): Promise<PlanePyramid> {
  const grids = service.levels.map((level) => ({ ...layTileGrid(level, service.tile), level: level.level }));
  for (const grid of grids) checkTileCount(grid, slide.planes, service.file);
  return locating({ file: service.file, level: 0, row: 0, column: 0 }, async () => {
    const { bytes, facts } = await fetchPicture(service, grids, 0, 0, 0);
    const encoding = facts.kind === 'jpeg' ? jpegEncoding(service.tile, bytes) : undefined;
    if (encoding && canBeKept(service, bytes)) return keptPlane(service, slide, grids, encoding);
    return laidPlane(service, slide, grids, facts, key);
  });
}

function checkTileCount(grid: TileGrid, planes: number, file: string): void {
  if (tileCount(grid) * planes <= mostTiles) return;
  const { width, height, tileWidth, tileHeight } = grid;
  const problem = `tells of ${planes} planes of ${width} x ${height} pixels in tiles of ${tileWidth} x ${tileHeight}`;
  throw new SlideError('damaged', problem, { file, hint: 'check its description' });
}

/** Whether tiles like this one can stand in a TIFF as they are, and be extended without being decoded. */
function canBeKept({ tile, overlap }: TileService, stream: Uint8Array): boolean {
  const header = parseJpegHeader(stream);
  const divides = ({ width, height }: Size, x: number, y: number) => width % x === 0 && height % y === 0;
  return (
    overlap === 0 &&
    Math.max(tile.width, tile.height) <= longestTile &&
    divides(tile, 16, 16) &&
    divides(tile, header.mcuWidth, header.mcuHeight) &&
    unreadableCoding(header) === undefined
  );
}

/** Fetches the picture of a tile, and sees to it that it is of the right size. */
async function fetchPicture(
  service: TileService,
  grids: Grids,
  level: number,
  row: number,
  column: number,
  signal?: AbortSignal,
) {
  const grid = gridOf(grids, level);
  const { overlap, tile } = service;
  const bordered = { width: tile.width + 2 * overlap, height: tile.height + 2 * overlap };
  const bytes = await service.fetch(level, row, column, mostPictureBytes(bordered), signal);
  const facts = readPictureFacts(bytes);
  const shown = shownBy(grid, row, column, overlap);
  checkPictureSize(facts, shown, overlap === 0 ? tile : shown, level);
  return { bytes, facts, shown };
}

function gridOf(grids: Grids, level: number) {
  const grid = grids.find((each) => each.level === level);
  if (!grid) throw new RangeError(`the plane has no level ${level}`);
  return grid;
}

/** A plane whose tiles are those of the service. */
function keptPlane(service: TileService, slide: ServedSlide, grids: Grids, encoding: TileEncoding): PlanePyramid {
  return {
    ...commonFacts(service, slide, grids, encoding),
    untiled: undefined,
    readTile: async (level, row, column, signal) => {
      throwIfAborted(signal);
      return locating({ file: service.file }, async () => {
        const { bytes } = await fetchPicture(service, grids, level, row, column, signal);
        checkAlike(encoding, jpegEncodingOf(bytes, encoding));
        return { bytes: wholeTile(bytes, encoding), encoding };
      });
    },
  };
}

function jpegEncodingOf(bytes: Uint8Array, tile: Size): TileEncoding {
  const { kind } = readPictureFacts(bytes);
  if (kind === 'jpeg') return jpegEncoding(tile, bytes);
  throw new SlideError('damaged', 'is a PNG picture, where the first tile was a JPEG');
}

/** All tiles of a level of a TIFF are stored alike. */
function checkAlike(first: TileEncoding, other: TileEncoding): void {
  const describe = ({ photometric, subsampling }: TileEncoding) => `${photometric}, chroma ${subsampling.join('x')}`;
  if (describe(first) === describe(other)) return;
  const hint = 'choose PNG tiles, where the server makes them';
  const problem = `is stored as ${describe(other)}, where the first tile was ${describe(first)}`;
  throw new SlideError('unsupported', problem, { hint });
}

/** The tile in full size: with blocks that repeat its last ones' mean colour, beyond what it shows. */
function wholeTile(bytes: Uint8Array, tile: Size): Uint8Array {
  const header = parseJpegHeader(bytes);
  if (header.width === tile.width && header.height === tile.height) return bytes;
  return cutTiles({ header, index: indexScan(bytes, header) }, tile).tile(0, 0);
}

/** A plane whose pictures are decoded, and cut into tiles of another grid. */
function laidPlane(
  service: TileService,
  slide: ServedSlide,
  grids: Grids,
  { kind, channels }: PictureFacts,
  key: string,
): PlanePyramid {
  const { file, overlap } = service;
  const side = slide.tileSize ?? defaultTileSize;
  const tile = { width: side, height: side };
  for (const grid of grids) checkPictures(grid, tile, file);
  const encoding: TileEncoding = {
    ...tile,
    channels,
    sample: 'uint8',
    codec: 'raw',
    photometric: channels === 3 ? 'rgb' : 'black-is-zero',
    predictor: 1,
    bigEndian: false,
    subsampling: [1, 1],
  };
  const picture = (level: number, row: number, column: number) =>
    slide.pictures.get(`${key}:${level}:${row}:${column}`, async () => {
      const fetched = await fetchPicture(service, grids, level, row, column);
      const raster = await decodePicture(fetched.bytes, fetched.facts, channels);
      return { value: fitted(raster, fetched.shown), cost: raster.data.length };
    });
  const why =
    overlap > 0
      ? `its tiles overlap by ${overlap} pixels: they are cropped`
      : kind === 'png'
        ? 'its tiles are PNG pictures'
        : 'its JPEG tiles can not be copied as they are';
  const laid = commonFacts(service, slide, grids, encoding);
  return {
    ...laid,
    untiled: kind === 'jpeg' ? 'lossy' : 'lossless',
    notes: [...service.notes, `${why}; tiles of ${tile.width} pixels are laid over their pixels, and encoded once`],
    readTile: async (level, row, column, signal) => {
      throwIfAborted(signal);
      const source = gridOf(grids, level);
      const { grid } = laid.levels.find((each) => each.level === level) as PlaneLevel;
      const rect = tileRect(grid, row, column);
      const raster = filledRaster(rect, encoding, 0);
      const jobs: Promise<void>[] = [];
      for (let r = Math.floor(rect.y / source.tileHeight); r * source.tileHeight < rect.y + rect.height; r++) {
        for (let c = Math.floor(rect.x / source.tileWidth); c * source.tileWidth < rect.x + rect.width; c++) {
          const part = locating({ file, row: r, column: c }, () => picture(level, r, c));
          jobs.push(part.then((found) => paste(raster, rect, found, tileRect(source, r, c), overlap)));
        }
      }
      await Promise.all(jobs);
      return { bytes: bytesOf(padRaster(raster, encoding).data), encoding };
    },
  };
}

function checkPictures(grid: TileGrid, tile: Size, file: string): void {
  const across = Math.ceil(Math.min(tile.width, grid.width) / grid.tileWidth);
  const down = Math.ceil(Math.min(tile.height, grid.height) / grid.tileHeight);
  if (across * down <= mostPicturesOfTile) return;
  const problem = `its tiles of ${grid.tileWidth} x ${grid.tileHeight} pixels are too small to be fetched one by one`;
  throw new SlideError('unsupported', problem, { file, hint: 'make them anew in larger tiles' });
}

/** The picture cropped, or extended by repetition, to what it shows. */
function fitted(raster: Raster, { width, height }: Size): Raster {
  const size = { width: Math.min(width, raster.width), height: Math.min(height, raster.height) };
  return padRaster(cropRaster(raster, { x: 0, y: 0, ...size }), { width, height });
}

/** Copies what a picture's own tile has of the rectangle; what it shows of its neighbours is theirs. */
function paste(target: Raster, rect: Rect, picture: Raster, own: Rect, overlap: number): void {
  const x = Math.max(rect.x, own.x);
  const y = Math.max(rect.y, own.y);
  const width = Math.min(rect.x + rect.width, own.x + own.width) - x;
  const height = Math.min(rect.y + rect.height, own.y + own.height) - y;
  const [left, top] = [own.x - Math.min(own.x, overlap), own.y - Math.min(own.y, overlap)];
  pasteRaster(target, x - rect.x, y - rect.y, picture, { x: x - left, y: y - top, width, height });
}

/** What both kinds of planes have. */
function commonFacts({ file, notes }: TileService, slide: ServedSlide, grids: Grids, encoding: TileEncoding) {
  const levels = grids.map((level) => ({ level: level.level, grid: layTileGrid(level, encoding), encoding }));
  for (const { grid } of levels) checkTileCount(grid, slide.planes, file);
  return {
    file,
    notes,
    levels,
    lengthsUnknown: () => lengthsUnknown,
    tileLengths: (level: number) => {
      const tiles = tileCount((levels.find((each) => each.level === level) as PlaneLevel).grid);
      const lengths = slide.lengths.get(tiles) ?? new Uint8Array(tiles).fill(1);
      slide.lengths.set(tiles, lengths);
      return lengths;
    },
  };
}
