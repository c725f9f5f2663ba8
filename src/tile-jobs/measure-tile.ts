// Sharpness of an encoded tile: of parts of it, by pixels or by the coefficients of its JPEG stream.

import { decodeTileLuma } from '../codecs/codec.js';
import { jpegStream } from '../codecs/jpeg-stream.js';
import { SlideError } from '../errors.js';
import {
  coefficientMeasures,
  type FocusMeasureName,
  isCoefficientMeasure,
  pixelMeasures,
} from '../focus/focus-measure.js';
import { measureLuma } from '../focus/measure-luma.js';
import { type BlockFocus, blockFocus, type ZigzagBand } from '../jpeg/block-focus.js';
import { parseJpegHeader } from '../jpeg/header.js';
import { blockSize } from '../slide/depth-map.js';
import type { EncodedTile, TileEncoding } from '../slide/encoded-tile.js';
import type { Rect, Size } from '../slide/geometry.js';
import type { SlideInfo } from '../slide/slide-info.js';

/** Throws `usage` where a slide can't be measured like this. */
export function checkMeasurable(
  { encoding, retiled, files }: SlideInfo,
  name: FocusMeasureName,
  subsample: number,
): void {
  if (!isCoefficientMeasure(name)) return;
  const pixels = `choose ${Object.keys(pixelMeasures).join(', ')}`;
  if (encoding.codec !== 'jpeg' || retiled) {
    throw new SlideError('usage', `${name} measures JPEG tiles only`, { file: files[0], hint: pixels });
  }
  if (subsample !== 1) {
    const hint = `leave --subsample out, or ${pixels}`;
    throw new SlideError('usage', `${name} decodes no pixels that could be left out`, { file: files[0], hint });
  }
}

/** Where tiles are decoded to that nobody decodes to just now, one for each that was at one time: fresh memory takes longer to get. */
const bufferPool: Buffer[] = [];
/** Pixels of a buffer at most, for they are kept. The size of a tile is what its directory says; that of its stream is not known before. */
const maxPixels = 2 ** 22;

/** Undefined for tiles that get memory of their own: very large ones, and those of codecs that decode to no buffer. */
function takeBuffer({ codec, width, height }: TileEncoding): Buffer | undefined {
  const pixels = width * height;
  if (codec !== 'jpeg' || pixels > maxPixels) return undefined;
  const buffer = bufferPool.pop();
  return buffer && buffer.length >= pixels ? buffer : Buffer.allocUnsafeSlow(pixels);
}

/**
 * The measure of each part of a tile, in the tile's own pixels; NaN for a part without pixels. Measures by coefficients count whole
 * blocks of 16 pixels, and take every pixel whatever `subsample` says.
 */
export async function measureParts(
  tile: EncodedTile,
  parts: readonly Rect[],
  name: FocusMeasureName,
  subsample: number,
): Promise<Float64Array> {
  const isEmpty = ({ width, height }: Rect) => width === 0 || height === 0;
  if (isCoefficientMeasure(name)) {
    const right = parts.reduce((most, { x, width }) => Math.max(most, x + width), 0);
    const bottom = parts.reduce((most, { y, height }) => Math.max(most, y + height), 0);
    const focus = measureBlocks(tile, { width: right, height: bottom }, coefficientMeasures[name]);
    return Float64Array.from(parts, (part) => (isEmpty(part) ? Number.NaN : sumOfBlocks(focus, part)));
  }
  const buffer = takeBuffer(tile.encoding);
  try {
    const luma = await decodeTileLuma(tile, buffer);
    return Float64Array.from(parts, (part) => (isEmpty(part) ? Number.NaN : measureLuma(name, luma, part, subsample)));
  } finally {
    if (buffer) bufferPool.push(buffer);
  }
}

/** The focus of every block of 16 pixels in the part of a JPEG tile that shows the slide, from its coefficients. */
export function measureBlocks(tile: EncodedTile, shown: Size, band: ZigzagBand): BlockFocus {
  const stream = jpegStream(tile);
  return blockFocus(stream, parseJpegHeader(stream, tile.encoding.jpegTables), band, shown);
}

function sumOfBlocks({ columns, rows, scores }: BlockFocus, { x, y, width, height }: Rect): number {
  const first = { row: Math.floor(y / blockSize), column: Math.floor(x / blockSize) };
  const end = { row: Math.ceil((y + height) / blockSize), column: Math.ceil((x + width) / blockSize) };
  let sum = 0;
  for (let row = first.row; row < Math.min(end.row, rows); row++) {
    for (let column = first.column; column < Math.min(end.column, columns); column++)
      sum += scores[row * columns + column];
  }
  return sum;
}
