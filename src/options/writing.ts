// What is written, and how.
import type { OptionTable } from './option-table.js';

/** What can be written. */
export type OutputFormat = 'ome-tiff' | 'tiff-flat';

/** The same in a few words each. */
export const outputFormats: Readonly<Record<OutputFormat, string>> = {
  'ome-tiff': 'pyramidal OME-TIFF (BigTIFF)',
  'tiff-flat': 'one plain tiled TIFF, full resolution alone, up to 4 GB',
};

/** How tiles are looked at that are copied as they are: by their headers and ends, which costs nothing, or by decoding them all. */
export type CopyCheck = 'quick' | 'full';

export type WritingOptions = {
  /** Default `ome-tiff`. */
  readonly format?: OutputFormat | undefined;
  /** Replace a file that exists. */
  readonly force?: boolean | undefined;
  /** Default `quick`. */
  readonly check?: CopyCheck | undefined;
  /** Whether a small picture of the result is made, for what is drawn over it; true by default. */
  readonly thumbnail?: boolean | undefined;
};

export const thumbnailOption = {
  thumbnail: {
    kind: 'switch',
    default: true,
    flag: null,
    text: 'make a small picture of the result, for what is drawn over it',
  },
} as const satisfies OptionTable<Pick<WritingOptions, 'thumbnail'>>;

export const writingOptions = {
  format: {
    kind: 'choice',
    of: Object.keys(outputFormats) as readonly OutputFormat[],
    unit: 'name',
    default: 'ome-tiff',
    text: Object.entries(outputFormats)
      .map(([name, words]) => `${name}: ${words}`)
      .join('; '),
  },
  force: { kind: 'switch', default: false, text: 'replace files that exist' },
  check: {
    kind: 'choice',
    of: ['quick', 'full'],
    unit: 'name',
    default: 'quick',
    text: 'of tiles that are copied: quick looks at headers and ends, full decodes each',
  },
  ...thumbnailOption,
} as const satisfies OptionTable<WritingOptions>;
