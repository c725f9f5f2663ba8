// A tile of several planes out of their compressed tiles, as a job: bytes in, bytes out.
import { isSlideError } from '../errors.js';
import { JpegTile } from '../jpeg/jpeg-tile.js';
import { mcuChoice } from '../jpeg/mcu-choice.js';
import { type QuiltedTile, quiltTile, type UnquiltableTile } from '../jpeg/quilt-tile.js';
import type { EncodedTile } from '../slide/encoded-tile.js';

/** Tiles, by index, whose header can't be read: nothing can be said of what the others would give. */
export type UnreadableTiles = {
  readonly quilted: false;
  readonly reason: 'unreadable';
  readonly tiles: readonly number[];
};

/** See quiltTile. `choice` has an index into `tiles` for each block of the depth map, row-major, `columns` a row. */
export function quiltPlanes(
  tiles: readonly EncodedTile[],
  choice: Uint8Array,
  columns: number,
): QuiltedTile | UnquiltableTile | UnreadableTiles {
  const streams = tiles.map(({ bytes, encoding }) => new JpegTile(bytes, encoding.jpegTables));
  const unreadable = [...streams.keys()].filter((index) => !hasHeader(streams[index]));
  if (unreadable.length > 0) return { quilted: false, reason: 'unreadable', tiles: unreadable };
  return quiltTile(streams, mcuChoice(streams[0].header, choice, columns));
}

function hasHeader(tile: JpegTile): boolean {
  try {
    return tile.header !== undefined;
  } catch (error) {
    if (isSlideError(error)) return false;
    throw error;
  }
}
