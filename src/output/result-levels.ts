// How every tile of the flattened slide comes about: copied byte for byte wherever the source allows, else encoded, and why.
import { canEncode, decodeTile, encodeTile } from '../codecs/codec.js';
import { locating, type Place, SlideError } from '../errors.js';
import { readJpegFrame } from '../jpeg/frame.js';
import { parseJpegHeader } from '../jpeg/header.js';
import { estimateQuality } from '../jpeg/quality.js';
import { spliceTables } from '../jpeg/tables.js';
import type { DepthMap } from '../slide/depth-map.js';
import type { EncodedTile, TileEncoding } from '../slide/encoded-tile.js';
import { findLevel, type Level, tilesUnder } from '../slide/pyramid.js';
import type { SlideSource } from '../slide/slide-source.js';
import type { TileAddress } from '../slide/tile-address.js';
import { layTileGrid, tileCount, tileIndex } from '../slide/tile-grid.js';
import { composeFromFiner, composeFromPlanes, type PlanePart } from './compose-tile.js';
import type { WrittenLevel } from './tiff-writer.js';

/** Why a tile could not be copied. */
export type EncodeReason =
  | 'mixed planes' // its part of the map names several planes
  | 'planes stored without tiles'
  | 'planes stored differently' // in codec, photometry or sampling
  | 'codec is only read'
  | 'samples stored high byte first'
  | 'level missing in the source'
  | 'tile missing in the source';

export type ResultTile = { readonly tile: EncodedTile; readonly made: 'copied' | EncodeReason };

/** Reads a tile of the result that was made before. */
export type ReadBack = (address: TileAddress) => Promise<EncodedTile>;

export type ResultLevel = WrittenLevel & {
  /** Where a tile comes from, for messages. */
  readonly origin: (row: number, column: number) => Place;
  /** Makes one tile. Calls may overlap; a level is made when the finer one is whole. */
  readonly make: (row: number, column: number, readBack: ReadBack, signal?: AbortSignal) => Promise<ResultTile>;
};

/** Quality of JPEG tiles whose source gives none to go by: above it, files grow faster than differences shrink. */
const fallbackQuality = 95;

/**
 * The levels of the flattened slide, finest first: those of the source from the map's level on; where the source has that level
 * alone, halves of it down to a single tile.
 */
export async function resultLevels(source: SlideSource, map: DepthMap): Promise<ResultLevel[]> {
  const levels: ResultLevel[] = [];
  for (const level of source.info.levels)
    if (level.level >= map.level) levels.push(await levelOfSource(source, map, level));
  if (levels.length === 1) {
    for (let finer = levels[0]; tileCount(finer.grid) > 1; finer = levels[levels.length - 1])
      levels.push(halvedLevel(finer));
  }
  return levels;
}

/** How the tiles of one level of the result are stored, and what keeps all of them from being copied. */
type Storage = {
  readonly encoding: TileEncoding;
  readonly quality: number;
  readonly obstacle: EncodeReason | undefined;
};

async function levelOfSource(source: SlideSource, map: DepthMap, level: Level): Promise<ResultLevel> {
  let anyEncoded = false;
  for (let index = 0; index < tileCount(level.grid) && !anyEncoded; index++) {
    anyEncoded = recipe(source, map, level, index).reason !== undefined;
  }
  const { encoding, quality, obstacle } = await chooseStorage(source, level, anyEncoded);
  const placeOf = (plane: number, row: number, column: number) => {
    return { file: source.fileOf(plane), level: level.level, plane, row, column };
  };
  return {
    ...level,
    encoding,
    origin: (row, column) => {
      const [{ plane }, ...others] = recipe(source, map, level, tileIndex(level.grid, row, column)).parts;
      return others.length === 0 ? placeOf(plane, row, column) : { level: level.level, row, column };
    },
    make: async (row, column, _readBack, signal) => {
      const { parts, reason } = recipe(source, map, level, tileIndex(level.grid, row, column));
      const read = (plane: number) => source.readTile({ level: level.level, plane, row, column }, signal);
      const pixels = (plane: number) =>
        locating(placeOf(plane, row, column), async () => {
          const tile = await read(plane);
          return tile && decodeTile(tile);
        });
      const made = obstacle ?? reason;
      if (made === undefined) {
        const [{ plane }] = parts;
        const tile = (await read(plane)) as EncodedTile;
        return { tile: await locating(placeOf(plane, row, column), () => copied(tile, encoding)), made: 'copied' };
      }
      const composed = await composeFromPlanes(level.grid, encoding, parts, pixels);
      return { tile: await encodeTile(composed, encoding, quality), made };
    },
  };
}

