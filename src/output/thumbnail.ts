// A small picture of the flattened slide, for what is drawn over it.
import { decodeTile } from '../codecs/codec.js';
import { locating, throwIfAborted } from '../errors.js';
import { filledRaster, halveRaster, pasteRaster, type Raster } from '../slide/raster.js';
import { tileCount, tileRect } from '../slide/tile-grid.js';
import type { ReadBack, ResultLevel } from './result-levels.js';

/** Tiles decoded at most: a slide without coarser levels may have more, and then gets no thumbnail. */
const mostTiles = 20_000;

/** Levels that the source has are made without reading back. */
const noReadBack: ReadBack = () => Promise.reject(new RangeError('nothing was written that could be read back'));

/**
 * The slide at most `side` pixels wide and high, from the coarsest level that is not smaller, halved as needed tile by tile, so
 * that memory is bounded by the picture and one tile. Undefined where too many tiles would have to be decoded.
 */
export async function renderThumbnail(
  levels: readonly ResultLevel[],
  side: number,
  readBack: ReadBack = noReadBack,
  signal?: AbortSignal,
): Promise<Raster | undefined> {
  const level = levels.findLast(({ grid }) => Math.max(grid.width, grid.height) >= side) ?? levels[0];
  const { grid, encoding, make, origin } = level;
  if (tileCount(grid) > mostTiles) return undefined;
  const halvings = Math.max(0, Math.ceil(Math.log2(Math.max(grid.width, grid.height) / side)));
  const scale = 2 ** halvings;
  const size = { width: Math.ceil(grid.width / scale), height: Math.ceil(grid.height / scale) };
  const thumbnail = filledRaster(size, encoding, 0);
  for (let row = 0; row < grid.rows; row++) {
    for (let column = 0; column < grid.columns; column++) {
      throwIfAborted(signal);
      let raster = await locating(origin(row, column), async () =>
        decodeTile((await make(row, column, readBack, signal)).tile),
      );
      for (let i = 0; i < halvings; i++) raster = halveRaster(raster);
      const shown = tileRect(grid, row, column);
      const x = Math.floor(shown.x / scale);
      const y = Math.floor(shown.y / scale);
      const width = Math.min(raster.width, size.width - x);
      pasteRaster(thumbnail, x, y, raster, { x: 0, y: 0, width, height: Math.min(raster.height, size.height - y) });
    }
  }
  return thumbnail;
}
