// Deflate tiles (zlib format, RFC 1950; TIFF Technical Note "Deflate"), by Node's own zlib on its thread pool.
import { promisify } from 'node:util';
import { deflate as deflateBytes, inflate } from 'node:zlib';
import type { ByteCodec } from './byte-codec.js';

const inflateAsync = promisify<Uint8Array, { maxOutputLength: number }, Uint8Array>(inflate);
const deflateAsync = promisify<Uint8Array, { level: number }, Uint8Array>(deflateBytes);

export const deflate: ByteCodec = {
  // A tile that inflates to more than it should is refused before it fills the memory.
  decompress: (bytes, length) => inflateAsync(bytes, { maxOutputLength: length + 1 }),
  compress: (bytes) => deflateAsync(bytes, { level: 6 }),
};
