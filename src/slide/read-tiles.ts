// Several tiles of a level at once.
import { isSlideError } from '../errors.js';
import type { EncodedTile } from './encoded-tile.js';
import type { SlideSource } from './slide-source.js';
import type { TileAddress } from './tile-address.js';

/**
 * Tiles of one level in the order of their addresses, undefined where there is none. Throws as readTile does, of a tile that can't be
 * read.
 */
export async function readTiles(
  source: SlideSource,
  addresses: readonly TileAddress[],
  signal?: AbortSignal,
): Promise<(EncodedTile | undefined)[]> {
  if (source.readTiles) {
    try {
      return await source.readTiles(addresses, signal);
    } catch (error) {
      if (!isSlideError(error) || error.code === 'aborted') throw error;
      // One by one, it turns out which tile it is.
    }
  }
  return Promise.all(addresses.map((address) => source.readTile(address, signal)));
}
