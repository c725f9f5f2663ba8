// What every output format offers: tiles go in one by one, in file order; a file appears only when it is finished.
import type { EncodedTile } from './encoded-tile.js';
import type { TileAddress } from './tile-address.js';

/** A slide being written. */
export interface SlideWriter {
  /** Adds a tile. Calls must not overlap; each address comes once. */
  writeTile(address: TileAddress, tile: EncodedTile): Promise<void>;
  /**
   * Adds tiles of a row from this one on, of so many bytes each: `fill` puts them one behind the other into the room it is given. None
   * is added when it fails. For calls and addresses, see writeTile.
   */
  writeRun(first: TileAddress, lengths: readonly number[], fill: (room: Uint8Array) => Promise<void>): Promise<void>;
  /** A tile that was written before: what coarser levels are made from where the source has none. */
  readBack(address: TileAddress): Promise<EncodedTile>;
  /** Writes the directories, syncs and gives the file its name. Answers its length in bytes. */
  finish(): Promise<number>;
  /** Leaves nothing behind; harmless after finish. */
  discard(): Promise<void>;
}
