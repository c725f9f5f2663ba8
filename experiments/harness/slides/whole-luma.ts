// The luminance of a whole level, put together from its decoded tiles.
import { decodeTileLuma } from '../../../src/codecs/codec.js';
import type { Level } from '../../../src/slide/pyramid.js';
import type { Luma } from '../../../src/slide/raster.js';
import type { SlideSource } from '../../../src/slide/slide-source.js';
import { tileRect } from '../../../src/slide/tile-grid.js';

/** Memory: one byte a pixel of the level. */
export async function wholeLuma(source: SlideSource, { level, grid }: Level, plane: number): Promise<Luma> {
  const { width, height } = grid;
  const data = new Uint8Array(width * height);
  for (let row = 0; row < grid.rows; row++) {
    for (let column = 0; column < grid.columns; column++) {
      const tile = await source.readTile({ level, plane, row, column });
      if (!tile) continue;
      const luma = await decodeTileLuma(tile);
      const shown = tileRect(grid, row, column);
      for (let y = 0; y < shown.height; y++) {
        const line = luma.data.subarray(y * luma.width, y * luma.width + shown.width);
        data.set(line, (shown.y + y) * width + shown.x);
      }
    }
  }
  return { width, height, data };
}
