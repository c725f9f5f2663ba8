// Slides of PMA.core and PMA.start, for the registry.
import type { SlideFormat } from '../../slide-source/slide-format.js';
import { isPma } from './pma-location.js';

export const pma: SlideFormat<string> = {
  name: 'slides of PMA.core and PMA.start',
  files: 'pma://server/path, pma://localhost/path for PMA.start; ?quality=75 or ?format=png at its end',
  planes: 'the layers of its image, in their order; --z-step says how far apart',
  copied: "the server's JPEG tiles, yes, those at the edge extended by whole blocks; PNG is encoded once",
  async recognise(input) {
    return input.kind === 'location' && isPma(input.location) ? input.location : undefined;
  },
  async open(location, options) {
    const { openPma } = await import('./pma-source.js');
    return openPma(location, options);
  },
};
