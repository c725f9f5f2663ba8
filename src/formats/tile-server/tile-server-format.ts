// Deep Zoom images and IIIF services, for the registry: a list names those of the planes.
import { nameOfLocation } from '../../bytes/location.js';
import type { SlideFormat } from '../../slide-source/slide-format.js';

/** Found is the location of the list. */
export const tileServer: SlideFormat<string> = {
  name: 'Deep Zoom or IIIF per plane',
  files: '*.json: {"planes": [{"zUm": 0, "deepZoom": "p0.dzi"}, …]}, or "iiif": URL of a service of version 2 or 3',
  planes: 'those that the list names, from the lowest zUm up, else in its order',
  copied: 'JPEG tiles without overlap, yes, those at the edge extended; overlaps are cropped, and encoded once',
  async recognise(input) {
    return input.kind === 'location' && /\.json$/i.test(nameOfLocation(input.location)) ? input.location : undefined;
  },
  async open(list, options) {
    const { openPlaneList } = await import('./plane-list-source.js');
    return openPlaneList(list, options);
  },
};