/** The parts of a tile and their planes; the reason, if this tile can't be copied even where the level allows it. */
type Recipe = { readonly parts: readonly PlanePart[]; readonly reason: EncodeReason | undefined };

function recipe(source: SlideSource, map: DepthMap, level: Level, index: number): Recipe {
  const { tileWidth, tileHeight, columns } = level.grid;
  const row = Math.floor(index / columns);
  const column = index % columns;
  const decision = findLevel(source.info.levels, map.level) as Level;
  const block = tilesUnder(decision, level, row, column);
  const scale = 2 ** (level.level - map.level);
  const boundary = (tile: number, first: number, size: number) => Math.round(((tile - first) * size) / scale);
  const whole = { x: 0, y: 0, width: tileWidth, height: tileHeight };
  const parts: PlanePart[] = [];
  for (let r = block.row; r < block.rowEnd; r++) {
    for (let c = block.column; c < block.columnEnd; c++) {
      const x = boundary(c, block.column, decision.grid.tileWidth);
      const y = boundary(r, block.row, decision.grid.tileHeight);
      // The last tiles reach to the end of the coarser tile, padding included.
      const right = c + 1 === block.columnEnd ? tileWidth : boundary(c + 1, block.column, decision.grid.tileWidth);
      const bottom = r + 1 === block.rowEnd ? tileHeight : boundary(r + 1, block.row, decision.grid.tileHeight);
      parts.push({ plane: map.planes[r * map.columns + c], part: { x, y, width: right - x, height: bottom - y } });
    }
  }
  const [{ plane }] = parts;
  if (parts.some((other) => other.plane !== plane)) return { parts, reason: 'mixed planes' };
  const found = source.hasTile({ level: level.level, plane, row, column });
  return { parts: [{ plane, part: whole }], reason: found ? undefined : 'tile missing in the source' };
}

async function chooseStorage(source: SlideSource, level: Level, anyEncoded: boolean): Promise<Storage> {
  const { untiled, planes } = source.info;
  const encodings = planes.map(({ plane }) => source.tileEncoding(level.level, plane));
  const [first] = encodings;
  const obstacle: EncodeReason | undefined = untiled
    ? 'planes stored without tiles'
    : encodings.some((encoding) => !storedAlike(first, encoding))
      ? 'planes stored differently'
      : first.bigEndian
        ? 'samples stored high byte first'
        : anyEncoded && !writable(first)
          ? 'codec is only read'
          : undefined;
  const header = first.codec === 'jpeg' ? await anyJpegHeader(source, level, first) : undefined;
  const quality = header ? estimateQuality(header.header) : fallbackQuality;
  if (obstacle) return { encoding: nearestWritable(first, untiled === 'lossy'), quality, obstacle };
  // Tables of a whole stream would stay in a decoder's memory and spoil the abbreviated tile after it: one kind a level.
  const sharedTables = !anyEncoded && encodings.every(({ jpegTables }) => sameBytes(jpegTables, first.jpegTables));
  return {
    encoding: {
      ...first,
      jpegTables: sharedTables ? first.jpegTables : undefined,
      subsampling: header && first.photometric === 'ycbcr' ? header.subsampling : first.subsampling,
    },
    quality,
    obstacle,
  };
}

