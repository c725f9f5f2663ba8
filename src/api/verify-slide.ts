// Proof that a flattened slide is what it says, from it and its source alone: every tile is made again and compared, and every
// tile of the finest level is looked for among the source's own.
import { decodeTile } from '../codecs/codec.js';
import { describePlace, SlideError } from '../errors.js';
import { JpegTile } from '../jpeg/jpeg-tile.js';
import { mcuChoice } from '../jpeg/mcu-choice.js';
import { spliceTables } from '../jpeg/tables.js';
import { verifyQuilt } from '../jpeg/verify-quilt.js';
import { checkOptions } from '../options/check-options.js';
import { openingOptions } from '../options/opening.js';
import type { AnyTable } from '../options/option-table.js';
import { parseValue } from '../options/parse-value.js';
import { defaultConcurrency, runningOptions } from '../options/running.js';
import { sameBytes } from '../output/level-storage.js';
import { readDepthMap, readProvenance } from '../output/read-provenance.js';
import { type ResultLevel, resultLevels } from '../output/result-levels.js';
import { OrderedPrefetch } from '../pipeline/ordered-prefetch.js';
import type { TileCounts } from '../report/run-report.js';
import { tileCounts } from '../report/summaries.js';
import type { DepthMap } from '../slide/depth-map.js';
import type { EncodedTile } from '../slide/encoded-tile.js';
import { findLevel } from '../slide/pyramid.js';
import type { SlideSource } from '../slide/slide-source.js';
import type { TileAddress } from '../slide/tile-address.js';
import { sameGrid, tileCount } from '../slide/tile-grid.js';
import type { OpenOptions } from '../slide-source/open-options.js';
import { software } from '../system/version.js';
import { isOpen, type OpenedInput, openInput, type SlideInput, tellOpened } from './open-input.js';
import type { RunOptions } from './plan-slide.js';

export type VerifyOptions = OpenOptions & RunOptions;

/** All that can be set of it. */
export const verifyOptions = { ...openingOptions, ...runningOptions } as const;

export type VerifyReport = TileCounts & {
  readonly schema: 'zflat.verify/1';
  readonly verified: boolean;
  /** Tiles of all levels. */
  readonly tiles: number;
  /** Tiles of the finest level, by the plane they come from. */
  readonly planes: readonly number[];
  /** What is wrong, the first of them; `failures` counts all. */
  readonly problems: readonly string[];
  readonly failures: number;
};

/** Problems that are told one by one. */
const toldProblems = 20;

/** Greatest difference of a sample that an encoder of another version may make of the same pixels. */
const encoderTolerance = 12;

/** Compares a flattened slide with its source; a difference is told in the report, not thrown. */
export async function verifySlide(
  input: SlideInput,
  flattened: string | SlideSource,
  options: VerifyOptions = {},
): Promise<VerifyReport> {
  checkOptions([verifyOptions], options);
  const { concurrency = defaultConcurrency, network, signal, onEvent } = options;
  const { source: result, close } = await openInput(flattened, isOpen(flattened) ? { signal } : { network, signal });
  let opened: OpenedInput | undefined;
  try {
    const map = readDepthMap(result.info);
    const facts = readProvenance(result.info);
    opened = await openInput(input, isOpen(input) ? options : { ...openedAs(facts), ...options });
    const { source } = opened;
    checkMap(source, map);
    const quality = facts.has('quality') ? Number(facts.get('quality')) : undefined;
    const levels = await resultLevels(source, map, { quality });
    const tally = new Tally(source.info.planes.length);
    const comparison = { source, result, map, sameEncoder: facts.get('software') === software };
    const of = levels.reduce((sum, { grid }) => sum + tileCount(grid), 0);
    tellOpened(source.info, onEvent);
    onEvent?.({ type: 'writing', tiles: of });
    for (const level of levels) {
      const difference = levelDifference(comparison, level);
      if (difference) tally.addProblem(difference);
      if (difference) continue;
      const indices = Array.from({ length: tileCount(level.grid) }, (_, index) => index);
      const compare = (index: number, left: AbortSignal) => compareTile(comparison, level, index, left);
      for await (const compared of new OrderedPrefetch(indices, compare, { concurrency, signal })) {
        tally.add(compared);
        onEvent?.({ type: 'written', tiles: tally.tiles, of });
      }
    }
    return tally.report();
  } finally {
    await close();
    await opened?.close();
  }
}

