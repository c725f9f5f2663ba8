// Zstandard tiles (RFC 8878), by zstddec (WebAssembly): Node 20 has no zstd of its own.
import { ZSTDDecoder } from 'zstddec';
import type { ByteCodec } from './byte-codec.js';

let ready: Promise<ZSTDDecoder> | undefined;

async function start(): Promise<ZSTDDecoder> {
  const decoder = new ZSTDDecoder();
  await decoder.init();
  return decoder;
}

export const zstd: ByteCodec = {
  decompress: async (bytes, length) => {
    ready ??= start();
    return (await ready).decode(bytes, length);
  },
};
