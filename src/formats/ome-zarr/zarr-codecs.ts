// zarrita's codecs, but for those that trust a stream: a few bytes that inflate to gigabytes are refused, since what a chunk holds is
// known beforehand; a damaged stream never shows what lay in a decoder's memory; checksums are checked.
import { promisify } from 'node:util';
import { unzip } from 'node:zlib';
import { registry } from 'zarrita';
import { decodeBlosc } from '../../codecs/blosc/blosc.js';
import { crc32c } from '../../codecs/crc32c.js';
import { inflatingTo } from '../../codecs/deflate.js';
import { decodeLz4Block } from '../../codecs/lz4.js';
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

function decoder(decodeFor: (length: number) => Decode): Registered {
  return {
    kind: 'bytes_to_bytes',
    fromConfig: (_config: unknown, meta: ChunkMeta) => ({
      kind: 'bytes_to_bytes',
      decode: decodeFor(chunkBytes(meta)),
      encode: writesNone,
    }),
  } as unknown as Registered;
}

function writesNone(): never {
  throw new Error('zflat writes no Zarr');
}

const inflated = decoder((length) => (bytes) => unzipAsync(bytes, inflatingTo(length + slack)));

/** RFC 8878: the decoder is given as much room as the chunk takes. */
const zstandard = decoder((length) => async (bytes) => {
  const decoded = await zstd.decompress(bytes, length);
  if (decoded.length !== length) throw new Error(`expected ${length} bytes, got ${decoded.length}`);
  return decoded;
});

/** Streams that announce how long their output is, in 32 bits at `at`, low byte first. */
function announced(
  at: number,
  decode: (bytes: Uint8Array, length: number) => Promise<Uint8Array> | Uint8Array,
): Registered {
  return decoder((length) => async (bytes) => {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const told = bytes.length >= at + 4 ? view.getUint32(at, true) : -1;
    if (told < length || told > length + slack) {
      throw new Error(`expected ${length} bytes of samples, it announces ${told}`);
    }
    return decode(bytes, told);
  });
}

/** The codec of numcodecs: the length, then a block. */
function decodeLz4(bytes: Uint8Array, length: number): Uint8Array {
  const decoded = new Uint8Array(length);
  decodeLz4Block(bytes.subarray(4), decoded);
  return decoded;
}

const checksumBytes = 4;

/** The bytes before a checksum, which is that of them. */
function withoutChecksum(bytes: Uint8Array): Uint8Array {
  const end = bytes.length - checksumBytes;
  if (end < 0) throw new Error('it is shorter than its checksum');
  // No view of a Buffer: zarrita's slice() must copy it.
  const content = new Uint8Array(bytes.buffer, bytes.byteOffset, end);
  const told = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(end, true);
  if (crc32c(content) !== told) throw new Error('its checksum is not that of its bytes');
  return content;
}

const checksummed = {
  kind: 'bytes_to_bytes',
  fromConfig: () => ({
    kind: 'bytes_to_bytes',
    decode: withoutChecksum,
    encode: writesNone,
    computeEncodedSize: (length: number) => length + checksumBytes,
  }),
} as unknown as Registered;

const replaced: Readonly<Record<string, Registered>> = {
  gzip: inflated,
  zlib: inflated,
  zstd: zstandard,
  // The header of a frame: versions, flags and bytes of a sample, a byte each, then bytes of the output.
  blosc: announced(4, decodeBlosc),
  lz4: announced(0, decodeLz4),
  crc32c: checksummed,
};

/** Codecs that zflat reads chunks by; further ones that zarrita knows change samples, or are for text. */
export const readableCodecs: ReadonlySet<string> = new Set(
  [...Object.keys(replaced), 'shuffle']
    .flatMap((name) => [name, `numcodecs.${name}`])
    .concat(['bytes', 'transpose', 'sharding_indexed']),
);

/** Puts them into zarrita's registry, which is one for the whole process. */
export function registerBoundedCodecs(): void {
  for (const [name, codec] of Object.entries(replaced)) {
    registry.set(name, async () => codec);
    registry.set(`numcodecs.${name}`, async () => codec);
  }
}
