// What a method is held against.
import { type FocusMeasureName, focusMeasureNames } from '../focus/focus-measure.js';
import type { OptionTable } from './option-table.js';

export type ComparingOptions = {
  /** The focus measure that sharpness is judged by, on every tile of every plane; default: that of the method itself. */
  readonly judge?: FocusMeasureName | undefined;
  /** A slide of one plane that shows the same field, sharp by other means: a path or URL. */
  readonly reference?: string | undefined;
};

export const comparingOptions = {
  judge: {
    kind: 'choice',
    of: focusMeasureNames,
    unit: 'name',
    text: 'focus measure that sharpness is judged by',
    otherwise: "the judge of the preset's evidence, else --measure",
  },
  reference: {
    kind: 'text',
    unit: 'slide',
    text: "a slide of one plane, sharp by other means, to compare with: the scanner's own extended focus, another program's",
  },
} as const satisfies OptionTable<ComparingOptions>;
