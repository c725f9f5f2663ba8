// Focus of a tile and of each cell in it (a block of 16 pixels of the depth map, or of 8 a level above), from its quantised coefficients: the sum of
// |dequantised AC| of luma blocks over a band of zigzag indices (ITU-T T.81, A.3.6).
import { SlideError } from '../errors.js';
import { blockSize } from '../slide/depth-map.js';
import type { Size } from '../slide/geometry.js';
import { type BandRequest, sumBands } from './band-sums.js';
import { colourOf, type JpegHeader } from './header.js';
import { sumByKernel } from './kernels/scan-kernels.js';
import { layOutScan, oncePerHeader } from './scan-layout.js';

/** Zigzag indices, 1 to 63, both included. */
export type ZigzagBand = { readonly first: number; readonly last: number };

export type BlockFocus = {
  /** Cells of the size asked for, row-major; the last of a row or column may be narrower or lower. */
  readonly columns: number;
  readonly rows: number;
  /** Sum of all scores: the focus measure of the tile. */
  readonly total: number;
  readonly scores: Float32Array;
  /** Mean luma of each cell, from DC values: 0 to 255, give or take a quantisation step. */
  readonly luma: Float32Array;
};

/**
 * Measures the focus of a stream whose header was parsed (with the tables it relies on). `extent`: the part of the tile, from its
 * top left, that shows the image; blocks wholly beyond it do not count, and there are no cells for them. RGB streams are measured on
 * green. `cellSize`: the side of a cell in pixels, 8 or more, a power of 2. Throws as indexScan does, and `unsupported` for luma coarser than chroma or for 2 or 4 components.
 */
export function blockFocus(
  bytes: Uint8Array,
  header: JpegHeader,
  band: ZigzagBand,
  extent: Size = header,
  cellSize = blockSize,
): BlockFocus {
  const component = lumaOf(header);
  const { quantTable } = header.components[component];
  const { first, last } = band;
  if (!(first >= 1 && first <= last && last <= 63))
    throw new RangeError(`expected a band within 1 to 63, got ${first} to ${last}`);
  const weights = new Int32Array(256);
  for (let k = first; k <= last; k++) weights[k + 1] = quantTable[k];
  const width = Math.min(extent.width, header.width);
  const height = Math.min(extent.height, header.height);
  const columns = Math.ceil(width / cellSize);
  const rows = Math.ceil(height / cellSize);
  const request: BandRequest = { component, weights, last, width, height, columns, rows, cellSize };
  const { scores, luma } = sumByKernel(bytes, header, request) ?? sumBands(bytes, header, request);

  let total = 0;
  // the DC value of a block is 8 times its mean, less 128 (A.3.1, A.3.3)
  const ofBlock = quantTable[0] / 8;
  const ofCell = ofBlock / (cellSize / 8) ** 2;
  const isWhole = width % cellSize === 0 && height % cellSize === 0;
  for (let cell = 0; isWhole && cell < luma.length; cell++) {
    luma[cell] = 128 + luma[cell] * ofCell;
    total += scores[cell];
  }
  for (let row = 0, cell = 0; !isWhole && row < rows; row++) {
    const blockRows = Math.ceil(Math.min(height - cellSize * row, cellSize) / 8);
    for (let column = 0; column < columns; column++, cell++) {
      const blocks = blockRows * Math.ceil(Math.min(width - cellSize * column, cellSize) / 8);
      luma[cell] = 128 + (luma[cell] * ofBlock) / blocks;
      total += scores[cell];
    }
  }
  return { columns, rows, total, scores, luma };
}

/** The component that is measured; `unsupported` where it is coarser than others. */
const lumaOf = oncePerHeader((header) => {
  layOutScan(header);
  const component = colourOf(header) === 'rgb' ? 1 : 0;
  const { h, v } = header.components[component];
  if (8 * h !== header.mcuWidth || 8 * v !== header.mcuHeight)
    throw new SlideError('unsupported', 'the JPEG stream has luma coarser than chroma');
  return component;
});
