// A tile made of pixels: of blocks of several planes' tiles of its level, or of the four tiles of the finer level below it.
import { filledRaster, halveRaster, type PixelFormat, pasteRaster, type Raster } from '../slide/raster.js';
import type { TileGrid } from '../slide/tile-grid.js';
import type { TilePlanes } from '../slide/tile-planes.js';

/** What a slide shows where it was not scanned: white in colour, black in grey. */
export function blankTile(grid: TileGrid, format: PixelFormat): Raster {
  const blank = format.channels === 3 ? 255 : 0;
  return filledRaster({ width: grid.tileWidth, height: grid.tileHeight }, format, blank);
}

/** Each block from the tile of its plane, whose pixels `pixels` answers; blocks of missing tiles stay blank. */
export async function composeFromPlanes(
  grid: TileGrid,
  format: PixelFormat,
  planes: TilePlanes,
  pixels: (plane: number) => Promise<Raster | undefined>,
): Promise<Raster> {
  const blank = blankTile(grid, format);
  if (planes.uniform) return (await pixels(planes.plane)) ?? blank;
  const { blocks, columns, side } = planes;
  for (const wanted of new Set(blocks)) {
    const raster = await pixels(wanted);
    if (!raster) continue;
    for (const [index, plane] of blocks.entries()) {
      if (plane !== wanted) continue;
      const x = (index % columns) * side;
      const y = Math.floor(index / columns) * side;
      const width = Math.min(side, grid.tileWidth - x);
      pasteRaster(blank, x, y, raster, { x, y, width, height: Math.min(side, grid.tileHeight - y) });
    }
  }
  return blank;
}

/** Halves the (up to) four tiles below, whose pixels `pixels` answers by row and column of the finer grid. */
export async function composeFromFiner(
  grid: TileGrid,
  format: PixelFormat,
  finer: TileGrid,
  row: number,
  column: number,
  pixels: (row: number, column: number) => Promise<Raster>,
): Promise<Raster> {
  const composed = blankTile(grid, format);
  for (const down of [0, 1]) {
    for (const across of [0, 1]) {
      const [r, c] = [2 * row + down, 2 * column + across];
      if (r >= finer.rows || c >= finer.columns) continue;
      const half = halveRaster(await pixels(r, c));
      const whole = { x: 0, y: 0, width: half.width, height: half.height };
      pasteRaster(composed, across * half.width, down * half.height, half, whole);
    }
  }
  return composed;
}
