// Labels, macro images and thumbnails: pictures of some other thing than the specimen, kept as they are.

import { SlideError } from '../errors.js';
import type { Raster } from '../slide/raster.js';
import type { AssociatedImage } from '../slide/slide-info.js';
import { uncachedSharp } from './uncached-sharp.js';

/** Where an associated image is: the file, and its index in the main chain of directories. */
export type AssociatedPicture = { readonly image: AssociatedImage; readonly file: string; readonly page: number };

const kinds: readonly (readonly [AssociatedImage['kind'], RegExp])[] = [
  ['label', /\blabel\b/i],
  ['macro', /\b(macro|overview)\b/i],
  ['thumbnail', /\bthumbnail\b/i],
];

/** What kind of associated image bears this name or description; undefined for the slide itself. */
export function associatedKind(name: string | undefined): AssociatedImage['kind'] | undefined {
  return kinds.find(([, pattern]) => pattern.test(name ?? ''))?.[0];
}

/** How a source lists and reads its associated images. */
export function associatedImages(pictures: readonly AssociatedPicture[]) {
  return {
    associatedImages: pictures.map(({ image }) => image),
    readAssociatedImage: async (wanted: AssociatedImage): Promise<Raster> => {
      const { file, page } = pictures.find(({ image }) => image === wanted) as AssociatedPicture;
      try {
        const sharp = await uncachedSharp();
        const picture = sharp(file, { page, ignoreIcc: true }).removeAlpha().toColourspace('srgb');
        const { data, info } = await picture.raw().toBuffer({ resolveWithObject: true });
        return { width: info.width, height: info.height, channels: 3, sample: 'uint8', data };
      } catch (cause) {
        const problem = `its ${wanted.kind} image can't be decoded: ${(cause as Error).message}`;
        throw new SlideError('damaged', problem, { file, cause });
      }
    },
  };
}
