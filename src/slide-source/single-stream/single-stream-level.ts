// Tiles of a level that is stored as one JPEG as large as itself: a grid is laid over it, and tiles are made of the stream's own
// coefficients; nothing is decoded to pixels. Where a restart segment is as wide as a tile, segments are stacked as they are; else
// strips of segments are indexed, and cut at MCUs.
import type { ByteReader } from '../../bytes/byte-reader.js';
import { SlideError } from '../../errors.js';
import { cutTiles, type TileCut } from '../../jpeg/cut-tiles.js';
import type { JpegHeader } from '../../jpeg/header.js';
import { indexScan } from '../../jpeg/index-scan.js';
import { joinedLength, joinSegments, withFrameSize } from '../../jpeg/join-segments.js';
import { unreadableCoding } from '../../jpeg/scan-layout.js';
import { streamEncoding } from '../../jpeg/stream-encoding.js';
import type { EncodedTile, TileEncoding } from '../../slide/encoded-tile.js';
import type { Size } from '../../slide/geometry.js';
import { layTileGrid, type TileGrid } from '../../slide/tile-grid.js';
import type { StripCache } from '../strip-cache.js';
import { type JpegStrip, type RestartSegments, readPrefix, restartSegments } from './restart-segments.js';

export type SingleStreamLevel = {
  readonly grid: TileGrid;
  readonly encoding: TileEncoding;
  /** Bytes of a tile; undefined where tiles must be cut to know. */
  readonly tileLength: ((row: number, column: number) => number) | undefined;
  readTile(row: number, column: number): Promise<EncodedTile>;
};

/** Strips of all levels of a slide share a cache. */
export type StripCuts = StripCache<TileCut>;

/** Bytes of a stream that is indexed whole, where its restart segments can't be read apart. */
const longestStream = 16 << 20;

/** Opens a level; `key` tells it from others in the cache. `tile` is square, its side a multiple of 16. */
export async function openSingleStreamLevel(
  reader: ByteReader,
  directory: JpegStrip,
  tile: Size,
  strips: StripCuts,
  key: string,
): Promise<SingleStreamLevel> {
  const refuse = (problem: string, hint: string) => new SlideError('unsupported', problem, { file: reader.name, hint });
  const opened = await readPrefix(reader, directory);
  const { header } = opened;
  const obstacle = unreadableCoding(header);
  if (obstacle) throw refuse(`is a JPEG stream of ${obstacle}`, 'convert it to OME-TIFF');
  const { mcuWidth, mcuHeight } = header;
  if (tile.width % mcuWidth !== 0 || tile.height % mcuHeight !== 0) {
    throw refuse(`has JPEG blocks of ${mcuWidth} x ${mcuHeight} pixels`, `choose a tile size of ${mcuWidth * 8}`);
  }
  const segments = await restartSegments(reader, directory, opened);
  if (!segments && directory.stripBytes > longestStream) {
    const problem = `an image of ${directory.width} x ${directory.height} pixels is one JPEG without restart markers`;
    throw refuse(problem, 'convert it to OME-TIFF');
  }
  // Without segments, the stream says how large it is; where it leaves that open, the directory does.
  const size = segments || header.width === 0 || header.height === 0 ? directory : header;
  checkPlausible(size, header, directory.stripBytes, reader.name);
  const grid = layTileGrid({ width: size.width, height: size.height }, tile);
  const encoding = streamEncoding(header, tile);
  if (segments?.width === tile.width) return { grid, encoding, ...stackedTiles(segments, tile, encoding) };
  const readStrip = segments ? stripsOf(segments, grid) : wholeStream(reader, directory, header, grid);
  return {
    grid,
    encoding,
    tileLength: undefined,
    readTile: async (row, column) => {
      const { name, column: first, read } = readStrip(row, column);
      const cut = await strips.get(`${key}:${name}`, async () => {
        const { bytes, header: own } = await read();
        const index = indexScan(bytes, own);
        // The index holds the scan once more, and 24 bytes for each MCU.
        return { value: cutTiles({ header: own, index }, tile), cost: bytes.length + 24 * index.mcus };
      });
      return { bytes: cut.tile(segments ? 0 : row, column - first), encoding };
    },
  };
}

