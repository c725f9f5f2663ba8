// A stack whose planes are Deep Zoom images or IIIF services, named by a list.
import { dirname, resolve } from 'node:path';
import { isUrl, nameOfLocation, sameLocation, shownLocation } from '../../bytes/location.js';
import { locating, SlideError } from '../../errors.js';
import { evenPlanes, roundUm } from '../../slide/focal-planes.js';
import type { SlideSource } from '../../slide/slide-source.js';
import type { Opening } from '../../slide-source/open-options.js';
import type { PlanePyramid } from '../../slide-source/plane-pyramid.js';
import { planesSource } from '../../slide-source/planes-source.js';
import { withRelatedPlanes } from '../../slide-source/related-planes.js';
import { tileServerSlide } from '../../slide-source/tile-server/tile-server-pictures.js';
import { openTileServerPlane } from '../../slide-source/tile-server/tile-server-plane.js';
import type { TileService } from '../../slide-source/tile-server/tile-service.js';
import { openDeepZoom } from './deep-zoom-service.js';
import { openIiif } from './iiif-service.js';
import { type ListedPlane, parsePlaneList } from './plane-list.js';

/** A list of thousands of planes. */
const longestList = 1 << 22;

/** Opens the planes of a list, which is a file or a URL. */
export async function openPlaneList(location: string, options: Opening): Promise<SlideSource> {
  const { access, zStepUm } = options;
  const file = shownLocation(location);
  const text = await access.whole(location, { maxBytes: longestList });
  const { planes: listed, name, micronsPerPixel } = parsePlaneList(Buffer.from(text).toString('utf8'), file);
  const locations = listed.map((plane) => ({ ...plane, location: resolved(plane, location) }));
  const twice = locations.find(
    (one, i) => locations.findIndex((other) => sameLocation(other.location, one.location)) < i,
  );
  if (twice) {
    throw new SlideError('usage', 'is listed twice', {
      file: shownLocation(twice.location),
      hint: 'list each plane once',
    });
  }
  const slide = tileServerSlide(listed.length, options.tileSize);
  const planes: PlanePyramid[] = [];
  for (const [plane, each] of locations.entries()) {
    const opened = await locating({ file: shownLocation(each.location), plane }, async () =>
      openTileServerPlane(await openService(each, options), slide, String(plane)),
    );
    planes.push(opened);
  }
  const kinds = [...new Set(listed.map(({ kind }) => (kind === 'iiif' ? 'IIIF' : 'Deep Zoom')))];
  const source = planesSource(planes, {
    format: `${kinds.join(' and ')} per plane`,
    name: name ?? nameOfLocation(location),
    files: [file, ...planes.map((plane) => plane.file)],
    planes:
      zStepUm !== undefined || listed[0].zUm === undefined
        ? evenPlanes(listed.length, zStepUm)
        : listed.map(({ zUm }, plane) => ({ plane, zUm: roundUm(zUm as number) })),
    micronsPerPixel,
    objective: undefined,
    channelName: undefined,
    iccProfile: undefined,
    acquisitionDate: undefined,
    annotations: [],
    notes: [],
    associatedImages: [],
    readAssociatedImage: () => {
      throw new RangeError('the slide has no associated images');
    },
    close: async () => slide.pictures.clear(),
  });
  return planes.length > 1 && !options.unrelated ? withRelatedPlanes(source) : source;
}

/** Paths and URLs are relative to the list; a list on a server can name nothing on this machine. */
function resolved({ kind, location: named }: ListedPlane, list: string): string {
  const found = isUrl(list) ? (URL.canParse(named, list) ? new URL(named, list).href : '') : named;
  const location = isUrl(list) || isUrl(found) ? found : resolve(dirname(list), found);
  if (isUrl(location) ? URL.canParse(location) : !isUrl(list) && kind === 'deepZoom') return location;
  const hint = kind === 'iiif' ? 'a IIIF service has an http:// or https:// URL' : 'name a .dzi file, by path or URL';
  throw new SlideError('usage', `lists ${named}, which can't be read`, { file: shownLocation(list), hint });
}

function openService({ kind, location }: ListedPlane, { access }: Opening): Promise<TileService> {
  return kind === 'iiif' ? openIiif(location, access) : openDeepZoom(location, access);
}
