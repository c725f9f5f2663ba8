// What ImageJ writes of a stack into the first image description: lines of key=value (ij.io.FileInfo, ij.measure.Calibration).
import { SlideError } from '../../errors.js';
import { micrometresPer } from '../../slide/length-unit.js';
import { looksLikeOmeXml } from '../../tiff/descriptions.js';
import type { TiffDirectory } from '../../tiff/tiff-directory.js';
import type { TiffFile } from '../../tiff/tiff-file.js';

export type ImageJStack = {
  readonly channels: number;
  readonly slices: number;
  readonly frames: number;
  /** Distance of slices in micrometres; undefined where it is not given, or in a unit that is none. */
  readonly spacingUm: number | undefined;
  /** Micrometres in the units that the resolution tags count in; undefined where they are none. */
  readonly unitUm: number | undefined;
  /** A unit that is not understood. */
  readonly notes: readonly string[];
};

/** Images of a stack at most. */
const maxImages = 1_000_000;

/** The stack that a description tells of; undefined where it is none of ImageJ's, or of a single image. */
export function parseImageJ(text: string | undefined): ImageJStack | undefined {
  if (!text?.startsWith('ImageJ=')) return undefined;
  const lines = text
    .split(/\r?\n/)
    .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]);
  const entries = new Map(lines.map(([key, value]) => [key.trim(), value.trim()]));
  const count = (key: string) => {
    const value = Number(entries.get(key) ?? 1);
    return Number.isInteger(value) && value > 0 ? value : 1;
  };
  const images = count('images');
  const [channels, frames] = [count('channels'), count('frames')];
  // A plain stack may say no more than how many images it has.
  const slices = entries.has('slices') || channels * frames > 1 ? count('slices') : images;
  if (images < 2 || images > maxImages || channels * slices * frames !== images) return undefined;
  const unit = entries.get('unit');
  const zUnit = entries.get('zunit') ?? unit;
  const spacing = Number(entries.get('spacing') ?? Number.NaN);
  const zScale = lengthOf(zUnit);
  const unknown = [...new Set([unit, zUnit])].filter((each) => each !== undefined && lengthOf(each) === undefined);
  return {
    channels,
    slices,
    frames,
    spacingUm: Number.isFinite(spacing) && spacing !== 0 && zScale ? Math.abs(spacing) * zScale : undefined,
    unitUm: lengthOf(unit) || undefined,
    notes: unknown.map((each) => `lengths are in "${each}", a unit that zflat does not know: they are left out`),
  };
}

/** Micrometres in the unit of a single image of ImageJ; undefined where the description is not ImageJ's, or names no length. */
export function imageJUnit(text: string | undefined): number | undefined {
  if (!text?.startsWith('ImageJ=')) return undefined;
  return lengthOf(/^unit=(.*)$/m.exec(text)?.[1].trim()) || undefined;
}

/** Where the images of a stack are: a directory each, or all behind one another from the first directory's on. */
export type ImageJImages = { readonly stack: ImageJStack; readonly storage: 'directories' | 'contiguous' };

/** The stack of a file; undefined where it has none, `damaged` where it has less images than it tells of. */
export function imageJImages({ directories, reader }: TiffFile): ImageJImages | undefined {
  const [first] = directories;
  if (looksLikeOmeXml(first.description)) return undefined;
  const text = (first.descriptions ?? [first.description]).find((each) => each?.startsWith('ImageJ='));
  const stack = parseImageJ(text);
  if (!stack) return undefined;
  const images = stack.channels * stack.slices * stack.frames;
  const alike = directories
    .slice(0, images)
    .filter((each) => each.width === first.width && each.height === first.height);
  if (alike.length === images) return { stack, storage: 'directories' };
  const bytes = contiguousBytes(first);
  const fits = bytes !== undefined && first.chunks.offsets[0] + images * bytes <= reader.size;
  if (directories.length === 1 && fits) return { stack, storage: 'contiguous' };
  const problem = `its description tells of ${images} images, the file has ${alike.length}`;
  throw new SlideError('damaged', problem, { file: reader.name, hint: 'the file is cut short: copy it again' });
}

/** Bytes of an image whose rows lie behind one another uncompressed; undefined where they do not. */
export function contiguousBytes(directory: TiffDirectory): number | undefined {
  const { chunks, compression, width, height, samplesPerPixel, bitsPerSample, planarConfiguration } = directory;
  const bytes = (width * height * samplesPerPixel * bitsPerSample[0]) / 8;
  const { offsets, byteCounts } = chunks;
  const together = Array.from(offsets).every((offset, i) => i === 0 || offset === offsets[i - 1] + byteCounts[i - 1]);
  const stored = Array.from(byteCounts).reduce((sum, length) => sum + length, 0);
  const plain = compression === 1 && !chunks.tiled && (planarConfiguration === 1 || samplesPerPixel === 1);
  return plain && together && stored === bytes ? bytes : undefined;
}

/** ImageJ writes the sign for micro as an escape. */
function lengthOf(unit: string | undefined): number | undefined {
  return unit === undefined ? 0 : micrometresPer(unit.replace(/\\u00[bB]5/, '\u00b5'));
}
