// CZI levels whose pictures are JPEG streams beside each other on the tile grid: nothing has to be put together. A picture that is as
// large as a tile is one, byte for byte; tiles of larger ones are cut out of their coefficients, and nothing is decoded to pixels.
import type { ByteReader } from '../../bytes/byte-reader.js';
import { locating, SlideError, throwIfAborted } from '../../errors.js';
import { cutTiles, type TileCut } from '../../jpeg/cut-tiles.js';
import { colourOf, type JpegHeader, parseJpegHeader } from '../../jpeg/header.js';
import { indexScan } from '../../jpeg/index-scan.js';
import { unreadableCoding } from '../../jpeg/scan-layout.js';
import { streamEncoding } from '../../jpeg/stream-encoding.js';
import type { EncodedTile, TileEncoding } from '../../slide/encoded-tile.js';
import type { Size } from '../../slide/geometry.js';
import { type TileGrid, tileCount, tileIndex } from '../../slide/tile-grid.js';
import { checkPlausible } from '../../slide-source/single-stream/single-stream-level.js';
import { StripCache } from '../../slide-source/strip-cache.js';
import { countOnTiles } from './czi-coverage.js';
import type { MosaicLevel, PlacedBlock } from './czi-mosaic.js';
import { cziCompression, type SubBlock } from './sub-block.js';
import { locateData } from './sub-block-data.js';

/** The longest side of pictures that are taken for tiles as they are. */
const largestTile = 1024;

/** Indexed streams kept for the tiles beside: the scan and 24 bytes for each MCU of some ten pictures of 2048 x 2048 pixels. */
const keptBytes = 64 << 20;

/** What a level is cut to pieces with, of all planes of a slide. */
export type StreamCuts = StripCache<TileCut>;

export function streamCuts(): StreamCuts {
  return new StripCache(keptBytes);
}

/** The size of the pictures of level 0, where JPEG pictures can be tiles as they are. */
export function ownTile(finest: readonly SubBlock[]): Size | undefined {
  const [first] = finest;
  const { storedWidth: width, storedHeight: height } = first;
  const fits = (side: number) => side % 16 === 0 && side <= largestTile;
  return fits(width) && fits(height) && finest.every(isJpeg) ? { width, height } : undefined;
}

function isJpeg({ compression, pixelType }: SubBlock): boolean {
  return compression === cziCompression.jpeg && pixelType !== 1;
}

/** Whether every picture of the level, on all planes, is a JPEG that covers whole tiles, and no other lies over it. */
export function liesOnGrid({ grid, planes }: MosaicLevel): boolean {
  const { width, height, tileWidth, tileHeight } = grid;
  const whole = (from: number, length: number, tile: number, image: number) =>
    from >= 0 && from % tile === 0 && (length % tile === 0 || from + length >= image);
  return [...planes.values()].every(
    (placed) =>
      placed.length > 0 &&
      placed.every(
        (each) =>
          isJpeg(each.block) &&
          whole(each.x, each.width, tileWidth, width) &&
          whole(each.y, each.height, tileHeight, height),
      ) &&
      countOnTiles(placed, grid).every((count) => count <= 1),
  );
}

export type JpegTiles = {
  readonly grid: TileGrid;
  readonly encoding: TileEncoding;
  /** Bytes of each tile, row-major: 1 where they are not known yet, 0 where there is none. */
  readonly lengths: () => Float64Array;
  /** Whether lengths are known, once they were looked up. */
  readonly lengthsKnown: () => boolean;
  readonly findLengths: () => Promise<void>;
  readonly readTile: (row: number, column: number, signal?: AbortSignal) => Promise<EncodedTile | undefined>;
};

