// A plane that is a Deep Zoom image, on a server or in a folder.
import type { ByteAccess } from '../../bytes/byte-access.js';
import { isUrl, shownLocation } from '../../bytes/location.js';
import type { TileServerLevel, TileService } from '../../slide-source/tile-server/tile-service.js';
import { finestLevel, parseDeepZoom } from './deep-zoom.js';

/** A description has some hundred bytes. */
const longestDescription = 1 << 16;

/** Opens the image of a .dzi file. */
export async function openDeepZoom(location: string, access: ByteAccess): Promise<TileService> {
  const file = shownLocation(location);
  const text = await access.whole(location, { maxBytes: longestDescription });
  const image = parseDeepZoom(Buffer.from(text).toString('utf8'), file);
  const finest = finestLevel(image);
  const levels: TileServerLevel[] = [];
  for (let level = 0; level <= finest; level++) {
    const [width, height] = [Math.ceil(image.width / 2 ** level), Math.ceil(image.height / 2 ** level)];
    levels.push({ level, width, height });
    if (width <= image.tileSize && height <= image.tileSize) break;
  }
  return {
    file,
    levels,
    tile: { width: image.tileSize, height: image.tileSize },
    overlap: image.overlap,
    notes: [],
    fetch: (level, row, column, maxBytes, signal) => {
      const tile = tileLocation(location, `${finest - level}/${column}_${row}.${image.format}`);
      return access.whole(tile, { maxBytes, signal });
    },
  };
}

/** The file of a tile, in the folder beside the description; a URL keeps its query, which may be what lets one in. */
function tileLocation(location: string, path: string): string {
  const folder = (name: string) => `${name.replace(/\.(dzi|xml)$/i, '')}_files/${path}`;
  if (!isUrl(location)) return folder(location);
  const url = new URL(location);
  url.pathname = folder(url.pathname);
  return url.href;
}
