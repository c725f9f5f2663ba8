// Stacks of ImageJ, for the registry. Of one image, a file is a plane.
import type { SlideFormat } from '../../slide-source/slide-format.js';
import type { TiffFile } from '../../tiff/tiff-file.js';
import { type ImageJImages, imageJImages } from './imagej-description.js';

export const imageJTiff: SlideFormat<{ readonly tiff: TiffFile; readonly images: ImageJImages }> = {
  name: 'ImageJ TIFF',
  files: '*.tif, one file: a stack or hyperstack, also above 4 GB',
  planes: 'slices, spacing apart; one channel and frame',
  copied: 'yes where stored in tiles; strips are tiled and encoded once',
  timepointsAsPlanes: true,
  async recognise(input) {
    if (input.kind !== 'files' || input.files.length > 1) return undefined;
    const tiff = await input.tiff();
    const images = tiff && imageJImages(tiff);
    return images && { tiff, images };
  },
  async open(found, options) {
    const { openImageJ } = await import('./imagej-source.js');
    return openImageJ(found, options);
  },
};