/** `damaged` where the image has more blocks than its stream can: each takes two codes (T.81, F.1.2), of a bit or more. */
export function checkPlausible({ width, height }: Size, header: JpegHeader, streamBytes: number, file: string): void {
  const { mcuWidth, mcuHeight, blocksPerMcu } = header;
  const blocks = Math.ceil(width / mcuWidth) * Math.ceil(height / mcuHeight) * blocksPerMcu;
  if (2 * blocks <= 8 * streamBytes) return;
  const problem = `tells of ${width} x ${height} pixels, more than its ${streamBytes} bytes can hold`;
  throw new SlideError('damaged', problem, { file });
}

/** Tiles of segments one above the other; below the image, its last segment is repeated. */
function stackedTiles({ prefix, rows, height, length, read }: RestartSegments, tile: Size, encoding: TileEncoding) {
  const ownPrefix = withFrameSize(prefix, tile);
  const rowsOf = (row: number) =>
    Array.from({ length: tile.height / height }, (_, i) => Math.min(row * (tile.height / height) + i, rows - 1));
  return {
    tileLength: (row: number, column: number) =>
      joinedLength(
        ownPrefix.length,
        rowsOf(row).map((each) => length(each, column)),
      ),
    readTile: async (row: number, column: number): Promise<EncodedTile> => {
      const numbers = rowsOf(row);
      const rowEnd = numbers[numbers.length - 1] + 1;
      const pile = await read({ row: numbers[0], rowEnd, column, columnEnd: column + 1 });
      return {
        bytes: joinSegments(
          ownPrefix,
          numbers.map((each) => pile[each - numbers[0]]),
        ),
        encoding,
      };
    },
  };
}

type Strip = {
  readonly name: string;
  /** Of its first tile. */
  readonly column: number;
  readonly read: () => Promise<{ readonly bytes: Uint8Array; readonly header: JpegHeader }>;
};

/** The strip that a tile is cut from: as many segments side by side as begin and end with a tile, as high as one. */
function stripsOf(segments: RestartSegments, grid: TileGrid): (row: number, column: number) => Strip {
  const { width, height, columns, rows, header, prefix, read } = segments;
  const together = Math.min(columns, leastCommonMultiple(width, grid.tileWidth) / width);
  const down = grid.tileHeight / height;
  const headers = new Map<string, JpegHeader>();
  const headerOf = (size: Size) => {
    const name = `${size.width} x ${size.height}`;
    const known = headers.get(name) ?? resized(header, size);
    headers.set(name, known);
    return known;
  };
  return (row, column) => {
    const group = Math.floor((column * grid.tileWidth) / (together * width));
    const from = group * together;
    const to = Math.min(from + together, columns);
    const last = Math.min((row + 1) * down, rows);
    return {
      name: `${row}:${group}`,
      column: (from * width) / grid.tileWidth,
      read: async () => {
        const block = { row: row * down, rowEnd: last, column: from, columnEnd: to };
        const shown = {
          width: Math.min(to * width, grid.width) - from * width,
          height: Math.min(last * height, grid.height) - row * grid.tileHeight,
        };
        return { bytes: joinSegments(prefix, await read(block)), header: headerOf(shown) };
      },
    };
  };
}

/** The whole level as one strip. */
function wholeStream(
  reader: ByteReader,
  { stripOffset, stripBytes }: JpegStrip,
  header: JpegHeader,
  grid: TileGrid,
): () => Strip {
  const read = async () => ({ bytes: await reader.read(stripOffset, stripBytes), header: resized(header, grid) });
  return () => ({ name: 'whole', column: 0, read });
}

/** The header of a stream of another size. */
function resized(header: JpegHeader, { width, height }: Size): JpegHeader {
  const mcuColumns = Math.ceil(width / header.mcuWidth);
  return { ...header, width, height, mcuColumns, mcuRows: Math.ceil(height / header.mcuHeight) };
}

function leastCommonMultiple(a: number, b: number): number {
  let [x, y] = [a, b];
  while (y !== 0) [x, y] = [y, x % y];
  return (a / x) * b;
}
