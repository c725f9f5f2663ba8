// What is known of a slide without decoding a pixel, and what of it must survive flattening.
import type { TileEncoding } from './encoded-tile.js';
import type { FocalPlane } from './focal-planes.js';
import type { MicronsPerPixel, Size } from './geometry.js';
import type { Pyramid } from './pyramid.js';
import type { SlideSelection } from './slide-selection.js';

/** A picture that comes with a slide: its label, the overview of the whole glass, a thumbnail. */
export type AssociatedImage = Size & {
  readonly kind: 'label' | 'macro' | 'thumbnail';
};

export type Objective = {
  readonly magnification?: number | undefined;
  readonly numericalAperture?: number | undefined;
  readonly model?: string | undefined;
};

/** A region of the glass that a file keeps apart from others. */
export type SlideScene = Size & {
  /** What the file numbers it by. */
  readonly index: number;
  readonly name: string | undefined;
  /** Whether it is the one that was opened. */
  readonly read: boolean;
};

export type SlideAnnotation = { readonly namespace: string; readonly value: string | ReadonlyMap<string, string> };

export type SlideInfo = {
  /** The name of the container, as people say it. */
  readonly format: string;
  readonly name: string;
  /** Every file the slide is made of; the first is the one that was opened. */
  readonly files: readonly string[];
  /** Files that belong to it, too, and are not read for what was chosen of it: those of other channels, timepoints and scenes. */
  readonly unreadFiles?: readonly string[] | undefined;
  readonly planes: readonly FocalPlane[];
  readonly levels: Pyramid;
  /** How tiles of level 0, plane 0 are stored. */
  readonly encoding: TileEncoding;
  /**
   * Set where the tiles are zflat's own, cut from decoded pixels of a codec of this kind: planes stored in strips or as one picture,
   * whose coarser levels are zflat's too, mosaics, chunks, tiles of servers that can't be copied.
   */
  readonly retiled: 'lossy' | 'lossless' | undefined;
  /** How the picture is to be turned to be upright (TIFF tag Orientation), 2 to 8; undefined where it is. */
  readonly orientation?: number | undefined;
  readonly micronsPerPixel: MicronsPerPixel | undefined;
  readonly objective: Objective | undefined;
  readonly channelName: string | undefined;
  /** The regions that can be chosen among; undefined where the format keeps none apart. */
  readonly scenes?: readonly SlideScene[] | undefined;
  /** Which channel, timepoint and scene was taken, of how many; what a format does not tell is the only one. */
  readonly selection?: SlideSelection | undefined;
  readonly iccProfile: Uint8Array | undefined;
  readonly acquisitionDate: string | undefined;
  readonly associatedImages: readonly AssociatedImage[];
  /** What programs left in the file for programs: text, or keys and values, under a namespace each. */
  readonly annotations: readonly SlideAnnotation[];
  /** What a person should know of how the slide was read: levels left out, planes without heights. */
  readonly notes: readonly string[];
};

/** Every file that must not be written over. */
export function filesOf({ files, unreadFiles = [] }: SlideInfo): readonly string[] {
  return [...files, ...unreadFiles];
}
