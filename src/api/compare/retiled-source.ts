// A slide of one plane seen through another tile grid: its tiles are decoded, and cut anew.
import { decodeTile, encodeTile } from '../../codecs/codec.js';
import { locating } from '../../errors.js';
import { blankTile } from '../../output/compose-tile.js';
import type { TileEncoding } from '../../slide/encoded-tile.js';
import type { Level } from '../../slide/pyramid.js';
import { filledRaster, pasteRaster, type Raster } from '../../slide/raster.js';
import type { SlideSource } from '../../slide/slide-source.js';
import type { TileAddress } from '../../slide/tile-address.js';
import { type TileGrid, tileRect } from '../../slide/tile-grid.js';

/** One level of a slide in tiles of `grid`, which is of the same size in pixels. Memory: a tile of each grid at a time. */
export function retiledSource(source: SlideSource, { level, grid: own }: Level, grid: TileGrid): SlideSource {
  const stored = source.tileEncoding(level, 0);
  const encoding: TileEncoding = {
    ...{ width: grid.tileWidth, height: grid.tileHeight, channels: stored.channels, sample: stored.sample },
    ...{ codec: 'raw', predictor: 1, bigEndian: false, subsampling: [1, 1] },
    photometric: stored.channels === 3 ? 'rgb' : 'black-is-zero',
  };

  async function pixels(row: number, column: number, signal: AbortSignal | undefined): Promise<Raster> {
    const tile = await source.readTile({ level, plane: 0, row, column }, signal);
    const place = { file: source.fileOf(0), level, plane: 0, row, column };
    return tile ? locating(place, () => decodeTile(tile)) : blankTile(own, stored);
  }

  async function readTile({ row, column }: TileAddress, signal?: AbortSignal) {
    const shown = tileRect(grid, row, column);
    const cut = filledRaster({ width: grid.tileWidth, height: grid.tileHeight }, encoding, 0);
    for (let r = Math.floor(shown.y / own.tileHeight); r * own.tileHeight < shown.y + shown.height; r++) {
      for (let c = Math.floor(shown.x / own.tileWidth); c * own.tileWidth < shown.x + shown.width; c++) {
        const part = tileRect(own, r, c);
        const [x, y] = [Math.max(part.x, shown.x), Math.max(part.y, shown.y)];
        const width = Math.min(part.x + part.width, shown.x + shown.width) - x;
        const height = Math.min(part.y + part.height, shown.y + shown.height) - y;
        const from = { x: x - part.x, y: y - part.y, width, height };
        pasteRaster(cut, x - shown.x, y - shown.y, await pixels(r, c, signal), from);
      }
    }
    return encodeTile(cut, encoding, 100);
  }

  return {
    ...source,
    info: { ...source.info, levels: [{ level, grid }], encoding, retiled: 'lossless' },
    readTile,
    findTile: undefined,
    hasTile: () => true,
    tileEncoding: () => encoding,
    tileLengths: async () => ({ comparable: false, reason: 'tiles are cut anew' }),
  };
}
