// Deflate tiles (zlib format, RFC 1950; TIFF Technical Note "Deflate"), by Node's own zlib on its thread pool.
import { promisify } from 'node:util';
import { deflate as deflateBytes, inflate } from 'node:zlib';
import type { ByteCodec } from './byte-codec.js';

const inflateAsync = promisify<Uint8Array, { maxOutputLength: number; chunkSize: number }, Uint8Array>(inflate);
const deflateAsync = promisify<Uint8Array, { level: number; chunkSize: number }, Uint8Array>(deflateBytes);

/** Of tiles of slides, the usual level 6 takes four times as long for 5 % fewer bytes. */
const level = 4;

/**
 * Bytes that are got at once: zlib's own 16 KB send a tile to and fro a dozen times. What is inflated is got in one piece, whatever its
 * size: of several, all would be held twice while they are put together.
 */
const piece = { min: 2 ** 10, max: 2 ** 22 };

export const deflate: ByteCodec = {
  // A tile that inflates to more than it should is refused before it fills the memory.
  decompress: (bytes, length) => inflateAsync(bytes, inflatingTo(length)),
  // A copy: the unused rest of a piece would be kept as long as the tile.
  compress: async (bytes) => new Uint8Array(await deflateAsync(bytes, { level, chunkSize: pieceFor(bytes.length) })),
};

/** How Node's zlib inflates so many bytes: at once, and not to many more. */
export function inflatingTo(length: number): { readonly maxOutputLength: number; readonly chunkSize: number } {
  // Room for one byte more, or zlib asks whether there is another
  return { maxOutputLength: length + 1, chunkSize: Math.max(piece.min, length + 1) };
}

function pieceFor(length: number): number {
  return Math.min(piece.max, Math.max(piece.min, length));
}
