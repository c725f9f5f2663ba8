// Which of the images of an OME document is flattened, and which of its channels and timepoints.
import { SlideError } from '../../errors.js';
import type { SlideScene } from '../../slide/slide-info.js';
import { associatedKind } from '../../slide-source/associated-pictures.js';
import type { OpenOptions } from '../../slide-source/open-options.js';
import { chooseScene } from '../../slide-source/scenes.js';
import { timepointsAsPlanes } from '../../tiff/ome-planes.js';
import type { OmeDocument, OmeImage, OmePixels } from '../../tiff/ome-xml.js';

export type ChosenImage = {
  readonly image: OmeImage;
  /** Its number among the images of the document. */
  readonly index: number;
  /** The images that can be chosen among; undefined where there is one. */
  readonly scenes: readonly SlideScene[] | undefined;
};

/**
 * The image that holds the slide: the one that `scene` names, else the z-stack with the largest planes. Labels, macro images and
 * thumbnails are none, unless there is nothing else. Of a set in several files, those that `isGiven` come before others.
 */
export function chooseImage(
  { images }: OmeDocument,
  scene: OpenOptions['scene'],
  file: string,
  isGiven: (image: OmeImage) => boolean = () => false,
): ChosenImage {
  const all = images.map((image, index) => ({ image, index }));
  const slides = all.filter(({ image }) => !associatedKind(image.name));
  const candidates = slides.length > 0 ? slides : all.slice(0, 1);
  if (candidates.length === 0) throw new SlideError('contradictory', 'its OME-XML describes no image', { file });
  if (candidates.length === 1) return { ...candidates[0], scenes: undefined };
  const regions = candidates.map(({ image: { name, pixels }, index }) => {
    return { index, name, width: pixels.sizeX, height: pixels.sizeY };
  });
  const given = candidates.filter(({ image }) => isGiven(image));
  const largest = (given.length > 0 ? given : candidates).reduce((best, other) =>
    worth(other.image) > worth(best.image) ? other : best,
  );
  const scenes = chooseScene(regions, scene, file, candidates.indexOf(largest));
  const taken = candidates[scenes.findIndex(({ read }) => read)];
  return { ...taken, scenes };
}

/** Stacks before single planes, then by area. */
function worth({ pixels: { sizeX, sizeY, sizeZ } }: OmeImage): number {
  return sizeX * sizeY * (sizeZ > 1 ? Number.MAX_SAFE_INTEGER : 1);
}

/** The pixels with their timepoints taken for focal planes where that is wanted; `usage` where they have both. */
export function asPlanes(pixels: OmePixels, { timepointAsZ = false }: OpenOptions, file: string): OmePixels {
  if (!timepointAsZ) return pixels;
  if (pixels.sizeZ === 1) return timepointsAsPlanes(pixels);
  const hint = 'leave --timepoint-as-z out, and choose a timepoint with --timepoint';
  throw new SlideError('usage', `has ${pixels.sizeZ} planes at each of ${pixels.sizeT} timepoints`, { file, hint });
}
