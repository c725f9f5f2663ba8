// Tiles of a row that are copied as they are stored: read from their files straight to where they are written from.

/** A file whose bytes can be read to a place of the caller's. */
export interface FileBytes {
  /**
   * Fills `target` with the bytes from `offset` on; answers a promise where they have to be waited for. Fails with `damaged` where the
   * file ends before, `unreadable`, or `aborted`.
   */
  readInto(target: Uint8Array, offset: number, signal?: AbortSignal): Promise<void> | undefined;
}

/** Where the bytes of a tile lie. */
export type TilePiece = { readonly file: FileBytes; readonly offset: number; readonly length: number };

/** The bytes of tiles, one behind the other. */
export class TileRun {
  /** Bytes of each tile. */
  readonly lengths: number[] = [];
  /** Bytes of all of them. */
  bytes = 0;
  /** What can be read at once: neighbours here that are neighbours in their file. */
  readonly #reads: { readonly file: FileBytes; readonly offset: number; readonly at: number; length: number }[] = [];

  add({ file, offset, length }: TilePiece): void {
    const last = this.#reads.at(-1);
    if (last?.file === file && last.offset + last.length === offset) last.length += length;
    else this.#reads.push({ file, offset, at: this.bytes, length });
    this.lengths.push(length);
    this.bytes += length;
  }

  /** Fills the first `bytes` of a target. When it fails, nothing is still being read into it. Throws as FileBytes.readInto does. */
  async readInto(target: Uint8Array, signal?: AbortSignal): Promise<void> {
    const waited: Promise<void>[] = [];
    try {
      // From front to back, as disks like it
      for (const { file, offset, at, length } of this.#reads.toSorted((a, b) => a.offset - b.offset)) {
        const read = file.readInto(target.subarray(at, at + length), offset, signal);
        if (read !== undefined) waited.push(read);
      }
    } finally {
      // Those under way end first, however it went.
      if (waited.length > 0) await Promise.allSettled(waited);
    }
    if (waited.length > 0) await Promise.all(waited);
  }
}

/** `damaged` where the tile that lies in these bytes, from one to before the other, is not stored as its level says. */
export type TileCheck = (bytes: Uint8Array, from: number, to: number) => void;

/** Which tiles of a level can be copied in runs. */
export type TileRuns<How extends string> = {
  /** Tiles of a row from here on; undefined where this one can't be copied so. */
  readonly from: (row: number, column: number) => TileRun | undefined;
  readonly check: TileCheck;
  readonly made: How;
};
