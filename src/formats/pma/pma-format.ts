// Slides of PMA.core and PMA.start, for the registry.
import { SlideError } from '../../errors.js';
import type { SlideFormat } from '../../slide-source/slide-format.js';
import { isPma } from './pma-location.js';

export const pma: SlideFormat<string> = {
  name: 'slides of PMA.core and PMA.start',
  files: 'pma://server/path, pma://localhost/path for PMA.start; ?quality=75 or ?format=png at its end',
  planes: 'the layers of its image, in their order; --z-step says how far apart',
  copied: "the server's JPEG tiles, yes, those at the edge extended by whole blocks; PNG is encoded once",
  async recognise(input) {
    if (input.kind === 'location') return isPma(input.location) ? input.location : undefined;
    const file = input.kind === 'files' ? input.files.find(isPma) : undefined;
    if (file === undefined) return undefined;
    const hint = 'give its location alone: the server has all planes';
    throw new SlideError('usage', 'is one of several files', { file, hint });
  },
  async open(location, options) {
    const { openPma } = await import('./pma-source.js');
    return openPma(location, options);
  },
};
