// Uncompressed tiles.
import type { ByteCodec } from './byte-codec.js';

export const raw: ByteCodec = {
  decompress: async (bytes) => bytes,
  compress: async (bytes) => bytes,
};
