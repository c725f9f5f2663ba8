// Aperio SVS with z layers: further tiled directories of the same sizes, layer after layer. Where the directories of each size are as
// many as those of the finest, the n-th of each size belongs to the n-th layer, in whatever order layers and levels follow each other.
import { nameOfLocation } from '../../bytes/location.js';
import { locating, SlideError } from '../../errors.js';
import { evenPlanes, type FocalPlane, roundUm } from '../../slide/focal-planes.js';
import { levelNumber } from '../../slide/pyramid.js';
import type { SlideSource } from '../../slide/slide-source.js';
import { associatedImages, picturesInTiff } from '../../slide-source/associated-pictures.js';
import type { Opening } from '../../slide-source/open-options.js';
import { type PlanePyramid, tiledPlane } from '../../slide-source/plane-pyramid.js';
import { planesSource } from '../../slide-source/planes-source.js';
import type { TiffDirectory } from '../../tiff/tiff-directory.js';
import type { TiffFile } from '../../tiff/tiff-file.js';
import { aperioLayers, isLevel, parseAperio, sameSize } from './aperio.js';

/** Opens the layers of an SVS file; the source closes it. */
export async function openAperioLayers(tiff: TiffFile, options: Opening): Promise<SlideSource> {
  const { reader, directories } = tiff;
  const [finest] = directories;
  const layers = aperioLayers(tiff);

  const told = layers.map(({ description }) => parseAperio(description)?.offsetZUm);
  // A layer that says nothing among others that do is the one that the others are offset from.
  const offsets = told.every((offset) => offset === undefined) ? undefined : told.map((offset) => offset ?? 0);
  checkOffsets(offsets, reader.name);
  const levels = coarserLevels(tiff, layers);
  const order = layers.map((_, layer) => layer).sort((a, b) => (offsets ? offsets[a] - offsets[b] : a - b));
  const planes: PlanePyramid[] = [];
  for (const [plane, layer] of order.entries()) {
    const reduced = levels.whole.map((level) => level[layer]);
    planes.push(await locating({ plane }, () => tiledPlane(reader, layers[layer], reduced)));
  }
  const { magnification, micronsPerPixel } = parseAperio(finest.description) ?? {};
  return planesSource(planes, {
    format: 'Aperio SVS',
    name: nameOfLocation(reader.location),
    files: [reader.name],
    planes: planeHeights(order, offsets, options.zStepUm),
    micronsPerPixel: micronsPerPixel === undefined ? undefined : { x: micronsPerPixel, y: micronsPerPixel },
    objective: { magnification },
    channelName: undefined,
    iccProfile: finest.iccProfile,
    acquisitionDate: undefined,
    annotations: [],
    notes: levels.notes,
    ...associatedImages(picturesInTiff(tiff)),
    close: () => reader.close(),
  });
}

/** Directories of each coarser size, a layer each; those of sizes that not every layer has are left out. */
function coarserLevels({ directories }: TiffFile, layers: readonly TiffDirectory[]) {
  const [finest] = directories;
  const whole: TiffDirectory[][] = [];
  const notes: string[] = [];
  const others = directories.filter((other) => isLevel(other) && !sameSize(other, finest));
  while (others.length > 0) {
    const [first] = others;
    const alike = others.filter((other) => sameSize(other, first));
    others.splice(0, others.length, ...others.filter((other) => !alike.includes(other)));
    const size = `${first.width} x ${first.height}`;
    if (alike.length === layers.length && levelNumber(finest, first)) whole.push(alike);
    else
      notes.push(
        `left out ${alike.length} images of ${size} pixels: they are not one level of each of ${layers.length} layers`,
      );
  }
  return { whole, notes };
}

/** `damaged` where layers say their heights, but not each one of its own. */
function checkOffsets(offsets: readonly number[] | undefined, file: string): void {
  if (!offsets || new Set(offsets).size === offsets.length) return;
  const told = offsets.join(', ');
  const hint = 'export the layers again, each with an OffsetZ of its own';
  throw new SlideError('contradictory', `its ${offsets.length} layers tell of heights that repeat: ${told}`, {
    file,
    hint,
  });
}

function planeHeights(
  order: readonly number[],
  offsets: readonly number[] | undefined,
  zStepUm?: number,
): FocalPlane[] {
  if (!offsets || zStepUm !== undefined) return evenPlanes(order.length, zStepUm);
  return order.map((layer, plane) => ({ plane, zUm: roundUm(offsets[layer]) }));
}
