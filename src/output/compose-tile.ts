// A tile made of pixels: of parts of several planes' tiles of its level, or of the four tiles of the finer level below it.
import type { Rect } from '../slide/geometry.js';
import { filledRaster, halveRaster, type PixelFormat, pasteRaster, type Raster } from '../slide/raster.js';
import type { TileGrid } from '../slide/tile-grid.js';

/** A part of a tile and the plane it is to show. */
export type PlanePart = { readonly plane: number; readonly part: Rect };

/** What a slide shows where it was not scanned: white in colour, black in grey. */
export function blankTile(grid: TileGrid, format: PixelFormat): Raster {
  const blank = format.channels === 3 ? 255 : 0;
  return filledRaster({ width: grid.tileWidth, height: grid.tileHeight }, format, blank);
}

/** Pastes each part from the tile of its plane, whose pixels `pixels` answers; parts of missing tiles stay blank. */
export async function composeFromPlanes(
  grid: TileGrid,
  format: PixelFormat,
  parts: readonly PlanePart[],
  pixels: (plane: number) => Promise<Raster | undefined>,
): Promise<Raster> {
  const composed = blankTile(grid, format);
  for (const wanted of new Set(parts.map(({ plane }) => plane))) {
    const raster = await pixels(wanted);
    if (!raster) continue;
    for (const { plane, part } of parts) if (plane === wanted) pasteRaster(composed, part.x, part.y, raster, part);
  }
  return composed;
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
