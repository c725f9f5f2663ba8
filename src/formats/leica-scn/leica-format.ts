// Leica SCN, for the registry.
import type { SlideFormat } from '../../slide-source/slide-format.js';
import type { TiffFile } from '../../tiff/tiff-file.js';

const scnElement = /<scn\b[^>]*leica-microsystems\.com\/scn\//i;

export const leicaScn: SlideFormat<TiffFile> = {
  name: 'Leica SCN',
  files: '*.scn',
  planes: 'attribute z of the description, spacingZ apart; one of several scanned areas (--scene)',
  copied: 'yes',
  async recognise(input) {
    if (input.kind !== 'files' || input.files.length > 1) return undefined;
    const tiff = await input.tiff();
    return tiff && scnElement.test(tiff.directories[0].description?.slice(0, 4096) ?? '') ? tiff : undefined;
  },
  async open(tiff, options) {
    const { openLeica } = await import('./leica-source.js');
    return openLeica(tiff, options);
  },
};
