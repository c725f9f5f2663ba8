// The pictures that a page of a comparison shows.
import type { SlidePicture } from './slide-picture.js';

/** A tile, or a part of it, on three planes. */
export type TilePictures = {
  readonly chosen: SlidePicture;
  readonly best: SlidePicture;
  readonly middle: SlidePicture;
};

/** A region whose upper left corner is at x, y of a level, in pixels of that level. */
export type RegionPictures = {
  readonly level: number;
  readonly x: number;
  readonly y: number;
  readonly middle: SlidePicture;
  readonly flattened: SlidePicture;
  /** The same of a picture that is sharp by other means. */
  readonly reference?: SlidePicture | undefined;
};

export type ComparePictures = {
  /** PNGs by the name of the method whose map they show. */
  readonly heatmaps: Readonly<Record<string, Uint8Array>>;
  /** PNGs by the name of the method that is held against the exhaustive one. */
  readonly differences: Readonly<Record<string, Uint8Array>>;
  /** As many as the report has worst tiles, in their order. */
  readonly worstTiles: readonly TilePictures[];
  readonly region?: RegionPictures | undefined;
};
