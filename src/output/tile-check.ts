// What is looked at in tiles that are copied without being decoded: all that costs nothing. Markers at start and end, lengths, sizes in
// headers, tables that are referred to. Whether the bytes between are sound, only decoding tells (--check full).
import { checkCodestream } from '../codecs/codestream.js';
import { SlideError } from '../errors.js';
import type { CodecName, TileEncoding } from '../slide/encoded-tile.js';
import { bytesPerSample } from '../slide/raster.js';
import type { TileCheck } from '../slide/tile-run.js';
import { frameCheck } from './frame-check.js';

/** What a tile's bytes must be like; throws, or answers what is wrong with them. */
type Look = (bytes: Uint8Array, encoding: TileEncoding) => string | undefined;

const looks: Readonly<Record<Exclude<CodecName, 'jpeg'>, Look>> = {
  raw: ({ length }, encoding) => {
    const expected = sampleBytes(encoding);
    return length < expected ? `expected ${expected} bytes of samples, got ${length}` : undefined;
  },
  // RFC 1950, 2.2: method 8, a header divisible by 31, no preset dictionary; behind the data four bytes of checksum.
  deflate: (bytes) => {
    const [method, flags] = bytes;
    const isHeader = (method & 15) === 8 && (256 * method + flags) % 31 === 0 && (flags & 32) === 0;
    return bytes.length >= 8 && isHeader ? undefined : 'expected a zlib stream';
  },
  // TIFF 6.0, section 13: the first code, of 9 bits, is Clear; in old files, its low bits come first.
  lzw: ([first, second = 0]) => {
    const clears = (first === 0x80 && second < 0x80) || (first === 0 && (second & 1) === 1);
    return clears ? undefined : 'expected an LZW stream, which begins with its code Clear';
  },
  zstd: (bytes, encoding) => lookAtZstd(bytes, sampleBytes(encoding)),
  jpeg2000: (bytes, encoding) => {
    checkCodestream(bytes, encoding);
    let end = bytes.length;
    while (end > 0 && bytes[end - 1] === 0) end--;
    return bytes[end - 2] === 0xff && bytes[end - 1] === 0xd9
      ? undefined
      : 'the JPEG 2000 stream does not end with EOC';
  },
};

/** Answers a check of tiles stored like this, one after the other. */
export function tileCheck(encoding: TileEncoding): TileCheck {
  const { codec } = encoding;
  if (codec === 'jpeg') return frameCheck(encoding);
  const look = looks[codec];
  return (room, from, to) => {
    const wrong = look(room.subarray(from, to), encoding);
    if (wrong !== undefined) throw new SlideError('damaged', wrong);
  };
}

function sampleBytes({ width, height, channels, sample }: TileEncoding): number {
  return width * height * channels * bytesPerSample(sample);
}

/** RFC 8878, 3.1.1: the magic number, and how much comes out, where the first frame says so. */
function lookAtZstd(bytes: Uint8Array, expected: number): string | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 9 || view.getUint32(0, true) !== 0xfd2f_b528) return 'expected a zstd stream';
  const descriptor = bytes[4];
  const single = (descriptor & 32) !== 0;
  const at = 5 + (single ? 0 : 1) + [0, 1, 2, 4][descriptor & 3];
  const width = [single ? 1 : 0, 2, 4, 8][descriptor >> 6];
  if (width === 0 || at + width > bytes.length) return undefined;
  const told =
    width === 8
      ? Number(view.getBigUint64(at, true))
      : width === 4
        ? view.getUint32(at, true)
        : width === 2
          ? 256 + view.getUint16(at, true)
          : bytes[at];
  return told > expected ? `expected ${expected} bytes of samples, the zstd stream has ${told}` : undefined;
}
