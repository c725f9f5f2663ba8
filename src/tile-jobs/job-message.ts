// What threads tell each other. A SlideError is taken apart and put together: copied as it is, it would be an error like any other.
import { isSlideError, SlideError, type SlideErrorCode, type SlideErrorDetail } from '../errors.js';
import type { EncodedTile, TileEncoding } from '../slide/encoded-tile.js';
import type { TileJobName } from './tile-jobs.js';

/** Jobs for a thread, in the order in which their results are to come back. */
export type JobBatch = readonly { readonly name: TileJobName; readonly input: readonly unknown[] }[];

/** A batch as it is sent: the bytes of all its tiles in one piece, which goes over without being copied. */
export type JobMessage = { readonly batch: JobBatch; readonly bytes: Uint8Array<ArrayBuffer> };

/** Stands for a tile whose bytes lie in the message's. */
type PackedTile = { readonly at: number; readonly length: number; readonly encoding: TileEncoding };

export function packBatch(batch: JobBatch): JobMessage {
  let length = 0;
  for (const { input } of batch) mapTiles(input, ({ bytes }) => (length += bytes.length));
  const bytes = new Uint8Array(length);
  let at = 0;
  const pack = (tile: EncodedTile): PackedTile => {
    bytes.set(tile.bytes, at);
    at += tile.bytes.length;
    return { at: at - tile.bytes.length, length: tile.bytes.length, encoding: ownEncoding(tile.encoding) };
  };
  return { batch: batch.map(({ name, input }) => ({ name, input: mapTiles(input, pack) as unknown[] })), bytes };
}

export function unpackBatch({ batch, bytes }: JobMessage): JobBatch {
  const unpack = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(unpack);
    if (typeof value !== 'object' || value === null || !('encoding' in value)) return value;
    const { at, length, encoding } = value as PackedTile;
    return { bytes: bytes.subarray(at, at + length), encoding };
  };
  return batch.map(({ name, input }) => ({ name, input: input.map(unpack) }));
}

/** What goes into a job, with something else in place of each tile. */
function mapTiles(value: unknown, change: (tile: EncodedTile) => unknown): unknown {
  if (Array.isArray(value)) return value.map((each) => mapTiles(each, change));
  if (typeof value !== 'object' || value === null || !('encoding' in value)) return value;
  return change(value as EncodedTile);
}

const ownEncodings = new WeakMap<TileEncoding, TileEncoding>();

/** With tables of its own: of a view, all that it is a view of would be copied. */
function ownEncoding(encoding: TileEncoding): TileEncoding {
  let own = ownEncodings.get(encoding);
  if (!own) {
    own = { ...encoding, jpegTables: encoding.jpegTables && Uint8Array.from(encoding.jpegTables) };
    ownEncodings.set(encoding, own);
  }
  return own;
}

export type JobResult = { readonly result: unknown } | { readonly failure: JobFailure };

type JobFailure =
  | { readonly code: SlideErrorCode; readonly problem: string; readonly detail: SlideErrorDetail }
  | { readonly error: unknown };

export function takeApart(error: unknown): JobFailure {
  if (!isSlideError(error)) return { error };
  const { code, problem, place, hint } = error;
  return { code, problem, detail: { ...place, hint, cause: (error.cause as Error | undefined)?.message } };
}

export function putTogether(failure: JobFailure): unknown {
  return 'error' in failure ? failure.error : new SlideError(failure.code, failure.problem, failure.detail);
}