/** Opens one plane of a level that lies on the grid; undefined where its streams are of a coding that can't be cut. */
export async function openJpegTiles(
  { level, grid, planes }: MosaicLevel,
  plane: number,
  files: ReadonlyMap<number, ByteReader>,
  cuts: StreamCuts,
): Promise<JpegTiles | undefined> {
  const placed = planes.get(plane) as readonly PlacedBlock[];
  const tile = { width: grid.tileWidth, height: grid.tileHeight };
  const first = await readStream(placed[0].block, files);
  if (unreadableCoding(first.header) || tile.width % first.header.mcuWidth || tile.height % first.header.mcuHeight) {
    return undefined;
  }
  const encoding = streamEncoding(first.header, tile);
  const owners = ownersOf(placed, grid);
  const lengths = Float64Array.from(owners, (owner) => (owner < 0 ? 0 : 1));
  const isTile = ({ width, height }: Size) => width === tile.width && height === tile.height;
  const apart = placed.every(isTile) && [...files.values()].every(({ distant }) => !distant);
  let known = false;
  return {
    grid,
    encoding,
    lengths: () => lengths,
    lengthsKnown: () => known,
    findLengths: async () => {
      if (!apart || known) return;
      for (const [index, owner] of owners.entries()) {
        if (owner >= 0) lengths[index] = (await rangeOf(placed[owner].block, files)).length;
      }
      known = true;
    },
    readTile: async (row, column, signal) => {
      throwIfAborted(signal);
      const owner = owners[tileIndex(grid, row, column)];
      if (owner < 0) return undefined;
      const picture = placed[owner];
      if (isTile(picture)) {
        const { bytes, header } = await readStream(picture.block, files, signal);
        checkAlike(header, first.header);
        return { bytes, encoding };
      }
      const cut = await cuts.get(`${level}:${plane}:${owner}`, async () => {
        const { bytes, header } = await readStream(picture.block, files);
        checkAlike(header, first.header);
        checkPlausible(header, header, bytes.length, nameOf(picture.block, files));
        const index = indexScan(bytes, header);
        return { value: cutTiles({ header, index }, tile), cost: bytes.length + 24 * index.mcus };
      });
      return { bytes: cut.tile(row - picture.y / tile.height, column - picture.x / tile.width), encoding };
    },
  };
}

/** The picture that each tile is of, row-major; -1 where none is. No two cover one tile. */
function ownersOf(placed: readonly PlacedBlock[], grid: TileGrid): Int32Array {
  const owners = new Int32Array(tileCount(grid)).fill(-1);
  for (const [owner, { x, y, width, height }] of placed.entries()) {
    const right = Math.min(grid.columns, Math.ceil((x + width) / grid.tileWidth));
    const bottom = Math.min(grid.rows, Math.ceil((y + height) / grid.tileHeight));
    for (let row = y / grid.tileHeight; row < bottom; row++) {
      owners.fill(owner, tileIndex(grid, row, x / grid.tileWidth), tileIndex(grid, row, right - 1) + 1);
    }
  }
  return owners;
}

async function rangeOf(block: SubBlock, files: ReadonlyMap<number, ByteReader>, signal?: AbortSignal) {
  const reader = files.get(block.part) as ByteReader;
  const range = await locateData(reader, block, signal);
  if (range) return range;
  const hint = 'save the slide anew in ZEN';
  throw new SlideError('damaged', `the picture at byte ${block.position} was deleted`, { file: reader.name, hint });
}

async function readStream(block: SubBlock, files: ReadonlyMap<number, ByteReader>, signal?: AbortSignal) {
  const reader = files.get(block.part) as ByteReader;
  return locating({ file: reader.name }, async () => {
    const { offset, length } = await rangeOf(block, files, signal);
    const bytes = await reader.read(offset, length, signal);
    const header = parseJpegHeader(bytes);
    const { width, height, components } = header;
    const { storedWidth, storedHeight, pixelType } = block;
    if (width === storedWidth && height === storedHeight && components.length === (pixelType === 3 ? 3 : 1)) {
      return { bytes, header };
    }
    const found = `${width} x ${height} pixels and ${components.length} colours`;
    throw new SlideError(
      'contradictory',
      `expected a JPEG of ${storedWidth} x ${storedHeight} pixels, got one of ${found}`,
    );
  });
}

/** All tiles of a level are told to be stored alike. */
function checkAlike(header: JpegHeader, first: JpegHeader): void {
  const kind = (each: JpegHeader) =>
    [unreadableCoding(each) ?? '', colourOf(each), ...each.components.map(({ h, v }) => `${h}x${v}`)].join();
  if (kind(header) === kind(first)) return;
  const hint = 'convert the slide to OME-TIFF';
  throw new SlideError('unsupported', 'its JPEG pictures differ in coding, colour or chroma subsampling', { hint });
}

function nameOf({ part }: SubBlock, files: ReadonlyMap<number, ByteReader>): string {
  return (files.get(part) as ByteReader).name;
}
