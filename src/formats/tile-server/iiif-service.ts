// A plane that is an image of a IIIF service.
import type { ByteAccess } from '../../bytes/byte-access.js';
import { shownLocation } from '../../bytes/location.js';
import { clipToImage } from '../../slide/geometry.js';
import { layTileGrid, tileRect } from '../../slide/tile-grid.js';
import type { TileServerLevel, TileService } from '../../slide-source/tile-server/tile-service.js';
import { parseIiif, tilePath } from './image-information.js';

/** Services list sizes and profiles in some kilobytes. */
const longestInformation = 1 << 20;

/** Opens the image of a service by its URL, or that of its info.json. */
export async function openIiif(location: string, access: ByteAccess): Promise<TileService> {
  const base = new URL(location);
  base.pathname = base.pathname.replace(/\/(info\.json)?$/, '');
  const below = (path: string) => {
    const url = new URL(base);
    url.pathname = `${base.pathname}/${path}`;
    return url.href;
  };
  const file = shownLocation(base.href);
  const text = await access.whole(below('info.json'), { maxBytes: longestInformation });
  const image = parseIiif(Buffer.from(text).toString('utf8'), file);
  const { tile } = image;
  const factors = image.scaleFactors.filter((factor) => Number.isInteger(Math.log2(factor)));
  const notes =
    factors.length < image.scaleFactors.length ? ['left out levels whose scale factor is no power of two'] : [];
  const levels: TileServerLevel[] = [];
  for (const factor of factors) {
    const [width, height] = [Math.ceil(image.width / factor), Math.ceil(image.height / factor)];
    levels.push({ level: Math.round(Math.log2(factor)), width, height });
    if (width <= tile.width && height <= tile.height) break;
  }
  return {
    file,
    levels,
    tile,
    overlap: 0,
    notes,
    fetch: (level, row, column, maxBytes, signal) => {
      const scale = 2 ** level;
      const grid = layTileGrid(levels.find((each) => each.level === level) ?? levels[0], tile);
      const size = tileRect(grid, row, column);
      const [width, height] = [tile.width * scale, tile.height * scale];
      const region = clipToImage({ x: column * width, y: row * height, width, height }, image);
      return access.whole(below(tilePath(image, region, size)), { maxBytes, signal });
    },
  };
}
