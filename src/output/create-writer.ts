// The registry of output formats: one line each.
import { SlideError } from '../errors.js';
import type { OutputFormat } from '../options/writing.js';
import type { DepthMap } from '../slide/depth-map.js';
import type { SlideSource } from '../slide/slide-source.js';
import type { SlideWriter } from '../slide/slide-writer.js';
import { formatBytes } from '../system/format-figures.js';
import { describeResult, type Provenance } from './provenance.js';
import type { ResultLevel } from './result-levels.js';
import { classicLimit, createTiffWriter, type TiffLayout } from './tiff-writer.js';

/** How the formats differ: whether with a pyramid, metadata and no limit of size. */
type FormatLayout = {
  readonly pyramid: boolean;
  readonly big: boolean;
  readonly describe: (...given: Parameters<typeof describeResult>) => string | undefined;
};

const layouts: Readonly<Record<OutputFormat, FormatLayout>> = {
  'ome-tiff': { pyramid: true, big: true, describe: describeResult },
  'tiff-flat': { pyramid: false, big: false, describe: () => undefined },
};

/** Starts the flattened slide; answers the writer, and the levels that the format takes. */
export async function createWriter(
  path: string,
  format: OutputFormat,
  source: SlideSource,
  levels: readonly ResultLevel[],
  provenance: Provenance,
  force: boolean,
): Promise<{ readonly writer: SlideWriter; readonly levels: readonly ResultLevel[] }> {
  const { pyramid, big, describe } = layouts[format];
  const written = pyramid ? levels : levels.slice(0, 1);
  if (!big) await checkClassicSize(source, provenance.depthMap, path);
  const { info = source.info } = provenance;
  const { level } = levels[0];
  const { micronsPerPixel: um, orientation, iccProfile } = info;
  const pictures = pyramid
    ? await Promise.all(info.associatedImages.map((image) => source.readAssociatedImage(image)))
    : [];
  const layout: TiffLayout = {
    planes: 1,
    levels: written,
    micronsPerPixel: um && { x: um.x * 2 ** level, y: um.y * 2 ** level },
    orientation,
    iccProfile,
    pictures,
    software: provenance.software,
    describe: () => describe(info, written, provenance),
    big,
  };
  return { writer: await createTiffWriter(path, layout, force), levels: written };
}

/** Refuses before a byte is written what would pass 4 GB; tiles that are encoded anew are not foreseen, and refused when they come. */
async function checkClassicSize(source: SlideSource, map: DepthMap, path: string): Promise<void> {
  const lengths = await source.tileLengths(map.level);
  if (!lengths.comparable) return;
  const tiles = map.planes.length;
  const bytes = map.planes.reduce((sum, plane, tile) => sum + lengths.bytes[plane * tiles + tile], 0);
  if (bytes <= classicLimit) return;
  const hint = 'write an OME-TIFF, which has no such limit';
  throw new SlideError(
    'output',
    `a plain TIFF ends at ${formatBytes(classicLimit)}, the tiles take ${formatBytes(bytes)}`,
    {
      file: path,
      hint,
    },
  );
}
