// Slides of PMA.core and PMA.start: planes are the layers of an image, levels its zoom levels, counted the other way round.
import { basename } from 'node:path/posix';
import { locating, SlideError, throwIfAborted } from '../../errors.js';
import { evenPlanes, maxPlanes } from '../../slide/focal-planes.js';
import type { SlideSource } from '../../slide/slide-source.js';
import type { Opening } from '../../slide-source/open-options.js';
import type { PlanePyramid } from '../../slide-source/plane-pyramid.js';
import { planesSource } from '../../slide-source/planes-source.js';
import { choose, numbered, takenOf } from '../../slide-source/selection.js';
import { tileServerSlide } from '../../slide-source/tile-server/tile-server-pictures.js';
import { openTileServerPlane } from '../../slide-source/tile-server/tile-server-plane.js';
import type { TileServerLevel, TileService } from '../../slide-source/tile-server/tile-service.js';
import { type PmaImage, parsePmaImage } from './pma-answers.js';
import { type PmaLocation, parsePma } from './pma-location.js';
import { PmaServer } from './pma-server.js';

/** Opens a slide by its location; see parsePma. */
export async function openPma(given: string, options: Opening): Promise<SlideSource> {
  const location = parsePma(given);
  const { shown: file, path, format, quality } = location;
  const server = await PmaServer.connect(options.access, location, options.network?.pma);
  try {
    const image = parsePmaImage(await server.ask('GetImageInfo', { pathOrUid: path }), file);
    const timepoints = numbered(image.planes.length);
    const timepoint = choose('timepoint', timepoints, options.timepoint, file);
    const channels = numbered(Math.max(1, image.channels.length), (index) => image.channels[index]);
    const channel = choose('channel', channels, options.channel, file);
    const count = image.planes[timepoint.index];
    if (count > maxPlanes) throw new SlideError('contradictory', `tells of ${count} planes`, { file });
    const slide = tileServerSlide(count, options.tileSize);
    const planes: PlanePyramid[] = [];
    for (let plane = 0; plane < count; plane++) {
      throwIfAborted(options.signal);
      const shown = { channels: String(channel.index), timeframe: String(timepoint.index), layer: String(plane) };
      const service = layerService(server, location, image, shown);
      planes.push(await locating({ file, plane }, () => openTileServerPlane(service, slide, String(plane))));
    }
    const note = `tiles as the server makes them, ${format === 'png' ? 'PNG' : `JPEG of quality ${quality}`}`;
    return planesSource(planes, {
      format: 'PMA.core',
      name: basename(path),
      files: [file],
      // The API does not tell how far apart layers are.
      planes: evenPlanes(count, options.zStepUm),
      micronsPerPixel: image.micronsPerPixel,
      objective: undefined,
      channelName: channel.name,
      selection: { channel: takenOf(channel, channels), timepoint: takenOf(timepoint, timepoints) },
      iccProfile: undefined,
      acquisitionDate: undefined,
      annotations: [],
      notes: [note],
      associatedImages: [],
      readAssociatedImage: () => {
        throw new RangeError('the slide has no associated images');
      },
      close: async () => {
        slide.pictures.clear();
        await server.close();
      },
    });
  } catch (error) {
    await server.close();
    throw error;
  }
}

function layerService(
  server: PmaServer,
  { shown: file, path, format, quality }: PmaLocation,
  image: PmaImage,
  shown: Readonly<Record<'channels' | 'timeframe' | 'layer', string>>,
): TileService {
  const { tileSize, maxZoom } = image;
  const levels: TileServerLevel[] = [];
  for (let level = 0; level <= maxZoom; level++) {
    const [width, height] = [Math.ceil(image.width / 2 ** level), Math.ceil(image.height / 2 ** level)];
    levels.push({ level, width, height });
    if (width <= tileSize && height <= tileSize) break;
  }
  return {
    file,
    levels,
    tile: { width: tileSize, height: tileSize },
    overlap: 0,
    notes: [],
    fetch: (level, row, column, maxBytes, signal) => {
      const place = { x: String(column), y: String(row), z: String(maxZoom - level) };
      const rendering = { format, quality: String(quality), cache: 'true' };
      return server.tile({ ...shown, pathOrUid: path, ...place, ...rendering }, maxBytes, signal);
    },
  };
}
