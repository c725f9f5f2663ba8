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
import { StripPlanes, stripsOnServer } from '../../slide-source/strip-plane.js';
import { channelCount, locatePlanes, type PlaneLocation } from '../../tiff/ome-planes.js';
import type { OmeDocument, OmeImage, OmePixels } from '../../tiff/ome-xml.js';
import { checkChunks, type TiffDirectory } from '../../tiff/tiff-directory.js';
import type { TiffFile } from '../../tiff/tiff-file.js';
import { tileEncoding } from '../../tiff/tile-encoding.js';
import { OmeFileSet, type OmeMetadata } from './ome-file-set.js';

/** The image of a document that holds the slide: the first that is no label, macro image or thumbnail. */
export function slideImage({ images }: OmeDocument): OmeImage | undefined {
  return images.find(({ name }) => !associatedKind(name)) ?? images[0];
}

/** Opens the z-stack that `metadata` describes; `opened` are files of the set that are open already. */
export async function openOmeTiff(
  metadata: OmeMetadata,
  options: Opening,
  opened: readonly TiffFile[] = [],
): Promise<SlideSource> {
  const { document, file } = metadata;
  const files = new OmeFileSet(metadata, options.access, opened);
  const strips = new StripPlanes(options.tileSize);
  const close = async () => {
    await Promise.all([files.close(), strips.close()]);
  };
  try {
    const image = slideImage(document);
    if (!image) throw new SlideError('damaged', 'its OME-XML describes no image', { file });
    const { pixels, name, objective, acquisitionDate } = image;
    const channel = chosenChannel(pixels, options.channel ?? 0, file);
    const timepoint = options.timepoint ?? 0;
    checkIndex('timepoint', timepoint, pixels.sizeT, file);

    const planes: PlanePyramid[] = [];
    const directories: TiffDirectory[] = [];
    for (const [plane, location] of locatePlanes(pixels, channel, timepoint).entries()) {
      const { tiff, directory, ifd } = await findDirectory(files, location, plane, pixels, file);
      directories.push(directory);
      planes.push(await locating({ plane }, () => openPlane(tiff, directory, ifd, pixels, strips)));
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
        planes: upwards.map((index, plane) => ({ plane, zUm: heights[index].zUm })),
        micronsPerPixel: x !== undefined && y !== undefined ? { x, y } : micronsPerPixel,
        objective,
        channelName: pixels.channels[channel]?.name,
        iccProfile,
        acquisitionDate,
        annotations: document.annotations,
        notes: reversed ? ['planes are numbered from the lowest up; the file has them the other way round'] : [],
        ...associatedImages(await associatedPictures(document, files)),
        close,
      },
    );
  } catch (error) {
    await close();
    throw error;
  }
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
    throw new SlideError('damaged', 'no directory holds this plane', { file: metadataFile, plane, hint });
  }
  const tiff = await files.open(location, plane);
  const place = { file: tiff.reader.name, plane };
  const directory = tiff.directories[location.ifd];
  if (!directory) {
    const problem = `the metadata puts it in directory ${location.ifd}, the file has ${tiff.directories.length}`;
    throw new SlideError('damaged', problem, place);
  }
  if (plane === 0 && (directory.width !== sizeX || directory.height !== sizeY)) {
    const problem = `the metadata says ${sizeX} x ${sizeY} pixels, the directory ${directory.width} x ${directory.height}`;
    const hint = 'its OME-XML is of another image: convert it anew, or take the image description out';
    throw new SlideError('damaged', problem, { ...place, hint });
  }
  return { tiff, directory, ifd: location.ifd };
}

async function openPlane(
  tiff: TiffFile,
  directory: TiffDirectory,
  ifd: number,
  pixels: OmePixels,
  strips: StripPlanes,
): Promise<PlanePyramid> {
  if (directory.chunks.tiled) {
    const inSubIfds = await tiff.subDirectories(directory);
    return tiledPlane(tiff.reader, directory, inSubIfds.length > 0 ? inSubIfds : mainChainLevels(tiff, ifd, pixels));
  }
  if (tiff.reader.distant) throw stripsOnServer(tiff.reader.name);
  const { channels, sample, codec } = tileEncoding(directory);
  if (sample === 'int16') {
    const hint = 'save it in tiles, or as unsigned samples';
    throw new SlideError('unsupported', 'signed 16-bit samples in strips', { file: tiff.reader.name, hint });
  }
  checkChunks(directory, tiff.reader.size);
  const { width, height } = directory;
  const { name: file, size: fileBytes } = tiff.reader;
  return strips.add({ file, fileBytes, page: ifd, width, height, channels, sample, lossy: codec === 'jpeg' });
}

/** The older pyramid of Bio-Formats: level k of the plane in directory i is directory i + k x planes of the main chain. */
function mainChainLevels({ directories }: TiffFile, ifd: number, pixels: OmePixels): TiffDirectory[] {
  const stride = pixels.sizeZ * pixels.sizeT * channelCount(pixels);
  const levels: TiffDirectory[] = [];
  for (let index = ifd + stride; index < directories.length; index += stride) {
    const candidate = directories[index];
    if (!candidate.chunks.tiled || !levelNumber(directories[ifd], candidate)) break;
    levels.push(candidate);
  }
  return levels;
}

function chosenChannel(pixels: OmePixels, chosen: number | string, file: string): number {
  const index = typeof chosen === 'number' ? chosen : pixels.channels.findIndex(({ name }) => name === chosen);
  if (typeof chosen === 'string' && index < 0) {
    const names = pixels.channels.map(({ name }, i) => name ?? String(i)).join(', ');
    throw new SlideError('usage', `there is no channel "${chosen}"`, { file, hint: `its channels are ${names}` });
  }
  checkIndex('channel', index, channelCount(pixels), file);
  return index;
}

function checkIndex(what: string, index: number, count: number, file: string): void {
  if (Number.isInteger(index) && index >= 0 && index < count) return;
  const hint = count === 1 ? `its only one is 0` : `they are numbered 0 to ${count - 1}`;
  throw new SlideError('usage', `there is no ${what} ${index}`, { file, hint });
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