function storedAlike(a: TileEncoding, b: TileEncoding): boolean {
  return (
    a.codec === b.codec &&
    a.photometric === b.photometric &&
    a.predictor === b.predictor &&
    a.bigEndian === b.bigEndian &&
    String(a.subsampling) === String(b.subsampling)
  );
}

/** JPEG encoders write no RGB. */
function writable({ codec, photometric }: TileEncoding): boolean {
  return canEncode(codec) && !(codec === 'jpeg' && photometric === 'rgb');
}

/** An encoding for the same pixels that zflat can write: lossless, unless the source was not. */
function nearestWritable(encoding: TileEncoding, lossy: boolean): TileEncoding {
  const stored = { ...encoding, bigEndian: false, jpegTables: undefined };
  if (lossy || encoding.codec === 'jpeg') {
    const photometric = encoding.channels === 3 ? 'ycbcr' : encoding.photometric;
    return { ...stored, codec: 'jpeg', photometric, predictor: 1, subsampling: [1, 1] };
  }
  return { ...stored, codec: 'deflate', predictor: 2 };
}

/** What the first tile that the level has says of its quantisation and sampling: tags are often wrong about the latter. */
async function anyJpegHeader(source: SlideSource, { level, grid }: Level, encoding: TileEncoding) {
  for (let index = 0; index < tileCount(grid); index++) {
    const address = { level, plane: 0, row: Math.floor(index / grid.columns), column: index % grid.columns };
    if (!source.hasTile(address)) continue;
    const { bytes } = (await source.readTile(address)) as EncodedTile;
    return locating({ file: source.fileOf(0), ...address }, () => ({
      header: parseJpegHeader(bytes, encoding.jpegTables),
      subsampling: readJpegFrame(bytes).subsampling,
    }));
  }
  return undefined;
}

/** The tile's own bytes, with the tables that it relies on where the level does not keep them. */
function copied(tile: EncodedTile, encoding: TileEncoding): EncodedTile {
  if (encoding.codec !== 'jpeg') return { bytes: tile.bytes, encoding };
  const { width, height, components, subsampling } = readJpegFrame(tile.bytes);
  const found = `${width} x ${height} pixels, ${components} components, chroma ${subsampling.join('x')}`;
  const { channels, subsampling: sampling } = encoding;
  const expected = `${encoding.width} x ${encoding.height} pixels, ${channels} components, chroma ${sampling.join('x')}`;
  if (found !== expected) throw new SlideError('damaged', `expected a JPEG tile of ${expected}, got ${found}`);
  return { bytes: encoding.jpegTables ? tile.bytes : spliceTables(tile.encoding.jpegTables, tile.bytes), encoding };
}

/** A level half as large as a finer one of the result. */
function halvedLevel(finer: ResultLevel): ResultLevel {
  const { width, height, tileWidth, tileHeight } = finer.grid;
  const size = { width: Math.max(1, width >> 1), height: Math.max(1, height >> 1) };
  const level = { level: finer.level + 1, grid: layTileGrid(size, { width: tileWidth, height: tileHeight }) };
  const encoding = writable(finer.encoding)
    ? { ...finer.encoding, jpegTables: undefined }
    : nearestWritable(finer.encoding, false);
  return {
    ...level,
    encoding,
    origin: (row, column) => ({ level: level.level, row, column }),
    make: async (row, column, readBack) => {
      const pixels = (r: number, c: number) =>
        locating(finer.origin(r, c), async () =>
          decodeTile(await readBack({ level: finer.level, plane: 0, row: r, column: c })),
        );
      const composed = await composeFromFiner(level.grid, encoding, finer.grid, row, column, pixels);
      return { tile: await encodeTile(composed, encoding, fallbackQuality), made: 'level missing in the source' };
    },
  };
}

function sameBytes(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  return a === b || (a !== undefined && b !== undefined && Buffer.compare(a, b) === 0);
}
