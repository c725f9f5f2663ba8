// OME-TIFF z-stacks: one file or a set of files, pyramids in SubIFDs, in the main chain, or none.
import { nameOfLocation } from '../../bytes/location.js';
import { locating, SlideError } from '../../errors.js';
import { evenPlanes, type FocalPlane, roundUm } from '../../slide/focal-planes.js';
import { levelNumber } from '../../slide/pyramid.js';
import type { SlideSource } from '../../slide/slide-source.js';
import {
  type AssociatedPicture,
  associatedImages,
  associatedKind,
  pictureInTiff,
} from '../../slide-source/associated-pictures.js';
import type { Opening } from '../../slide-source/open-options.js';
import { type PlanePyramid, tiledPlane } from '../../slide-source/plane-pyramid.js';
import { planesSource } from '../../slide-source/planes-source.js';
import { choose, numbered, takenOf } from '../../slide-source/selection.js';
import { checkStrips } from '../../slide-source/stored-jpeg.js';
import { StripPlanes, stripsOnServer } from '../../slide-source/strip-plane.js';
import { channelCount, firstLocation, locatePlanes, type PlaneLocation } from '../../tiff/ome-planes.js';
import type { OmeDocument, OmePixels } from '../../tiff/ome-xml.js';
import type { TiffDirectory } from '../../tiff/tiff-directory.js';
import type { TiffFile } from '../../tiff/tiff-file.js';
import { tileEncoding } from '../../tiff/tile-encoding.js';
import { OmeFileSet, type OmeMetadata } from './ome-file-set.js';
import { asPlanes, chooseImage } from './ome-image.js';

/** Opens the z-stack that `metadata` describes; `opened` are files of the set that are open already, `given` the one that was given alone. */
export async function openOmeTiff(
  metadata: OmeMetadata,
  options: Opening,
  opened: readonly TiffFile[] = [],
  given?: TiffFile,
): Promise<SlideSource> {
  const { document, file } = metadata;
  const files = new OmeFileSet(metadata, options.access, opened);
  const strips = new StripPlanes(options.tileSize);
  const close = async () => {
    await Promise.all([files.close(), strips.close()]);
  };
  try {
    const { image, index, scenes } = chooseImage(
      document,
      options.scene,
      file,
      (each) => given !== undefined && files.hasPlanes(each.pixels, given),
    );
    const { name, objective, acquisitionDate } = image;
    const pixels = asPlanes(image.pixels, options, file);
    const channels = channelCount(pixels, await storedSamples(files, pixels, file));
    const among = numbered(channels, (index) => pixels.channels[index]?.name);
    const taken = choose('channel', among, options.channel, file);
    const timepoints = numbered(pixels.sizeT);
    const time = choose('timepoint', timepoints, options.timepoint, file);
    const [channel, timepoint] = [taken.index, time.index];
    const levelsOf = mainChainLevels(document, index, pixels.sizeZ * pixels.sizeT * channels);

    const planes: PlanePyramid[] = [];
    const directories: TiffDirectory[] = [];
    for (const [plane, location] of locatePlanes(pixels, channel, timepoint, channels).entries()) {
      const { tiff, directory, ifd } = await findDirectory(files, location, plane, pixels, file);
      directories.push(directory);
      const levels = () => levelsOf(tiff, ifd);
      planes.push(await locating({ plane }, () => openPlane(tiff, directory, ifd, levels, strips)));
    }
    const [{ iccProfile, micronsPerPixel }] = directories;
    const { physicalSizeX: x, physicalSizeY: y } = pixels;
    const heights = planeHeights(pixels, channel, timepoint, options.zStepUm);
    const upwards = ascending(heights);
    const reversed = upwards.length > 1 && upwards[0] > upwards[1];
    return planesSource(
      upwards.map((index) => planes[index]),
      {
        format: 'OME-TIFF',
        name: name ?? nameOfLocation(metadata.location),
        files: [...new Set([file, ...files.paths])],
        unreadFiles: await files.unopened(),
        planes: upwards.map((index, plane) => ({ plane, zUm: heights[index].zUm })),
        micronsPerPixel: x !== undefined && y !== undefined ? { x, y } : micronsPerPixel,
        objective,
        channelName: taken.name,
        selection: { channel: takenOf(taken, among), timepoint: takenOf(time, timepoints) },
        iccProfile,
        acquisitionDate,
        annotations: document.annotations,
        scenes,
        notes: [
          ...(reversed ? ['planes are numbered from the lowest up; the file has them the other way round'] : []),
          ...pixels.notes,
        ],
        ...associatedImages(await associatedPictures(document, files)),
        close,
      },
    );
  } catch (error) {
    await close();
    throw error;
  }
}

/** Samples of a pixel of the first directory that holds any of the image; undefined where no rule names one. */
async function storedSamples(files: OmeFileSet, pixels: OmePixels, file: string): Promise<number | undefined> {
  const location = firstLocation(pixels);
  if (!location) return undefined;
  const tiff = await files.open(location, 0);
  const stored = tiff.directories[location.ifd]?.samplesPerPixel;
  const said = pixels.channels[0]?.samplesPerPixel ?? 1;
  if (stored === undefined || stored >= said) return stored;
  const problem = `the metadata says that a pixel has ${said} samples, its directory has ${stored}`;
  const hint = 'its OME-XML is of another image: convert it anew';
  throw new SlideError('contradictory', problem, { file, hint });
}

