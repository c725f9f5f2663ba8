// A level stored as one JPEG as large as itself, whose restart segments can be read one by one: `columns` of them lie side by side
// in each row of MCUs. NDPI lists where each begins; what it says is checked against the markers as they are read.
import type { ByteReader } from '../../bytes/byte-reader.js';
import { SlideError } from '../../errors.js';
import { type JpegHeader, parseJpegHeader } from '../../jpeg/header.js';
import type { Size } from '../../slide/geometry.js';
import type { TileBlock } from '../../slide/pyramid.js';

/** Where a level's only stream is: its size in pixels, its place and length in bytes. */
export type JpegStrip = Size & {
  readonly stripOffset: number;
  readonly stripBytes: number;
  /** Where in the strip each restart segment begins; undefined where the file does not say. */
  readonly segmentStarts: Float64Array | undefined;
};

/** Bytes before a scan at most: tables, and perhaps a colour profile. */
const longestPrefix = 1 << 18;
/** Bytes of whole rows that are fetched at once over a network: what lies between the segments of a block is fetched anyway. */
const longestRows = 4 << 20;

export type RestartSegments = {
  readonly header: JpegHeader;
  /** The markers before the scan, SOI to SOS. */
  readonly prefix: Uint8Array;
  /** Pixels of a segment; it is one MCU high. */
  readonly width: number;
  readonly height: number;
  readonly columns: number;
  readonly rows: number;
  /** Bytes of a segment, without the marker behind it. */
  length(row: number, column: number): number;
  /** The segments of a block, row by row; last row and column excluded. */
  read(block: TileBlock): Promise<Uint8Array[]>;
};

/** The markers before the scan of a directory's stream, and what they say. */
export async function readPrefix(reader: ByteReader, { stripOffset, stripBytes, segmentStarts }: JpegStrip) {
  const wanted = segmentStarts?.[0] ?? longestPrefix;
  const length = Math.min(stripBytes, wanted > 0 && wanted <= longestPrefix ? wanted : longestPrefix);
  const bytes = await reader.read(stripOffset, length);
  const header = parseJpegHeader(bytes);
  return { header, prefix: Uint8Array.from(bytes.subarray(0, header.scanStart)) };
}

/** The segments of a level; undefined where it has none that can be read apart, or where the list of them can't be right. */
export async function restartSegments(
  reader: ByteReader,
  directory: JpegStrip,
  { header, prefix }: { readonly header: JpegHeader; readonly prefix: Uint8Array },
): Promise<RestartSegments | undefined> {
  const { stripOffset, stripBytes, segmentStarts: starts } = directory;
  const { restartInterval, mcuWidth, mcuHeight } = header;
  const across = Math.ceil(directory.width / mcuWidth);
  const rows = Math.ceil(directory.height / mcuHeight);
  const columns = across / restartInterval;
  if (!starts || !header.interleaved || !Number.isInteger(columns) || starts.length !== columns * rows)
    return undefined;
  const ends = (index: number) => (index + 1 < starts.length ? starts[index + 1] : stripBytes);
  if (starts[0] !== prefix.length) return undefined;
  for (let i = 0; i < starts.length; i++) if (ends(i) < starts[i] + 2) return undefined;
  if (ends(starts.length - 1) > stripBytes) return undefined;

  const length = (row: number, column: number) => {
    const index = row * columns + column;
    return ends(index) - starts[index] - 2;
  };
  return {
    header,
    prefix,
    width: restartInterval * mcuWidth,
    height: mcuHeight,
    columns,
    rows,
    length,
    read: async ({ row, column, rowEnd, columnEnd }) => {
      const whole = ends(rowEnd * columns - 1) - starts[row * columns];
      // The same range for every block of these rows, so that a cache answers all but the first.
      const shared =
        reader.distant && rowEnd > row + 1 && whole <= longestRows
          ? await reader.read(stripOffset + starts[row * columns], whole)
          : undefined;
      const lines = Array.from({ length: rowEnd - row }, async (_, line) => {
        const first = (row + line) * columns + column;
        const last = first + columnEnd - column - 1;
        const at = shared ? starts[first] - starts[row * columns] : 0;
        const bytes =
          shared?.subarray(at) ?? (await reader.read(stripOffset + starts[first], ends(last) - starts[first]));
        return Array.from({ length: columnEnd - column }, (_, i) => {
          const from = starts[first + i] - starts[first];
          const to = from + length(row + line, column + i);
          expectMarker(bytes, to, first + i, starts.length, reader.name);
          return bytes.subarray(from, to);
        });
      });
      return (await Promise.all(lines)).flat();
    },
  };
}

/** `damaged` unless the marker that must follow a segment does: RSTn, or EOI after the last. */
function expectMarker(bytes: Uint8Array, at: number, index: number, count: number, file: string): void {
  const expected = index + 1 < count ? 0xd0 + (index % 8) : 0xd9;
  if (bytes[at] === 0xff && bytes[at + 1] === expected) return;
  const problem = `restart segment ${index} does not end where the file says: expected FF ${expected.toString(16).toUpperCase()}`;
  throw new SlideError('damaged', problem, { file });
}
