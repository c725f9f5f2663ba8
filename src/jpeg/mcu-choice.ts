// From the blocks of a depth map to the MCUs of a JPEG tile, whose size depends on its sampling (ITU-T T.81, A.2).
import { blockSize } from '../slide/depth-map.js';
import type { JpegHeader } from './header.js';

/**
 * The choice of each MCU, row-major, from a row-major choice of blocks with `blockColumns` a row. MCUs of 8 pixels take that
 * of the block they lie in; one that is wider or higher than a block (4:1:1 has 32 x 8) that of its first block, so choose for pairs
 * there. MCUs beyond the last block column or row, at the edge of an image, take that of the last one.
 */
export function mcuChoice(header: JpegHeader, blocks: Uint8Array, blockColumns: number): Uint8Array {
  const { mcuColumns, mcuRows, mcuWidth, mcuHeight } = header;
  const blockRows = blocks.length / blockColumns;
  if (!Number.isInteger(blockRows) || blockRows === 0) {
    throw new RangeError(`expected rows of ${blockColumns} blocks, got ${blocks.length} blocks`);
  }
  const choice = new Uint8Array(mcuColumns * mcuRows);
  let mcu = 0;
  for (let row = 0; row < mcuRows; row++) {
    const from = blockColumns * Math.min(Math.floor((row * mcuHeight) / blockSize), blockRows - 1);
    for (let column = 0; column < mcuColumns; column++) {
      choice[mcu++] = blocks[from + Math.min(Math.floor((column * mcuWidth) / blockSize), blockColumns - 1)];
    }
  }
  return choice;
}
