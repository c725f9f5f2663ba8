// What is asked about the blocks of tiles, as jobs: bytes in, numbers out.
import { decodeTileLuma } from '../codecs/codec.js';
import { jpegStream } from '../codecs/jpeg-stream.js';
import { locating } from '../errors.js';
import { blockDifference } from '../focus/block-difference.js';
import { blockFocus, type ZigzagBand } from '../jpeg/block-focus.js';
import { parseJpegHeader } from '../jpeg/header.js';
import { decideTile, packChoice } from '../planner/blocks/decide-tile.js';
import { type BlockScores, type BlocksBelow, shortlistBelow } from '../planner/blocks/shortlist.js';
import { blockSize } from '../slide/depth-map.js';
import type { EncodedTile } from '../slide/encoded-tile.js';
import type { Size } from '../slide/geometry.js';

/** What blocks are measured by: the coefficients of their JPEG stream, or pixels. */
export type BlockMeasure = 'coefficients' | 'pixels';

/** The middle band makes the same choice as pixels do; a level above, what is finer tells best of the level below: experiments/eye. */
const band: ZigzagBand = { first: 3, last: 27 };
const bandAbove: ZigzagBand = { first: 10, last: 63 };

/** The least that a score can change by: a block of pixels that differ by 1/32 of a grey level, or what a mean step of quantisation is. */
const pixelQuantum = blockSize ** 2 / 32;

export function blockQuantum({ bytes, encoding }: EncodedTile, measure: BlockMeasure): number {
  if (measure === 'pixels') return pixelQuantum;
  const { components } = parseJpegHeader(bytes, encoding.jpegTables);
  const steps = components[0].quantTable.slice(band.first, band.last + 1);
  return steps.reduce((sum, step) => sum + step, 0) / steps.length;
}

type Blocks = { readonly columns: number; readonly scores: Float32Array; readonly luma: Float32Array };

/** Blocks of `side` pixels in the part of a tile that shows the slide: 16 on the decision level, less above it. */
async function measureBlocks(tile: EncodedTile, shown: Size, side: number, measure: BlockMeasure): Promise<Blocks> {
  if (measure === 'pixels') return blockDifference(await decodeTileLuma(tile), shown, side);
  const stream = jpegStream(tile);
  const header = parseJpegHeader(stream, tile.encoding.jpegTables);
  return blockFocus(stream, header, side === blockSize ? band : bandAbove, shown, side);
}

/** The scores of all blocks, then their mean luma, 0 to 255. */
export async function blockNumbers(
  tile: EncodedTile,
  shown: Size,
  side: number,
  measure: BlockMeasure,
): Promise<Float32Array> {
  const { scores, luma } = await measureBlocks(tile, shown, side, measure);
  const numbers = new Float32Array(scores.length + luma.length);
  const wide = measure === 'pixels' && tile.encoding.sample.endsWith('16') ? 1 / 257 : 1;
  numbers.set(scores);
  for (const [block, mean] of luma.entries()) numbers[scores.length + block] = wide * mean;
  return numbers;
}

/** Tiles of planes; undefined where the slide has none. */
type Tiles = readonly (EncodedTile | undefined)[];

/** By plane: the scores of a tile's blocks, NaN where there is no tile. */
async function scoresOf(planes: readonly number[], tiles: Tiles, shown: Size, side: number): Promise<Float32Array[]> {
  const count = Math.ceil(shown.width / side) * Math.ceil(shown.height / side);
  const scores: Float32Array[] = [];
  for (const [i, plane] of planes.entries()) {
    const tile = tiles[i];
    const measured = tile && (await locating({ plane }, () => measureBlocks(tile, shown, side, 'coefficients')));
    scores.push(measured ? measured.scores : new Float32Array(count).fill(Number.NaN));
  }
  return scores;
}

/** The answer to a `shortlist` question from JPEG tiles of all planes, in their order. */
export async function shortlistTilesBelow(
  tiles: Tiles,
  shown: Size,
  side: number,
  below: readonly BlocksBelow[],
  own: readonly number[],
  noise: number,
): Promise<Float64Array> {
  const planes = tiles.map((_, plane) => plane);
  return shortlistBelow(await scoresOf(planes, tiles, shown, side), Math.ceil(shown.width / side), below, own, noise);
}

/** The answer to a `choice` question from JPEG tiles of the planes named. */
export async function chooseBlocksOfTile(
  planes: readonly number[],
  tiles: Tiles,
  shown: Size,
  own: number,
  noise: number,
): Promise<Float64Array> {
  return choiceAmong(planes, await scoresOf(planes, tiles, shown, blockSize), shown, own, noise);
}

/** The answer to a `choice` question from the scores of planes, NaN where one lacks the tile. */
export function choiceAmong(
  planes: readonly number[],
  scores: readonly BlockScores[],
  shown: Size,
  own: number,
  noise: number,
): Float64Array {
  const columns = Math.ceil(shown.width / blockSize);
  const rows = Math.ceil(shown.height / blockSize);
  const known = planes.map((_, i) => i).filter((i) => !Number.isNaN(scores[i][0]));
  const scored = { columns, rows, planes: known.map((i) => planes[i]), scores: known.map((i) => scores[i]) };
  return packChoice(decideTile(scored, own, noise), columns * rows);
}