type Comparison = {
  readonly source: SlideSource;
  readonly result: SlideSource;
  readonly map: DepthMap;
  /** Encoding again must give the same bytes. */
  readonly sameEncoder: boolean;
};

type ComparedTile = {
  readonly made: string;
  /** Of a tile of the finest level. */
  readonly plane: number | undefined;
  readonly problem: string | undefined;
};

/** Counts what was compared. */
class Tally {
  tiles = 0;
  readonly #made = new Map<string, number>();
  readonly #planes: number[];
  readonly #problems: string[] = [];
  #failures = 0;

  constructor(planeCount: number) {
    this.#planes = Array(planeCount).fill(0);
  }

  add({ made, plane, problem }: ComparedTile): void {
    this.tiles++;
    if (problem !== undefined) {
      this.addProblem(problem);
      return;
    }
    this.#made.set(made, (this.#made.get(made) ?? 0) + 1);
    if (plane !== undefined) this.#planes[plane]++;
  }

  addProblem(problem: string): void {
    if (this.#failures++ < toldProblems) this.#problems.push(problem);
  }

  report(): VerifyReport {
    return {
      schema: 'zflat.verify/1',
      verified: this.#failures === 0,
      tiles: this.tiles,
      ...tileCounts(this.#made),
      planes: this.#planes,
      problems: this.#problems,
      failures: this.#failures,
    };
  }
}

/** How the source was opened when it was flattened. The step, too: without it, planes recorded downwards are numbered the other way round. */
function openedAs(facts: ReadonlyMap<string, string>): OpenOptions {
  const rows = Object.entries(openingOptions as AnyTable).filter(([name]) => facts.has(name));
  const choices = Object.fromEntries(rows.map(([name, row]) => [name, parseValue(row, facts.get(name) as string)]));
  // Whether its planes are of one field was asked when it was flattened.
  return { ...choices, unrelated: true };
}

/** `mismatch` where the map can't be one of this source. */
function checkMap({ info }: SlideSource, { level, columns, rows, planeCount }: DepthMap): void {
  const grid = findLevel(info.levels, level)?.grid;
  if (grid?.columns === columns && grid.rows === rows && info.planes.length === planeCount) return;
  const problem = `is not the source: its map has ${columns} x ${rows} tiles of ${planeCount} planes at level ${level}`;
  const hint = 'give the slide that it was flattened from';
  throw new SlideError('mismatch', problem, { file: info.files[0], hint });
}

function levelDifference({ result, source, map }: Comparison, level: ResultLevel): string | undefined {
  const number = level.level - map.level;
  const found = findLevel(result.info.levels, number);
  if (!found) return `level ${number} is missing`;
  if (!sameGrid(found.grid, level.grid)) return `level ${number} has another size or tile grid`;
  const stored = result.tileEncoding(number, 0);
  const { codec, photometric, jpegTables } = level.encoding;
  if (stored.codec !== codec || stored.photometric !== photometric)
    return `level ${number} is stored as ${stored.codec}`;
  if (!sameBytes(stored.jpegTables, jpegTables)) return `level ${number} has other JPEG tables than its source`;
  const [um, expected] = [result.info.micronsPerPixel, source.info.micronsPerPixel];
  const scaled = expected && expected.x * 2 ** map.level;
  if (number === 0 && um?.x !== scaled) return `a pixel is ${um?.x} micrometres wide, in the source ${scaled}`;
  return undefined;
}

async function compareTile(
  { source, result, map, sameEncoder }: Comparison,
  level: ResultLevel,
  index: number,
  signal: AbortSignal,
): Promise<ComparedTile> {
  const row = Math.floor(index / level.grid.columns);
  const column = index % level.grid.columns;
  const place = { level: level.level - map.level, plane: 0, row, column };
  const readBack = async (address: TileAddress) => {
    const tile = await result.readTile({ ...address, level: address.level - map.level }, signal);
    if (!tile) throw new SlideError('mismatch', 'has no such tile', { ...place, file: result.fileOf(0) });
    return tile;
  };
  const { tile: expected, made, quiltOf } = await level.make(row, column, readBack, signal);
  const plane = level.level === map.level ? map.planes[index] : undefined;
  const where = describePlace({ level: place.level, row, column });
  const actual = await result.readTile(place, signal);
  if (!actual) return { made, plane, problem: `${where}: the tile is missing` };
  const equal = sameBytes(actual.bytes, expected.bytes);
  if (quiltOf) {
    // What no decoder looks at, such as a comment, is told by the bytes alone.
    const others = sameEncoder && !equal ? 'the tile differs from what quilting it again gives' : undefined;
    const problem = (await quiltProblem(source, { level: level.level, row, column }, quiltOf, actual)) ?? others;
    return { made, plane, problem: problem && `${where}: ${problem}` };
  }
  const isEncoded = made !== 'copied' && !made.startsWith('not mixed');
  if (equal || (isEncoded && (await samePixels(actual, expected, sameEncoder))))
    return { made, plane, problem: undefined };
  const whose = await otherPlane(source, level, index, plane, actual);
  return { made, plane, problem: `${where}: the tile differs from what the map and the source give (${made})${whose}` };
}

/** What is wrong with a tile that should hold, MCU by MCU, the coefficients of the planes that are named. */
async function quiltProblem(
  source: SlideSource,
  place: { readonly level: number; readonly row: number; readonly column: number },
  shown: { readonly blocks: Uint16Array; readonly columns: number },
  actual: EncodedTile,
): Promise<string | undefined> {
  const planes = [...new Set(shown.blocks)];
  const tiles = await Promise.all(
    planes.map(async (plane) => {
      const { bytes, encoding } = (await source.readTile({ ...place, plane })) as EncodedTile;
      return new JpegTile(bytes, encoding.jpegTables);
    }),
  );
  try {
    const result = new JpegTile(actual.bytes, actual.encoding.jpegTables);
    const choice = mcuChoice(
      result.header,
      Uint8Array.from(shown.blocks, (plane) => planes.indexOf(plane)),
      shown.columns,
    );
    const difference = verifyQuilt(result, tiles, choice);
    if (!difference) return undefined;
    if (difference.kind === 'header')
      return `its header differs from that of plane ${planes[difference.tile]}: ${difference.reason}`;
    const { mcuColumns } = result.header;
    const [down, across] = [Math.floor(difference.mcu / mcuColumns), difference.mcu % mcuColumns];
    return `MCU ${difference.mcu} (row ${down}, column ${across} of the tile) has not the coefficients of plane ${planes[difference.tile]}`;
  } catch (error) {
    return `the tile can't be decoded: ${(error as Error).message}`;
  }
}

/** Whether tiles that were encoded show the same: exactly, or nearly where another version of the encoder may have made them. */
async function samePixels(actual: EncodedTile, expected: EncodedTile, sameEncoder: boolean): Promise<boolean> {
  const lossless = expected.encoding.codec !== 'jpeg';
  if (sameEncoder && !lossless) return false;
  const decoded = await decodeTile(actual).catch(() => undefined);
  if (!decoded) return false;
  const { data } = await decodeTile(expected);
  const tolerance = lossless ? 0 : encoderTolerance;
  return decoded.data.every((sample, i) => Math.abs(sample - data[i]) <= tolerance);
}

/** Which plane a tile of the finest level comes from, if not from that of the map. */
async function otherPlane(
  source: SlideSource,
  { level, grid }: ResultLevel,
  index: number,
  named: number | undefined,
  actual: EncodedTile | undefined,
): Promise<string> {
  if (named === undefined || !actual) return '';
  const [row, column] = [Math.floor(index / grid.columns), index % grid.columns];
  for (const { plane } of source.info.planes) {
    const tile = await source.readTile({ level, plane, row, column });
    if (!tile) continue;
    const whole = spliceTables(tile.encoding.jpegTables, tile.bytes);
    if (!sameBytes(actual.bytes, tile.bytes) && !sameBytes(actual.bytes, whole)) continue;
    return `: it is that of plane ${plane}, the map names plane ${named}`;
  }
  return `: it is that of no plane, the map names plane ${named}`;
}
