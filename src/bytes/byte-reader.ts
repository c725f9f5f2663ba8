// Random access to bytes: what formats need of a file, wherever it lies.

/** Bytes open for reading. Reads may overlap. */
export interface ByteReader {
  /** For messages: a path. */
  readonly name: string;
  /** Length in bytes. */
  readonly size: number;
  /** Exactly `length` bytes from `offset`; `damaged` where the file ends before, `aborted` once the signal is set. */
  read(offset: number, length: number, signal?: AbortSignal): Promise<Uint8Array>;
  close(): Promise<void>;
}
