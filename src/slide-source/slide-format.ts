// What every format offers: how its slides are recognised and opened, and its row of `zflat formats`.
import type { SlideSource } from '../slide/slide-source.js';
import type { Opening } from './open-options.js';
import type { SlideInput } from './slide-input.js';

/** A row of `zflat formats`. */
export type FormatRow = {
  readonly name: string;
  /** File names. */
  readonly files: string;
  /** How its planes are found. */
  readonly planes: string;
  /** Whether tiles are copied byte for byte. */
  readonly copied: string;
};

/** One way in which a slide can be stored. `Found` is what recognising it learns, so that opening it need not ask again. */
export interface SlideFormat<Found = unknown> extends FormatRow {
  /** Set where each file is one plane: then none may be a stack by itself. */
  readonly planePerFile?: true;
  /** Set where `timepointAsZ` is understood. */
  readonly timepointsAsPlanes?: true;
  /** What opening needs; undefined where the input is of another format. Reads no more than the head of a file and its directories. */
  recognise(input: SlideInput, options: Opening): Promise<Found | undefined>;
  /** Opens what was recognised; here its reader is loaded. */
  open(found: Found, options: Opening): Promise<SlideSource>;
}
