// What a caller can choose when a slide is opened.

export type OpenOptions = {
  /** Channel to flatten, by index or name; by default the first, or red, green and blue together where they are channels. */
  readonly channel?: number | string | undefined;
  /** Timepoint to flatten, an index; the first by default. */
  readonly timepoint?: number | undefined;
  /** Micrometres between planes, where the slide does not say or is wrong. */
  readonly zStepUm?: number | undefined;
  /** Side, in pixels, of the tiles laid over planes that are stored without: a multiple of 16; by default 256, or that of Zarr chunks. */
  readonly tileSize?: number | undefined;
};
