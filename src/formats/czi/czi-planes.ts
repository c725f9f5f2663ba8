// The planes of a CZI stack: their tiles as the file has them where JPEG pictures lie on the tile grid, else put together.
import type { ByteReader } from '../../bytes/byte-reader.js';
import type { TileEncoding } from '../../slide/encoded-tile.js';
import { bytesOf, type PixelFormat, padRaster } from '../../slide/raster.js';
import { defaultTileSize, type TileGrid, tileIndex, tileRect } from '../../slide/tile-grid.js';
import type { PlanePyramid } from '../../slide-source/plane-pyramid.js';
import { type JpegTiles, liesOnGrid, openJpegTiles, ownTile, streamCuts } from './czi-jpeg-tiles.js';
import { composeMosaic, layMosaic, type Mosaic, type MosaicLevel, tilesShown } from './czi-mosaic.js';
import { CziPixels, isLossy } from './czi-pixels.js';
import { type CziSelection, levelOf } from './czi-selection.js';
import type { SubBlock } from './sub-block.js';

export type OpenedPlanes = { readonly planes: readonly PlanePyramid[]; readonly notes: readonly string[] };

/**
 * The planes of the selection in its order, with tiles of `tileSize` pixels, or of what fits: of JPEG pictures where those lie on the
 * tile grid, else put together.
 */
export async function openCziPlanes(
  selection: CziSelection,
  format: PixelFormat,
  parts: ReadonlyMap<number, ByteReader>,
  tileSize: number | undefined,
  file: string,
): Promise<OpenedPlanes> {
  const finest = selection.blocks.filter((block) => levelOf(block) === 0);
  const own = tileSize === undefined ? ownTile(finest) : undefined;
  if (own) {
    const copied = await openOnGrid(selection, layMosaic(selection, own, file), parts, file);
    if (copied) return copied;
  }
  const side = tileSize ?? defaultTileSize;
  const mosaic = layMosaic(selection, { width: side, height: side }, file);
  const cut = await openOnGrid(selection, mosaic, parts, file);
  if (cut) return cut;
  const pixels = new CziPixels(parts);
  const { levels, notes } = mosaic;
  const planes = selection.planes.map((plane) => composedPlane(levels, plane, format, selection.blocks, pixels, file));
  return { planes, notes };
}

/** Undefined where level 0 does not lie on the grid, or not all of its streams can be cut. */
async function openOnGrid(
  { planes: indices }: CziSelection,
  { levels, notes }: Mosaic,
  parts: ReadonlyMap<number, ByteReader>,
  file: string,
): Promise<OpenedPlanes | undefined> {
  if (!liesOnGrid(levels[0])) return undefined;
  const cuts = streamCuts();
  const left: string[] = [];
  const tiles = new Map<number, readonly JpegTiles[]>();
  for (const each of levels) {
    const opened = liesOnGrid(each)
      ? await Promise.all(indices.map((plane) => openJpegTiles(each, plane, parts, cuts)))
      : [undefined];
    const whole = opened.filter((plane) => plane !== undefined);
    if (whole.length === opened.length) tiles.set(each.level, whole);
    else if (each.level === 0) return undefined;
    else left.push(`left out level ${each.level}: its pictures do not lie on the tile grid`);
  }
  return { planes: indices.map((_, index) => gridPlane(tiles, index, file)), notes: [...notes, ...left] };
}

function gridPlane(tiles: ReadonlyMap<number, readonly JpegTiles[]>, index: number, file: string): PlanePyramid {
  const at = (level: number) => {
    const found = tiles.get(level);
    if (!found) throw new RangeError(`the plane has no level ${level}`);
    return found[index];
  };
  return {
    file,
    levels: [...tiles].map(([level, planes]) => ({
      level,
      grid: planes[index].grid,
      encoding: planes[index].encoding,
    })),
    retiled: undefined,
    notes: [],
    tileLengths: (level) => at(level).lengths(),
    lengthsUnknown: (level) => (at(level).lengthsKnown() ? undefined : 'tiles are cut from longer pictures'),
    findLengths: (level) => at(level).findLengths(),
    readTile: (level, row, column, signal) => at(level).readTile(row, column, signal),
  };
}

function composedPlane(
  mosaic: readonly MosaicLevel[],
  plane: number,
  format: PixelFormat,
  blocks: readonly SubBlock[],
  pixels: CziPixels,
  file: string,
): PlanePyramid {
  const levels = mosaic.map((each) => {
    const { level, grid } = each;
    let shown: Uint8Array | undefined;
    const lengths = () => {
      shown ??= tilesShown(each, plane, file);
      return shown;
    };
    return { level, grid, encoding: encodingOf(grid, format), mosaic: each, lengths };
  });
  const at = (level: number) => {
    const found = levels.find((each) => each.level === level);
    if (!found) throw new RangeError(`the plane has no level ${level}`);
    return found;
  };
  return {
    file,
    levels: levels.map(({ level, grid, encoding }) => ({ level, grid, encoding })),
    // What was lost of 16 bits is little: no lossy codec is written for them.
    retiled: format.sample === 'uint8' && blocks.some(isLossy) ? 'lossy' : 'lossless',
    notes: [],
    tileLengths: (level) => at(level).lengths(),
    lengthsUnknown: () => 'tiles are put together from pictures',
    readTile: async (level, row, column, signal) => {
      const { mosaic: own, grid, encoding, lengths } = at(level);
      if (lengths()[tileIndex(grid, row, column)] === 0) return undefined;
      const raster = await composeMosaic(
        own.planes.get(plane) ?? [],
        tileRect(grid, row, column),
        format,
        pixels,
        signal,
      );
      return { bytes: bytesOf(padRaster(raster, encoding).data), encoding };
    },
  };
}

function encodingOf({ tileWidth: width, tileHeight: height }: TileGrid, format: PixelFormat): TileEncoding {
  return {
    ...{ width, height, codec: 'raw', predictor: 1, bigEndian: false, subsampling: [1, 1] },
    ...format,
    photometric: format.channels === 3 ? 'rgb' : 'black-is-zero',
  };
}
