// Tiles cut out of one large stream without decoding it: a plane stored as one JPEG becomes tiles that hold its own coefficients.
import type { Size } from '../slide/geometry.js';
import { layTileGrid, type TileGrid } from '../slide/tile-grid.js';
import { assembleScan, type McuRun } from './assemble-scan.js';
import type { JpegHeader } from './header.js';
import type { JpegTile } from './jpeg-tile.js';
import { damagedScan } from './scan-layout.js';
import { withStandardTables, writeHeader } from './write-header.js';

export type TileCut = {
  /** The tiles over the image; all of them are whole, those at the right and bottom edge are padded. */
  readonly grid: TileGrid;
  /**
   * The tile as a complete stream without restart markers, cut anew at each call. Padding has the DC values of the nearest MCU of the
   * image (of its last block) and no AC: the fewest bits that keep a decoder from blending foreign chroma into the edge, and no
   * detail, so that neither compressed lengths nor focus measures are led astray by what is not there.
   */
  tile(row: number, column: number): Uint8Array;
};

/**
 * Prepares to cut a stream into tiles, whose sides must be multiples of its MCU's. The stream is indexed once; memory is that of its
 * index (see ScanIndex: the scan again and 24 bytes an MCU, .6 MB for 2048 x 1536 pixels of 4:2:0 in 330 KB) and one tile, however
 * many tiles are cut; to keep output small too, take them one by one, row by row. Throws as indexScan does.
 */
export function cutTiles(stream: Pick<JpegTile, 'header' | 'index'>, tile: Size): TileCut {
  const { header } = stream;
  const { mcuWidth, mcuHeight, mcuColumns, mcuRows } = header;
  const across = tile.width / mcuWidth;
  const down = tile.height / mcuHeight;
  if (
    !Number.isInteger(across) ||
    !Number.isInteger(down) ||
    across * down < 1 ||
    Math.max(tile.width, tile.height) > 65_535
  ) {
    throw new RangeError(
      `expected tiles of whole MCUs of ${mcuWidth} x ${mcuHeight} pixels, got ${tile.width} x ${tile.height}`,
    );
  }
  const grid = layTileGrid(header, tile);
  const sources = [{ header, index: stream.index }];
  const own: JpegHeader = { ...header, ...tile, restartInterval: 0, mcuColumns: across, mcuRows: down };
  const standard = withStandardTables(own);
  const ownPrefix = writeHeader(own);
  const standardPrefix = writeHeader(standard);

  return {
    grid,
    tile(row, column) {
      if (!(row >= 0 && row < grid.rows && column >= 0 && column < grid.columns)) {
        throw new RangeError(
          `expected a tile of ${grid.rows} rows and ${grid.columns} columns, got row ${row}, column ${column}`,
        );
      }
      const runs: McuRun[] = [];
      const left = column * across;
      const count = Math.min(across, mcuColumns - left);
      for (let y = row * down; y < (row + 1) * down; y++) {
        if (y < mcuRows) {
          const first = y * mcuColumns + left;
          runs.push({ source: 0, first, count });
          if (count < across) runs.push({ source: 0, first: first + count - 1, count: across - count, flat: true });
        } else {
          const first = (mcuRows - 1) * mcuColumns + left;
          for (let x = 0; x < across; x++)
            runs.push({ source: 0, first: first + Math.min(x, count - 1), count: 1, flat: true });
        }
      }
      // Tables that were optimised for the stream may lack the DC differences that arise where it is cut.
      const bytes =
        assembleScan(ownPrefix, own, sources, runs) ?? assembleScan(standardPrefix, standard, sources, runs);
      if (!bytes) throw damagedScan('it has values that no 8-bit image has');
      return bytes;
    },
  };
}
