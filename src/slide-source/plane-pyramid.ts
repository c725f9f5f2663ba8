// One focal plane as its file stores it: where the tiles of each of its levels are.
import { type ByteReader, isLocal } from '../bytes/byte-reader.js';
import { endedJpeg } from '../codecs/ended-jpeg.js';
import { locating, SlideError } from '../errors.js';
import type { EncodedTile, TileEncoding } from '../slide/encoded-tile.js';
import { type Level, levelNumber } from '../slide/pyramid.js';
import { tileIndex } from '../slide/tile-grid.js';
import type { TilePiece } from '../slide/tile-run.js';
import { checkChunks, chunkGrid, type TiffDirectory } from '../tiff/tiff-directory.js';
import { tileEncoding } from '../tiff/tile-encoding.js';
import { storedJpeg } from './stored-jpeg.js';

export type PlaneLevel = Level & { readonly encoding: TileEncoding };

/** One plane of a slide. */
export interface PlanePyramid {
  readonly file: string;
  /** From fine to coarse; the first is level 0. */
  readonly levels: readonly PlaneLevel[];
  /** Set where the plane is stored without tiles, and whether that lost anything: zflat lays the grid. */
  readonly retiled: 'lossy' | 'lossless' | undefined;
  /** How the picture is to be turned to be upright (TIFF tag Orientation), 1 to 8; missing for 1, upright. */
  readonly orientation?: number | undefined;
  /** What was left out, and why. */
  readonly notes: readonly string[];
  /** A tile as it is stored; undefined where there is none. */
  readTile(level: number, row: number, column: number, signal?: AbortSignal): Promise<EncodedTile | undefined>;
  /** Where a tile lies, undefined where there is none; missing where tiles are no pieces of a file on this machine. */
  findTile?(level: number, row: number, column: number): TilePiece | undefined;
  /** Bytes of each tile of a level, row-major; 0 where there is none. */
  tileLengths(level: number): ArrayLike<number>;
  /** Why lengths are unknown, where a tile must be made or fetched to know its: `tileLengths` then says 1 for each there is. */
  lengthsUnknown?(level: number): string | undefined;
  /** Looks up lengths that are not in a directory, so that `tileLengths` has them. Missing: there is nothing to look up. */
  findLengths?(level: number): Promise<void>;
}

/**
 * A plane stored in tiles: `finest` and those of `reduced` that are levels of it (2^k times coarser, tiled, with the same kind
 * of pixels). The others are left out and noted.
 */
export async function tiledPlane(
  reader: ByteReader,
  finest: TiffDirectory,
  reduced: readonly TiffDirectory[],
): Promise<PlanePyramid> {
  const directories = new Map<number, TiffDirectory>([[0, finest]]);
  const notes: string[] = [];
  for (const directory of reduced) {
    const level = levelNumber(finest, directory);
    const size = `${directory.width} x ${directory.height}`;
    if (!level) notes.push(`left out an image of ${size}: its size is not that of a level of the pyramid`);
    else if (directories.has(level)) notes.push(`left out a second image of level ${level}`);
    else if (!directory.chunks.tiled) notes.push(`left out level ${level}: it is stored without tiles`);
    else if (!samePixels(finest, directory)) notes.push(`left out level ${level}: its pixels are of another kind`);
    else if (!sameOrientation(finest, directory)) notes.push(`left out level ${level}: it is turned otherwise`);
    else directories.set(level, directory);
  }
  const stored = await Promise.all(
    [...directories]
      .sort(([a], [b]) => a - b)
      .map(async ([level, directory]) => {
        const declared = tileEncoding(directory);
        checkTiles(directory, level, reader.size);
        const { chunks } = directory;
        const found = await locating({ file: reader.name, level }, () => storedJpeg(reader, chunks, declared));
        return { level, grid: chunkGrid(directory), chunks, ...found };
      }),
  );
  for (const note of new Set(stored.flatMap((each) => each.notes))) notes.push(note);
  const byLevel = new Map(stored.map((each) => [each.level, each]));
  const tilesOf = (level: number) => {
    const found = byLevel.get(level);
    if (!found) throw new RangeError(`the plane has no level ${level}`);
    return found;
  };
  const find = (level: number, row: number, column: number) => {
    const { grid, encoding, chunks } = tilesOf(level);
    const index = tileIndex(grid, row, column);
    return { offset: chunks.offsets[index], length: chunks.byteCounts[index], encoding };
  };
  return {
    file: reader.name,
    levels: stored.map(({ level, grid, encoding }) => ({ level, grid, encoding })),
    retiled: undefined,
    orientation: finest.orientation,
    notes,
    tileLengths: (level) => tilesOf(level).chunks.byteCounts,
    readTile: async (level, row, column, signal) => {
      const { offset, length, encoding } = find(level, row, column);
      if (length === 0) return undefined;
      const tile = { bytes: await reader.read(offset, length, signal), encoding };
      return encoding.codec === 'jpeg' ? endedJpeg(tile) : tile;
    },
    ...(isLocal(reader) && {
      findTile: (level: number, row: number, column: number) => {
        const { offset, length } = find(level, row, column);
        return length === 0 ? undefined : { file: reader, offset, length };
      },
    }),
  };
}

function samePixels(a: TiffDirectory, b: TiffDirectory): boolean {
  return (
    a.samplesPerPixel === b.samplesPerPixel &&
    a.bitsPerSample[0] === b.bitsPerSample[0] &&
    a.sampleFormat === b.sampleFormat
  );
}

/** Tags that say nothing of it are of coarser levels, whose writer spoke of the finest alone. */
function sameOrientation(finest: TiffDirectory, { orientation }: TiffDirectory): boolean {
  return orientation === undefined || orientation === (finest.orientation ?? 1);
}

function checkTiles(directory: TiffDirectory, level: number, fileSize: number): void {
  try {
    checkChunks(directory, fileSize);
  } catch (error) {
    throw error instanceof SlideError ? error.at({ level }) : error;
  }
}
