// DICOM whole-slide images: planes in one instance or in several, levels as instances of one series.

import type { ByteAccess } from '../../bytes/byte-access.js';
import type { ByteReader } from '../../bytes/byte-reader.js';
import { nameOfLocation } from '../../bytes/location.js';
import { decodeTile } from '../../codecs/codec.js';
import { isSlideError, locating, SlideError } from '../../errors.js';
import { evenPlanes, type FocalPlane } from '../../slide/focal-planes.js';
import type { Raster } from '../../slide/raster.js';
import type { AssociatedImage, Objective } from '../../slide/slide-info.js';
import type { SlideSource } from '../../slide/slide-source.js';
import { sameGrid, tileIndex } from '../../slide/tile-grid.js';
import type { Opening } from '../../slide-source/open-options.js';
import type { PlaneLevel, PlanePyramid } from '../../slide-source/plane-pyramid.js';
import { planesSource } from '../../slide-source/planes-source.js';
import { type Choice, choose, takenOf } from '../../slide-source/selection.js';
import { type DicomFiles, findInstances, instancesOfFolder } from './dicom-files.js';
import { OpenImage, readFirstFrame } from './dicom-image.js';
import { stacksByLevel } from './plane-stacks.js';
import { tag } from './tags.js';
import { frameEncoding, type OpticalPath, type WsiInstance } from './wsi-instance.js';
import { joinConcatenations, type WsiImage, type WsiLayer } from './wsi-layers.js';

/** Longer profiles are none. */
const longestProfile = 1 << 24;

/** Opens the slide that the files hold; of one file, the whole series that lies beside it, or what a DICOMDIR lists. */
export async function openDicom(files: readonly string[], options: Opening): Promise<SlideSource> {
  return openInstances(await findInstances(files, options.access), options);
}

/** Opens the one slide that a folder holds; `files` are its DICOM files, or its DICOMDIR. */
export async function openDicomFolder(
  folder: string,
  files: readonly string[],
  options: Opening,
): Promise<SlideSource> {
  const found =
    files.length > 1
      ? await instancesOfFolder(files, folder, options.access)
      : await findInstances(files, options.access);
  return openInstances(found, options);
}

async function openInstances({ instances, index, notes: found }: DicomFiles, options: Opening): Promise<SlideSource> {
  const notes = [...found];
  const { access } = options;
  const volumes = withoutExtendedFocus(
    instances.filter(({ kind }) => kind === 'volume'),
    notes,
  );
  const [any] = instances;
  if (volumes.length === 0) {
    const problem = `is the ${any.kind} of a slide; the slide itself is not there`;
    throw new SlideError('unsupported', problem, { file: any.file, hint: 'give the other files of its series, too' });
  }
  const images = joinConcatenations(volumes);
  const finest = images.reduce((best, image) => (image.grid.width > best.grid.width ? image : best));
  const paths = opticalPaths(images, finest);
  const channel = choose('channel', paths, options.channel, any.file);
  const { path } = channel;
  const stacks = stacksByLevel(images, finest, path, notes);
  const stack = stacks.get(0) as readonly WsiLayer[];
  const [facts] = stack[0].image.parts;
  const readers: ByteReader[] = [];
  const close = async () => {
    await Promise.all(readers.map((reader) => reader.close()));
  };
  try {
    const opened = new Map<WsiImage, OpenImage>();
    for (const { image } of [...stacks.values()].flat()) {
      if (!opened.has(image)) opened.set(image, await OpenImage.open(image, access, readers));
    }
    const pictures = associatedInstances(instances, notes);
    return planesSource(
      stack.map((_, plane) => planeOf(stacks, plane, opened)),
      {
        format: 'DICOM WSI',
        name: facts.header.data.text(tag.containerIdentifier) ?? nameOfLocation(facts.file),
        files: [
          ...new Set([facts.file, ...readers.map(({ name }) => name), ...instances.map(({ file }) => file), ...index]),
        ],
        planes: heightsOf(stack, options.zStepUm),
        micronsPerPixel: facts.micronsPerPixel,
        objective: objectiveOf(facts),
        channelName: channel.name,
        selection: { channel: takenOf(channel, paths) },
        iccProfile: await profileOf(facts, path, access),
        acquisitionDate: isoDate(facts.header.data.text(tag.acquisitionDateTime)),
        annotations: [],
        notes: [...notes, ...new Set([...opened.values()].flatMap((image) => image.notes))],
        associatedImages: pictures.map(({ image }) => image),
        readAssociatedImage: (image) =>
          readPicture(pictures.find((each) => each.image === image)?.instance as WsiInstance, access),
        close,
      },
    );
  } catch (error) {
    await close();
    throw error;
  }
}

/** The scanner's own merge of planes is no plane; alone, it is a slide of one. */
function withoutExtendedFocus(volumes: readonly WsiInstance[], notes: string[]): readonly WsiInstance[] {
  const planes = volumes.filter(({ extendedFocus }) => !extendedFocus);
  if (planes.length === 0 || planes.length === volumes.length) return volumes;
  const left = volumes.filter(({ extendedFocus }) => extendedFocus).map(({ file }) => nameOfLocation(file));
  notes.push(`left out ${left.join(', ')}: the scanner's own extended focus, no plane`);
  return planes;
}

