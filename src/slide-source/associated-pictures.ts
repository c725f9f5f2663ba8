// Labels, macro images and thumbnails: pictures of some other thing than the specimen, kept as they are.

import { SlideError } from '../errors.js';
import type { Raster } from '../slide/raster.js';
import type { AssociatedImage } from '../slide/slide-info.js';
import type { TiffFile } from '../tiff/tiff-file.js';
import { canReadPicture, readPicture } from './directory-picture.js';
import { uncachedSharp } from './uncached-sharp.js';

/** An associated image and how its pixels are read. */
export type AssociatedPicture = { readonly image: AssociatedImage; readonly read: () => Promise<Raster> };

const kinds: readonly (readonly [AssociatedImage['kind'], RegExp])[] = [
  ['label', /\blabel\b/i],
  ['macro', /\b(macro|overview)\b/i],
  ['thumbnail', /\bthumbnail\b/i],
];

/** What kind of associated image bears this name or description; undefined for the slide itself. */
export function associatedKind(name: string | undefined): AssociatedImage['kind'] | undefined {
  return kinds.find(([, pattern]) => pattern.test(name ?? ''))?.[0];
}

/**
 * The picture in directory `page` of a TIFF's main chain: libvips decodes all kinds, but only from files on this machine.
 * Undefined where it lies elsewhere and is of a kind that zflat can't decode itself.
 */
export function pictureInTiff(image: AssociatedImage, tiff: TiffFile, page: number): AssociatedPicture | undefined {
  const { reader } = tiff;
  if (!reader.distant) return { image, read: () => readWithSharp(image, reader.location, page) };
  const directory = tiff.directories[page];
  return directory && canReadPicture(directory) ? { image, read: () => readPicture(reader, directory) } : undefined;
}

/** The labels and the like of a TIFF without OME-XML, told by their descriptions. */
export function picturesInTiff(tiff: TiffFile): AssociatedPicture[] {
  return tiff.directories.flatMap(({ chunks, description, width, height }, page) => {
    const kind = page > 0 && !chunks.tiled ? associatedKind(description) : undefined;
    return (kind && pictureInTiff({ kind, width, height }, tiff, page)) ?? [];
  });
}

/** How a source lists and reads its associated images. */
export function associatedImages(pictures: readonly AssociatedPicture[]) {
  return {
    associatedImages: pictures.map(({ image }) => image),
    readAssociatedImage: (wanted: AssociatedImage): Promise<Raster> =>
      (pictures.find(({ image }) => image === wanted) as AssociatedPicture).read(),
  };
}

async function readWithSharp({ kind }: AssociatedImage, file: string, page: number): Promise<Raster> {
  const sharp = await uncachedSharp();
  try {
    const picture = sharp(file, { page, ignoreIcc: true }).removeAlpha().toColourspace('srgb');
    const { data, info } = await picture.raw().toBuffer({ resolveWithObject: true });
    return { width: info.width, height: info.height, channels: 3, sample: 'uint8', data };
  } catch (cause) {
    const problem = `its ${kind} image can't be decoded: ${(cause as Error).message}`;
    throw new SlideError('damaged', problem, { file, cause });
  }
}
