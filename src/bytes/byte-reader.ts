// Random access to bytes: what formats need of a file, wherever it lies.
import { SlideError } from '../errors.js';
import type { FileBytes } from '../slide/tile-run.js';

/** Bytes open for reading. Reads may overlap. What is read may be shared with other readers: it must not be changed. */
export interface ByteReader {
  /** For messages: a path, or a URL without its secrets. */
  readonly name: string;
  /** The path or URL itself, to find files that lie beside it. */
  readonly location: string;
  /** Length in bytes. */
  readonly size: number;
  /** Every read costs a round trip over a network: small reads should be few. */
  readonly distant: boolean;
  /** Exactly `length` bytes from `offset`; `damaged` where the file ends before, `aborted` once the signal is set. */
  read(offset: number, length: number, signal?: AbortSignal): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** Of a file on this machine: its bytes can be read to where they are to stand. */
export type LocalReader = ByteReader & FileBytes;

export function isLocal(reader: ByteReader): reader is LocalReader {
  return 'readInto' in reader;
}

/** `damaged` unless the file has these bytes. */
export function checkRange({ name, size }: Pick<ByteReader, 'name' | 'size'>, offset: number, length: number): void {
  if (offset >= 0 && length >= 0 && offset + length <= size) return;
  const problem = `the file ends at byte ${size}, but bytes ${offset} to ${offset + length} are asked for`;
  throw new SlideError('damaged', problem, { file: name, hint: 'copy the file again' });
}
