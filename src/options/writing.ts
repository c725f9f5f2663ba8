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
  /** Whether the slide's label is copied, which mostly shows a name; true by default. */
  readonly label?: boolean | undefined;
  /** Whether its macro image is copied, a picture of the whole glass with its label; true by default. */
  readonly macro?: boolean | undefined;
  /** Leaves out label, macro and thumbnail, names of slide, files and scenes, and dates. Tiles are copied as they are. */
  readonly deidentify?: boolean | undefined;
  /** Of JPEG tiles that have to be encoded, 1 to 100; default: that of the source's own tiles, 95 where it has none. */
  readonly quality?: number | undefined;
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
  label: { kind: 'switch', default: true, flag: 'no-label', text: 'leave out the label, which mostly shows a name' },
  macro: {
    kind: 'switch',
    default: true,
    flag: 'no-macro',
    text: 'leave out the macro image, which shows the whole glass, label included',
  },
  deidentify: {
    kind: 'switch',
    default: false,
    text: 'leave out label, macro and thumbnail, names of slide, files and scenes, and dates; say what was left out',
  },
  quality: {
    kind: 'number',
    whole: true,
    from: 1,
    to: 100,
    unit: 'n',
    text: 'of JPEG tiles that have to be encoded',
    otherwise: "that of the source's own tiles, 95 where it has none",
  },
  ...thumbnailOption,
} as const satisfies OptionTable<WritingOptions>;
