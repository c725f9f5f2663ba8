// zarrita's codecs, but for those whose output has no bound: a few bytes that inflate to gigabytes are refused, since what a chunk
// holds is known beforehand.
import { promisify } from 'node:util';
import { unzip } from 'node:zlib';
import { registry } from 'zarrita';
import { inflatingTo } from '../../codecs/deflate.js';
import { zstd } from '../../codecs/zstd.js';

const unzipAsync = promisify<Uint8Array, ReturnType<typeof inflatingTo>, Uint8Array>(unzip);

type Registered = Awaited<ReturnType<NonNullable<ReturnType<typeof registry.get>>>>;
type ChunkMeta = { readonly dataType: string; readonly shape: readonly number[] };
type Decode = (bytes: Uint8Array) => Promise<Uint8Array>;

/** Beyond the samples: what codecs between may add (checksums, headers). */
const slack = 65_536;

/** Bytes that the samples of a chunk take. */
function chunkBytes({ dataType, shape }: ChunkMeta): number {
  const bits = Number(/(\d+)$/.exec(dataType)?.[1] ?? 8);
  return (shape.reduce((product, side) => product * side, 1) * bits) / 8;
}

function decoder(decodeFor: (length: number, config: unknown, meta: ChunkMeta) => Decode): Registered {
  return {
    kind: 'bytes_to_bytes',
    fromConfig: (config: unknown, meta: ChunkMeta) => ({
      kind: 'bytes_to_bytes',
      decode: decodeFor(chunkBytes(meta), config, meta),
      encode: () => {
        throw new Error('zflat writes no Zarr');
      },
    }),
  } as unknown as Registered;
}

const inflated = decoder((length) => (bytes) => unzipAsync(bytes, inflatingTo(length + slack)));

/** RFC 8878: the decoder is given as much room as the chunk takes. */
const zstandard = decoder((length) => async (bytes) => {
  const decoded = await zstd.decompress(bytes, length);
  if (decoded.length !== length) throw new Error(`expected ${length} bytes, got ${decoded.length}`);
  return decoded;
});

/** Where a stream says, in 32 bits, low byte first, how long its output is, and how long it is itself. */
type Announcement = { readonly output: number; readonly stream?: number };

/** Codecs of zarrita's own whose streams announce their output. */
function announced(name: string, { output, stream }: Announcement): Registered {
  const own = registry.get(name);
  return decoder((length, config, meta) => async (bytes) => {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const told = (at: number) => (bytes.length >= at + 4 ? view.getUint32(at, true) : -1);
    if (told(output) < 0 || told(output) > length + slack) {
      throw new Error(`expected ${length} bytes of samples, it announces ${told(output)}`);
    }
    // Of a stream cut short, Blosc decodes what it finds behind it in memory.
    if (stream !== undefined && told(stream) !== bytes.length) {
      throw new Error(`it announces ${told(stream)} bytes, but has ${bytes.length}`);
    }
    const Codec = (await own?.()) as unknown as { fromConfig(config: unknown, meta: ChunkMeta): { decode: Decode } };
    return Codec.fromConfig(config, meta).decode(bytes);
  });
}

const replaced: Readonly<Record<string, Registered>> = {
  gzip: inflated,
  zlib: inflated,
  zstd: zstandard,
  // The Blosc 1 header: versions, flags and type size, a byte each, then bytes uncompressed, of a block, compressed.
  blosc: announced('blosc', { output: 4, stream: 12 }),
  lz4: announced('lz4', { output: 0 }),
};

/** Codecs that zflat reads chunks by; further ones that zarrita knows change samples, or are for text. */
export const readableCodecs: ReadonlySet<string> = new Set(
  [...Object.keys(replaced), 'shuffle']
    .flatMap((name) => [name, `numcodecs.${name}`])
    .concat(['bytes', 'transpose', 'crc32c', 'sharding_indexed']),
);

/** Puts them into zarrita's registry, which is one for the whole process. */
export function registerBoundedCodecs(): void {
  for (const [name, codec] of Object.entries(replaced)) {
    registry.set(name, async () => codec);
    registry.set(`numcodecs.${name}`, async () => codec);
  }
}
