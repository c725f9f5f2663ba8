// What every slide format offers: facts, tiles as they are stored, and their lengths.
import type { EncodedTile, TileEncoding } from './encoded-tile.js';
import type { Raster } from './raster.js';
import type { AssociatedImage, SlideInfo } from './slide-info.js';
import type { TileAddress } from './tile-address.js';
import type { TilePiece } from './tile-run.js';

/** Compressed lengths of all tiles of a level, or the reason why those of different planes can't be compared. */
export type TileLengths =
  | {
      readonly comparable: true /** Bytes, plane-major: [plane][row][column]; 0 where there is no tile. */;
      readonly bytes: Float64Array;
    }
  | { readonly comparable: false; readonly reason: string };

/** What came over a network: answers waited for, bytes of them, and how long the files are that they are of; tiles of a server are of none. */
export type NetworkTransfer = {
  readonly requests: number;
  readonly bytes: number;
  readonly fileBytes?: number | undefined;
};

/** A slide open for reading. Reads may overlap; an address outside the slide is a defect of the caller. */
export interface SlideSource {
  readonly info: SlideInfo;
  /** The file that a plane is in, for messages. */
  fileOf(plane: number): string;
  /** A tile as it is stored; undefined where the slide has none (a sparse slide). */
  readTile(address: TileAddress, signal?: AbortSignal): Promise<EncodedTile | undefined>;
  /** Where the bytes that readTile gives lie, undefined where it gives none; missing where tiles are no pieces of files on this machine. */
  findTile?(address: TileAddress): TilePiece | undefined;
  /** Whether the slide has this tile; false in the gaps of a sparse slide, where readTile gives none, or what the format says is to be seen. */
  hasTile(address: TileAddress): boolean;
  /** How the tiles of a plane are stored at a level. */
  tileEncoding(level: number, plane: number): TileEncoding;
  /** The lengths of all tiles of a level; read from the directories, no pixel is touched. */
  tileLengths(level: number): Promise<TileLengths>;
  /** The pixels of a label, macro image or thumbnail of `info.associatedImages`. */
  readAssociatedImage(image: AssociatedImage): Promise<Raster>;
  /** What turned out while tiles were read, and could not be known before; missing where nothing can. */
  readNotes?(): readonly string[];
  /** What was fetched of it over a network so far; undefined where it lies on this machine. */
  transfer?(): NetworkTransfer | undefined;
  close(): Promise<void>;
}
