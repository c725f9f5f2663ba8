// One tile out of MCUs of several: a tile that mixes focal planes without decoding one of them.
import { isSlideError } from '../errors.js';
import { assembleScan, type McuRun } from './assemble-scan.js';
import { colourOf, type JpegHeader } from './header.js';
import type { JpegTile } from './jpeg-tile.js';
import { spliceByKernel } from './kernels/splice-kernel.js';
import { layOutScan, sameHuffmanTables } from './scan-layout.js';
import { sameQuantisation } from './tables.js';
import { withStandardTables, writeHeader } from './write-header.js';

export type QuiltedTile = {
  readonly quilted: true;
  readonly bytes: Uint8Array;
  /** The stream of tables that `bytes` rely on: that of the first tile chosen anywhere, or undefined where they are complete. */
  readonly tables: Uint8Array | undefined;
  /**
   * `verbatim`: one tile wins everywhere, these are its own bytes. `spliced`: bits of several, with the headers of the first tile
   * chosen anywhere. `recoded`: the same coefficients in a complete stream with the Huffman tables of annex K.
   */
  readonly how: 'verbatim' | 'spliced' | 'recoded';
};

/** Why tiles can't be quilted. */
export type UnquiltableReason =
  | 'coding' // not an 8-bit sequential Huffman scan of all components
  | 'size' // tiles of different sizes
  | 'components' // other component identifiers, or other colours
  | 'sampling' // other sampling factors
  | 'quantisation' // other step sizes
  | 'damaged'; // a stream or scan that is not whole

export type UnquiltableTile = {
  readonly quilted: false;
  readonly reason: UnquiltableReason;
  /** The tile that is to blame, or that differs from the first one chosen. */
  readonly tile: number;
};

/**
 * The tile in which every MCU has exactly the coefficients of the tile chosen for it. `choice` has an index into `tiles` for each
 * MCU, row-major (see mcuChoice). Tiles not chosen anywhere are not looked at.
 */
export function quiltTile(tiles: readonly JpegTile[], choice: Uint8Array): QuiltedTile | UnquiltableTile {
  const used = usedTiles(tiles.length, choice);
  const [lead] = used;
  const leader = tiles[lead];
  if (used.length === 1) return { quilted: true, bytes: leader.bytes, tables: leader.tables, how: 'verbatim' };

  const runs = runsOf(choice);
  const spliced = spliceAlike(tiles, used, choice, runs);
  if (spliced) return { quilted: true, bytes: spliced, tables: leader.tables, how: 'spliced' };

  for (const tile of used) {
    const reason = refusal(tiles[tile], leader) ?? damage(tiles[tile]);
    if (reason) return { quilted: false, reason, tile };
  }
  const { header } = leader;
  expectOneForEach(choice, header);
  if (used.every((tile) => sameHuffmanTables(layOutScan(tiles[tile].header), layOutScan(header)))) {
    const bytes = assembleScan(leader.bytes.subarray(0, header.scanStart), header, tiles, runs);
    if (bytes) return { quilted: true, bytes, tables: leader.tables, how: 'spliced' };
  }
  const standard = withStandardTables(header);
  const bytes = assembleScan(writeHeader(standard), standard, tiles, runs);
  // Annex K has a code for everything an encoder of 8-bit samples can write.
  return bytes
    ? { quilted: true, bytes, tables: undefined, how: 'recoded' }
    : { quilted: false, reason: 'damaged', tile: lead };
}

/** Indices of tiles that are chosen somewhere, ascending; throws a RangeError where there are none or one is not below `count`. */
export function usedTiles(count: number, choice: Uint8Array): number[] {
  const used: number[] = [];
  const seen = new Uint8Array(256);
  for (let mcu = 0; mcu < choice.length; mcu++) {
    if (seen[choice[mcu]] === 0) used.push(choice[mcu]);
    seen[choice[mcu]] = 1;
  }
  used.sort((a, b) => a - b);
  const last = used.at(-1);
  if (last === undefined || last >= count) throw new RangeError(`expected a choice among ${count} tiles, got ${last}`);
  return used;
}

/** All at once, where headers agree; undefined where they do not, where a scan is not whole, and where there are no kernels. */
function spliceAlike(
  tiles: readonly JpegTile[],
  used: readonly number[],
  choice: Uint8Array,
  runs: readonly McuRun[],
): Uint8Array | undefined {
  const leader = tiles[used[0]];
  if (used.some((tile) => refusal(tiles[tile], leader))) return undefined;
  const { bytes, header } = leader;
  expectOneForEach(choice, header);
  return spliceByKernel(bytes.subarray(0, header.scanStart), header, tiles, runs);
}

function expectOneForEach(choice: Uint8Array, { mcuColumns, mcuRows }: JpegHeader): void {
  const mcus = mcuColumns * mcuRows;
  if (choice.length !== mcus) throw new RangeError(`expected a choice for each of ${mcus} MCUs, got ${choice.length}`);
}

/** What the headers say against mixing. */
function refusal(tile: JpegTile, leader: JpegTile): UnquiltableReason | undefined {
  return reasonFor(() => {
    layOutScan(tile.header); // throws where the core can't read it
    return differenceOf(tile.header, leader.header);
  });
}

/** What the scan says against it. */
function damage(tile: JpegTile): UnquiltableReason | undefined {
  return reasonFor(() => {
    void tile.index; // throws where the scan is not whole
    return undefined;
  });
}

function reasonFor(look: () => UnquiltableReason | undefined): UnquiltableReason | undefined {
  try {
    return look();
  } catch (error) {
    if (isSlideError(error, 'damaged')) return 'damaged';
    if (isSlideError(error, 'unsupported')) return 'coding';
    throw error;
  }
}

/** What keeps MCUs of one stream from standing in the other; equal headers are one object. */
export function differenceOf(a: JpegHeader, b: JpegHeader): UnquiltableReason | undefined {
  if (a === b) return undefined;
  if (a.width !== b.width || a.height !== b.height) return 'size';
  const sameComponents =
    a.components.length === b.components.length && a.components.every(({ id }, c) => id === b.components[c].id);
  if (!sameComponents) return 'components';
  const { length } = a.components;
  // the Adobe marker alone tells the colours of four components
  const sameColours =
    length === 1 || length === 3 ? colourOf(a) === colourOf(b) : a.adobeTransform === b.adobeTransform;
  if (!sameColours) return 'components';
  if (!a.components.every(({ h, v }, c) => h === b.components[c].h && v === b.components[c].v)) return 'sampling';
  return sameQuantisation(a, b) ? undefined : 'quantisation';
}

/** Neighbours in the scan with the same choice, as one run each. */
function runsOf(choice: Uint8Array): McuRun[] {
  const runs: McuRun[] = [];
  for (let first = 0, next = 1; first < choice.length; first = next, next++) {
    const source = choice[first];
    while (next < choice.length && choice[next] === source) next++;
    runs.push({ source, first, count: next - first });
  }
  return runs;
}
