// Ventana (Roche) BIF: all planes of a level in one directory (tag ImageDepth), its tiles plane after plane.
import { nameOfLocation } from '../../bytes/location.js';
import { locating, SlideError } from '../../errors.js';
import { roundUm } from '../../slide/focal-planes.js';
import type { AssociatedImage } from '../../slide/slide-info.js';
import type { SlideSource } from '../../slide/slide-source.js';
import { tileCount } from '../../slide/tile-grid.js';
import { associatedImages, pictureInTiff } from '../../slide-source/associated-pictures.js';
import type { Opening } from '../../slide-source/open-options.js';
import { type PlanePyramid, tiledPlane } from '../../slide-source/plane-pyramid.js';
import { planesSource } from '../../slide-source/planes-source.js';
import { chunkGrid, type TiffDirectory } from '../../tiff/tiff-directory.js';
import type { TiffFile } from '../../tiff/tiff-file.js';
import { greatestOverlap, storedOrder, type VentanaScan } from './ventana.js';

const pictureKinds: readonly (readonly [AssociatedImage['kind'], RegExp])[] = [
  ['label', /^label[ _]image/i],
  ['thumbnail', /^thumbnail/i],
];

/** Opens a BIF file, of which `scan` is told; the source closes it. */
export async function openVentana(tiff: TiffFile, scan: VentanaScan, options: Opening): Promise<SlideSource> {
  const { reader, directories } = tiff;
  const file = reader.name;
  const levels = directories.filter(({ description, chunks }) => chunks.tiled && /^level=\d+/.test(description ?? ''));
  const [finest, ...reduced] = levels.sort((a, b) => b.width - a.width);
  if (!finest) throw new SlideError('contradictory', 'the file has no image of the specimen', { file });
  const count = finest.imageDepth;
  checkPlanes(count, file);
  const overlap = greatestOverlap(finest.xmp);
  if (overlap) {
    const problem = `its camera frames overlap by up to ${overlap} pixels, so that its tiles are not those of one picture`;
    throw new SlideError('unsupported', problem, { file, level: 0, hint: 'convert it to OME-TIFF' });
  }

  const whole = reduced.filter(({ imageDepth }) => imageDepth === count);
  const planes: PlanePyramid[] = [];
  for (const [plane, stored] of storedOrder(count).entries()) {
    const [own, ...coarser] = [finest, ...whole].map((directory) => planeOf(directory, stored));
    planes.push(await locating({ file, plane }, () => tiledPlane(reader, own, coarser)));
  }
  const step = options.zStepUm ?? scan.spacingUm;
  const middle = (count - 1) / 2;
  const um = scan.micronsPerPixel;
  const notes: string[] = [];
  if (whole.length < reduced.length) notes.push('left out coarser levels that not every plane has');
  if (overlap === undefined) notes.push('the file does not say whether its camera frames overlap: taken not to');
  if (scan.layers !== undefined && scan.layers !== count)
    notes.push(`its description tells of ${scan.layers} planes, its directories have ${count}`);
  return planesSource(planes, {
    format: 'Ventana BIF',
    name: nameOfLocation(reader.location),
    files: [file],
    planes: planes.map((_, plane) => ({
      plane,
      zUm: step === undefined ? undefined : roundUm((plane - middle) * step),
    })),
    micronsPerPixel: um === undefined ? undefined : { x: um, y: um },
    objective: { magnification: scan.magnification },
    channelName: undefined,
    iccProfile: directories.find(({ iccProfile }) => iccProfile)?.iccProfile,
    acquisitionDate: undefined,
    annotations: [],
    notes,
    ...associatedImages(pictures(tiff)),
    close: () => reader.close(),
  });
}

/** The order is known for a plane in nominal focus with as many on each side of it. */
function checkPlanes(count: number, file: string): void {
  if (Number.isInteger(count) && count >= 1 && count < 10_000 && count % 2 === 1) return;
  const problem = `has ${count} planes: of a number that is not odd, it is not known in which order they lie`;
  throw new SlideError('unsupported', problem, { file, hint: 'convert it to OME-TIFF' });
}

/** The directory as it would be with this plane alone. */
function planeOf(directory: TiffDirectory, stored: number): TiffDirectory {
  const { chunks } = directory;
  const tiles = tileCount(chunkGrid(directory));
  const part = (values: ArrayLike<number>) => Array.prototype.slice.call(values, stored * tiles, (stored + 1) * tiles);
  return {
    ...directory,
    imageDepth: 1,
    chunks: { ...chunks, offsets: part(chunks.offsets), byteCounts: part(chunks.byteCounts) },
  };
}

function pictures(tiff: TiffFile) {
  return tiff.directories.flatMap(({ description, width, height, chunks }, page) => {
    const kind = pictureKinds.find(([, pattern]) => pattern.test(description ?? ''))?.[0];
    const picture = kind && !chunks.tiled && pictureInTiff({ kind, width, height }, tiff, page);
    return picture ? [picture] : [];
  });
}
