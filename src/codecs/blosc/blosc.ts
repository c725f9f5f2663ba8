// Blosc 1 frames: a chunk cut into blocks, each shuffled, split by rank of bytes, compressed. Decoded here, every length checked: the
// C library in WebAssembly hands out what lay in its memory where a stream is damaged, other pixels from run to run.
import { promisify } from 'node:util';
import { inflate } from 'node:zlib';
import { inflatingTo } from '../deflate.js';
import { decodeLz4Block } from '../lz4.js';
import { zstd } from '../zstd.js';
import { decodeBloscLz } from './blosclz.js';
import { decodeSnappy } from './snappy.js';
import { unshuffleBits, unshuffleBytes } from './unshuffle.js';

const inflateAsync = promisify<Uint8Array, ReturnType<typeof inflatingTo>, Uint8Array>(inflate);

/** Fills `target` with what a stream holds, or throws. */
type Decode = (stream: Uint8Array, target: Uint8Array) => Promise<void> | void;

/** By the upper three bits of a frame's flags. */
const decoders: readonly Decode[] = [
  decodeBloscLz,
  decodeLz4Block,
  decodeSnappy,
  async (stream, target) => fill(target, await inflateAsync(stream, inflatingTo(target.length))),
  async (stream, target) => fill(target, await zstd.decompress(stream, target.length)),
];

/** Version of the format; versions 1 and 2 differ in nothing that is read here. */
const versions: readonly number[] = [1, 2];
const headerBytes = 16;
const flag = { shuffled: 1, stored: 2, bitShuffled: 4, unsplit: 16 };
/** A block is split into as many streams as a sample has bytes, up to so many, where each has so many bytes at least. */
const split = { maxStreams: 16, minBytes: 128 };

type Frame = {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly flags: number;
  readonly sampleBytes: number;
  readonly blockBytes: number;
  readonly decode: Decode;
};

/** The `length` bytes of a chunk; throws where the frame tells of another length, or is damaged. */
export async function decodeBlosc(bytes: Uint8Array, length: number): Promise<Uint8Array> {
  const frame = readFrame(bytes, length);
  const { flags, view, blockBytes } = frame;
  if (flags & flag.stored) {
    if (bytes.length !== headerBytes + length) {
      throw new Error(`expected ${length} bytes behind the header, got ${bytes.length - headerBytes}`);
    }
    return Uint8Array.from(bytes.subarray(headerBytes));
  }
  const target = new Uint8Array(length);
  const blocks = Math.ceil(length / blockBytes);
  if (headerBytes + 4 * blocks > bytes.length) throw new Error('the stream ends within its list of blocks');
  for (let block = 0; block < blocks; block++) {
    const start = view.getUint32(headerBytes + 4 * block, true);
    if (start < headerBytes + 4 * blocks) throw new Error(`block ${block} begins within the header`);
    await decodeBlock(frame, start, target.subarray(block * blockBytes, (block + 1) * blockBytes));
  }
  return target;
}

function readFrame(bytes: Uint8Array, length: number): Frame {
  if (bytes.length < headerBytes) throw new Error('the stream ends within its header');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [version, , flags, sampleBytes] = bytes;
  const [told, blockBytes, own] = [4, 8, 12].map((at) => view.getUint32(at, true));
  if (!versions.includes(version)) throw new Error(`is of version ${version}, zflat reads Blosc 1`);
  if (told !== length) throw new Error(`expected ${length} bytes of samples, it announces ${told}`);
  if (own !== bytes.length) throw new Error(`it announces ${own} bytes, but has ${bytes.length}`);
  const decode = decoders[flags >> 5];
  const possible = sampleBytes > 0 && (length === 0 || (blockBytes > 0 && blockBytes <= length));
  if (!decode || !possible) throw new Error('its header tells of nothing that Blosc writes');
  return { bytes, view, flags, sampleBytes, blockBytes, decode };
}

async function decodeBlock(frame: Frame, start: number, target: Uint8Array): Promise<void> {
  const { flags, sampleBytes } = frame;
  const undo =
    flags & flag.shuffled && sampleBytes > 1
      ? unshuffleBytes
      : flags & flag.bitShuffled && frame.blockBytes >= sampleBytes
        ? unshuffleBits
        : undefined;
  const shuffled = undo ? new Uint8Array(target.length) : target;
  await decodeStreams(frame, start, shuffled);
  undo?.(shuffled, target, sampleBytes);
}

/** The streams of a block, each behind its length. */
async function decodeStreams(frame: Frame, start: number, target: Uint8Array): Promise<void> {
  const { bytes, view, decode } = frame;
  const streams = streamsOf(frame, target.length);
  const streamBytes = Math.floor(target.length / streams);
  let at = start;
  for (let i = 0; i < streams; i++) {
    const length = at + 4 <= bytes.length ? view.getUint32(at, true) : 0;
    at += 4;
    if (length === 0 || at + length > bytes.length) throw new Error('a block reaches beyond the end of the stream');
    const stream = bytes.subarray(at, at + length);
    const part = target.subarray(i * streamBytes, (i + 1) * streamBytes);
    // What did not shrink is stored as it was.
    if (length === streamBytes) part.set(stream);
    else await decode(stream, part);
    at += length;
  }
}

function streamsOf({ flags, sampleBytes, blockBytes }: Frame, length: number): number {
  const whole = length === blockBytes;
  const worth = sampleBytes <= split.maxStreams && blockBytes >= split.minBytes * sampleBytes;
  return whole && worth && !(flags & flag.unsplit) && blockBytes % sampleBytes === 0 ? sampleBytes : 1;
}

function fill(target: Uint8Array, decoded: Uint8Array): void {
  if (decoded.length !== target.length) throw new Error(`expected ${target.length} bytes, got ${decoded.length}`);
  target.set(decoded);
}