/** The optical paths, of which one is flattened; they may lie in one instance or in one each. They go by description or identifier. */
function opticalPaths(images: readonly WsiImage[], finest: WsiImage): (Choice & { readonly path: OpticalPath })[] {
  const number = ({ parts }: WsiImage) => parts[0].instanceNumber ?? 0;
  const described = images
    .filter(({ grid }) => sameGrid(grid, finest.grid))
    .sort((a, b) => number(a) - number(b))
    .flatMap(({ parts }) => parts[0].opticalPaths);
  const paths = [...new Map(described.map((path) => [path.identifier, path])).values()];
  if (paths.length === 0) paths.push({ identifier: '0', description: undefined });
  return paths.map((path, index) => {
    const { identifier, description } = path;
    return { index, name: description ?? identifier, alias: identifier, path };
  });
}

function planeOf(
  stacks: ReadonlyMap<number, readonly WsiLayer[]>,
  plane: number,
  opened: ReadonlyMap<WsiImage, OpenImage>,
): PlanePyramid {
  const layers = new Map([...stacks].map(([level, stack]) => [level, stack[plane]]));
  const imageOf = (level: number) => {
    const layer = layers.get(level);
    if (!layer) throw new RangeError(`the plane has no level ${level}`);
    return { layer, image: opened.get(layer.image) as OpenImage };
  };
  const lengths = new Map<number, Uint32Array>();
  const levels = [...layers].map(
    ([level, { image }]): PlaneLevel => ({ level, grid: image.grid, encoding: imageOf(level).image.encoding }),
  );
  return {
    file: (layers.get(0) as WsiLayer).image.parts[0].file,
    levels,
    retiled: undefined,
    notes: [],
    tileLengths: (level) => {
      const { layer, image } = imageOf(level);
      const known = lengths.get(level) ?? image.lengthsOf(layer);
      lengths.set(level, known);
      return known;
    },
    readTile: async (level, row, column, signal) => {
      const { layer, image } = imageOf(level);
      const frame = layer.frameOf(tileIndex(layer.image.grid, row, column));
      return frame === undefined ? undefined : image.read(frame, signal);
    },
  };
}

function heightsOf(layers: readonly WsiLayer[], zStepUm: number | undefined): FocalPlane[] {
  return zStepUm === undefined ? layers.map(({ zUm }, plane) => ({ plane, zUm })) : evenPlanes(layers.length, zStepUm);
}

function objectiveOf({ header: { data } }: WsiInstance): Objective | undefined {
  const path = data.item(tag.opticalPaths);
  const magnification = path?.number(tag.lensPower);
  const numericalAperture = path?.number(tag.lensAperture);
  return magnification === undefined && numericalAperture === undefined
    ? undefined
    : { magnification, numericalAperture };
}

async function profileOf(
  { header: { data }, location, opticalPaths }: WsiInstance,
  { identifier }: OpticalPath,
  access: ByteAccess,
): Promise<Uint8Array | undefined> {
  const path = opticalPaths.findIndex((each) => each.identifier === identifier);
  const element = data.items(tag.opticalPaths)[path]?.get(tag.iccProfile) ?? data.get(tag.iccProfile);
  if (!element || element.length === 0 || element.length > longestProfile) return undefined;
  if (element.bytes) return element.bytes;
  const reader = await access.open(location);
  try {
    return await reader.read(element.at, element.length);
  } finally {
    await reader.close();
  }
}

/** "20240506070809.000+0200" (PS3.5, table 6.2-1, DT) as ISO 8601, to the second; undefined where it is shorter than a day. */
function isoDate(dateTime: string | undefined): string | undefined {
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)?(\d\d)?(\d\d)?/.exec(dateTime ?? '');
  if (!parts) return undefined;
  const [, year, month, day, hour = '00', minute = '00', second = '00'] = parts;
  return `${year}-${month}-${day}T${hour}:${minute}:${second}`;
}

const pictureKinds: Readonly<Record<Exclude<WsiInstance['kind'], 'volume'>, AssociatedImage['kind']>> = {
  label: 'label',
  overview: 'macro',
  thumbnail: 'thumbnail',
};

type Picture = { readonly image: AssociatedImage; readonly instance: WsiInstance };

/** Labels and the like that can be read: single frames, of samples that zflat reads. */
function associatedInstances(instances: readonly WsiInstance[], notes: string[]): Picture[] {
  return instances.flatMap((instance) => {
    const { kind, tile, frameCount, file } = instance;
    if (kind === 'volume') return [];
    try {
      if (frameCount !== 1) throw new SlideError('unsupported', `it has ${frameCount} frames`, { file });
      const { sample } = frameEncoding(instance);
      if (sample !== 'uint8') throw new SlideError('unsupported', 'it has 16-bit samples', { file });
      return [{ image: { kind: pictureKinds[kind], ...tile }, instance }];
    } catch (error) {
      if (!isSlideError(error)) throw error;
      notes.push(`left out the ${kind} in ${nameOfLocation(file)}: ${error.problem}`);
      return [];
    }
  });
}

async function readPicture(instance: WsiInstance, access: ByteAccess): Promise<Raster> {
  const { file, kind } = instance;
  return locating({ file }, async () => {
    const tile = await readFirstFrame(instance, access);
    if (!tile) throw new SlideError('damaged', `its ${kind} is empty`);
    return decodeTile(tile);
  });
}