async function findDirectory(
  files: OmeFileSet,
  location: PlaneLocation | undefined,
  plane: number,
  { sizeX, sizeY, sizeZ }: OmePixels,
  metadataFile: string,
) {
  if (!location) {
    const hint = `SizeZ is ${sizeZ}: the set is incomplete, or its metadata wrong`;
    throw new SlideError('contradictory', 'no directory holds this plane', { file: metadataFile, plane, hint });
  }
  const tiff = await files.open(location, plane);
  const place = { file: tiff.reader.name, plane };
  const directory = tiff.directories[location.ifd];
  if (!directory) {
    const problem = `the metadata puts it in directory ${location.ifd}, the file has ${tiff.directories.length}`;
    throw new SlideError('contradictory', problem, place);
  }
  if (plane === 0 && (directory.width !== sizeX || directory.height !== sizeY)) {
    const problem = `the metadata says ${sizeX} x ${sizeY} pixels, the directory ${directory.width} x ${directory.height}`;
    const hint = 'its OME-XML is of another image: convert it anew, or take the image description out';
    throw new SlideError('contradictory', problem, { ...place, hint });
  }
  return { tiff, directory, ifd: location.ifd };
}

async function openPlane(
  tiff: TiffFile,
  directory: TiffDirectory,
  ifd: number,
  mainChain: () => TiffDirectory[],
  strips: StripPlanes,
): Promise<PlanePyramid> {
  if (directory.chunks.tiled) {
    const inSubIfds = await tiff.subDirectories(directory);
    return tiledPlane(tiff.reader, directory, inSubIfds.length > 0 ? inSubIfds : mainChain());
  }
  if (tiff.reader.distant) throw stripsOnServer(tiff.reader.name);
  const { channels, sample, codec } = tileEncoding(directory);
  if (sample === 'int16') {
    const hint = 'save it in tiles, or as unsigned samples';
    throw new SlideError('unsupported', 'signed 16-bit samples in strips', { file: tiff.reader.name, hint });
  }
  const notes = await checkStrips(tiff.reader, directory);
  const { width, height, orientation } = directory;
  const { name: file, size: fileBytes } = tiff.reader;
  const plane = strips.add({
    file,
    fileBytes,
    page: ifd,
    width,
    height,
    channels,
    sample,
    lossy: codec === 'jpeg',
    orientation,
  });
  return { ...plane, notes };
}

/**
 * The older pyramid of Bio-Formats: level k of the plane in directory i is directory i + k x planes of the main chain, where no other
 * image of the document has it.
 */
function mainChainLevels({ images }: OmeDocument, index: number, stride: number) {
  const others = images.filter((_, other) => other !== index).flatMap(({ pixels }) => pixels.tiffData);
  return ({ directories, reader }: TiffFile, ifd: number): TiffDirectory[] => {
    const here = nameOfLocation(reader.location);
    const ofOthers = others.filter(({ fileName = here }) => fileName.endsWith(here));
    const isOfOther = (at: number) => ofOthers.some((block) => at >= block.ifd && at < block.ifd + block.planeCount);
    const levels: TiffDirectory[] = [];
    for (let at = ifd + stride; at < directories.length && !isOfOther(at); at += stride) {
      if (!directories[at].chunks.tiled || !levelNumber(directories[ifd], directories[at])) break;
      levels.push(directories[at]);
    }
    return levels;
  };
}

/** Heights by `--z-step`, else by the positions of the planes, else by the distance between planes, else unknown. */
function planeHeights(pixels: OmePixels, channel: number, timepoint: number, zStepUm?: number): FocalPlane[] {
  const { sizeZ, positions, physicalSizeZ } = pixels;
  const at = (z: number) => positions.find((other) => other.z === z && other.c === channel && other.t === timepoint);
  const placed = Array.from({ length: sizeZ }, (_, plane) => ({ plane, zUm: at(plane)?.zUm }));
  const heights = new Set(placed.map(({ zUm }) => zUm));
  if (zStepUm === undefined && !heights.has(undefined) && heights.size === sizeZ) {
    return placed.map(({ plane, zUm }) => ({ plane, zUm: roundUm(zUm as number) }));
  }
  return evenPlanes(sizeZ, zStepUm ?? physicalSizeZ);
}

/** The order of planes from the lowest up: a scanner may have recorded them downwards. */
function ascending(planes: readonly FocalPlane[]): number[] {
  return planes.map(({ plane }) => plane).sort((a, b) => (planes[a].zUm ?? a) - (planes[b].zUm ?? b));
}

async function associatedPictures({ images }: OmeDocument, files: OmeFileSet): Promise<AssociatedPicture[]> {
  const pictures: AssociatedPicture[] = [];
  for (const { name, pixels } of images) {
    const kind = associatedKind(name);
    const [location] = locatePlanes(pixels, 0, 0);
    if (!kind || !location) continue;
    const image = { kind, width: pixels.sizeX, height: pixels.sizeY };
    const picture = pictureInTiff(image, await files.open(location, 0), location.ifd);
    if (picture) pictures.push(picture);
  }
  return pictures;
}
