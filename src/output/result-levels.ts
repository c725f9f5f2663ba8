// The levels of the flattened slide and how each of their tiles is made: those of the source, from the map's level on.
import { decodeTile, encodeTile } from '../codecs/codec.js';
import { locating, type Place } from '../errors.js';
import type { WritingOptions } from '../options/writing.js';
import type { DepthMap } from '../slide/depth-map.js';
import type { EncodedTile } from '../slide/encoded-tile.js';
import { findLevel, type Level } from '../slide/pyramid.js';
import type { SlideSource } from '../slide/slide-source.js';
import type { TileAddress } from '../slide/tile-address.js';
import { layTileGrid, tileCount } from '../slide/tile-grid.js';
import { exactSide, singlePlane, type TilePlanes, tilePlanes } from '../slide/tile-planes.js';
import { TileRun, type TileRuns } from '../slide/tile-run.js';
import { composeFromFiner } from './compose-tile.js';
import { chooseStorage, type LevelNeeds, nearestWritable, writable } from './level-storage.js';
import { type MadeTile, makeTile, type TileMade, type TileMaking } from './make-tile.js';
import { maxInPlace } from './output-file.js';
import type { WrittenLevel } from './tiff-writer.js';

/** Reads a tile of the result that was made before. */
export type ReadBack = (address: TileAddress) => Promise<EncodedTile>;

/** How tiles are made. */
export type TileMakingOptions = Pick<WritingOptions, 'check' | 'quality'>;

export type ResultLevel = WrittenLevel & {
  /** Of JPEG tiles that have to be encoded, 1 to 100. */
  readonly quality: number;
  /** Where a tile comes from, for messages. */
  readonly origin: (row: number, column: number) => Place;
  /** The planes that a tile shows; undefined where it is made of the finer level. */
  readonly planesOf: (row: number, column: number) => TilePlanes | undefined;
  /** Made of the tiles of the finer level, when that is whole; else of the source alone. */
  readonly fromFiner: boolean;
  /** Makes one tile. Calls may overlap. */
  readonly make: (row: number, column: number, readBack: ReadBack, signal?: AbortSignal) => Promise<MadeTile>;
  /** Tiles of a row that are copied together; missing where none can be. */
  readonly runs?: TileRuns<TileMade> | undefined;
};

/** Tiles of a run at most, and their bytes: larger ones are copied by themselves. */
const longestRun = { tiles: 64, bytes: maxInPlace / 2 };

/** Finest first; where the source has the map's level alone, halves of it down to a single tile. */
export async function resultLevels(
  source: SlideSource,
  map: DepthMap,
  { check, quality }: TileMakingOptions = {},
): Promise<ResultLevel[]> {
  const levels: ResultLevel[] = [];
  for (const level of source.info.levels) {
    if (level.level >= map.level) levels.push(await levelOfSource(source, map, level, { check, quality }));
  }
  if (levels.length > 1) return levels;
  for (let finer = levels[0]; tileCount(finer.grid) > 1; finer = levels[levels.length - 1]) {
    levels.push(halvedLevel(finer, levels[0].quality));
  }
  return levels;
}

async function levelOfSource(
  source: SlideSource,
  map: DepthMap,
  level: Level,
  { check, quality }: TileMakingOptions,
): Promise<ResultLevel> {
  const decision = findLevel(source.info.levels, map.level) as Level;
  const planesIn = (side: number | undefined) => (row: number, column: number) =>
    tilePlanes(map, decision, level, row, column, side);
  const exactly = planesIn(exactSide(decision, level));
  const storage = await chooseStorage(source, level, needsOf(source, level, exactly), quality);
  // Through pixels, a level shows just what was chosen for the finest; quilted, the plane of most of what an MCU covers
  const planesOf = storage.quiltable ? planesIn(undefined) : exactly;
  return {
    ...level,
    encoding: storage.encoding,
    quality: storage.quality,
    planesOf,
    fromFiner: false,
    origin: (row, column) => {
      const planes = planesOf(row, column);
      const place = { level: level.level, row, column };
      return planes.uniform ? { file: source.fileOf(planes.plane), plane: planes.plane, ...place } : place;
    },
    make: (row, column, _readBack, signal) => {
      return makeTile({ source, level, storage, row, column, check, signal }, planesOf(row, column));
    },
    // What is decoded first is read by itself.
    runs:
      check === 'full'
        ? undefined
        : runsOf({ source, level, storage }, (row, column) => singlePlane(map, decision, level, row, column)),
  };
}

/** Missing where tiles can't be copied, or not as they lie in their files. */
function runsOf(
  { source, level: { level, grid }, storage }: Pick<TileMaking, 'source' | 'level' | 'storage'>,
  planeOf: (row: number, column: number) => number | undefined,
): TileRuns<TileMade> | undefined {
  const { encoding, obstacle, check } = storage;
  const needTables = source.info.planes.some(({ plane }) => source.tileEncoding(level, plane).jpegTables);
  if (obstacle || !source.findTile || (needTables && !encoding.jpegTables)) return undefined;
  const find = (row: number, column: number) => {
    const plane = planeOf(row, column);
    return plane === undefined ? undefined : source.findTile?.({ level, plane, row, column });
  };
  return {
    from: (row, column) => {
      const run = new TileRun();
      const end = Math.min(grid.columns, column + longestRun.tiles);
      for (let c = column; c < end; c++) {
        const piece = find(row, c);
        if (!piece || run.bytes + piece.length > longestRun.bytes) break;
        run.add(piece);
      }
      return run.bytes > 0 ? run : undefined;
    },
    check,
    made: 'copied',
  };
}

function needsOf(
  source: SlideSource,
  { level, grid }: Level,
  planesOf: (row: number, column: number) => TilePlanes,
): LevelNeeds {
  let mixed = false;
  let missing = false;
  for (let row = 0; row < grid.rows; row++) {
    for (let column = 0; column < grid.columns && !(mixed && missing); column++) {
      mixed ||= !planesOf(row, column).uniform;
      missing ||= !source.info.planes.some(({ plane }) => source.hasTile({ level, plane, row, column }));
    }
  }
  return { mixed, missing };
}

/** A level half as large as a finer one of the result. */
function halvedLevel(finer: ResultLevel, quality: number): ResultLevel {
  const { width, height, tileWidth, tileHeight } = finer.grid;
  const size = { width: Math.max(1, width >> 1), height: Math.max(1, height >> 1) };
  const level = { level: finer.level + 1, grid: layTileGrid(size, { width: tileWidth, height: tileHeight }) };
  const encoding = writable(finer.encoding)
    ? { ...finer.encoding, jpegTables: undefined }
    : nearestWritable(finer.encoding, false);
  return {
    ...level,
    encoding,
    quality,
    planesOf: () => undefined,
    fromFiner: true,
    origin: (row, column) => ({ level: level.level, row, column }),
    make: async (row, column, readBack) => {
      const pixels = (r: number, c: number) =>
        locating(finer.origin(r, c), async () =>
          decodeTile(await readBack({ level: finer.level, plane: 0, row: r, column: c })),
        );
      const composed = await composeFromFiner(level.grid, encoding, finer.grid, row, column, pixels);
      return { tile: await encodeTile(composed, encoding, quality), made: 'level missing in the source' };
    },
  };
}
