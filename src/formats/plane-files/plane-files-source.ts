// One plane per file: TIFF pyramids, plain TIFFs, JPEGs or PNGs, lowest plane first.

import type { ByteAccess } from '../../bytes/byte-access.js';
import type { ByteReader } from '../../bytes/byte-reader.js';
import { folderOfLocation, nameOfLocation } from '../../bytes/location.js';
import { locating, SlideError } from '../../errors.js';
import { evenPlanes, type FocalPlane, roundUm } from '../../slide/focal-planes.js';
import type { MicronsPerPixel } from '../../slide/geometry.js';
import type { Objective } from '../../slide/slide-info.js';
import type { SlideSource } from '../../slide/slide-source.js';
import { type AssociatedPicture, associatedImages, picturesInTiff } from '../../slide-source/associated-pictures.js';
import type { Opening } from '../../slide-source/open-options.js';
import { type PlanePyramid, tiledPlane } from '../../slide-source/plane-pyramid.js';
import { planesSource } from '../../slide-source/planes-source.js';
import { withRelatedPlanes } from '../../slide-source/related-planes.js';
import { checkStrips } from '../../slide-source/stored-jpeg.js';
import { StripPlanes, stripsOnServer } from '../../slide-source/strip-plane.js';
import { uncachedSharp } from '../../slide-source/uncached-sharp.js';
import { looksLikeOmeXml } from '../../tiff/descriptions.js';
import { parseOmeXml } from '../../tiff/ome-xml.js';
import { openTiff, type TiffFile } from '../../tiff/tiff-file.js';
import { looksLikeTiff } from '../../tiff/tiff-magic.js';
import { tileEncoding } from '../../tiff/tile-encoding.js';
import { parseAperio } from '../aperio-svs/aperio.js';
import { imageJUnit } from '../imagej-tiff/imagej-description.js';
import type { OrderedFiles } from './plane-order.js';

/** A pixel of a microscope is smaller: a greater one is a printer's resolution, and says nothing. */
const maxMicronsPerPixel = 100;

/** One file, opened, and what it says beside its pixels. */
type PlaneFile = {
  readonly plane: PlanePyramid;
  readonly zUm?: number | undefined;
  readonly micronsPerPixel?: MicronsPerPixel | undefined;
  readonly objective?: Objective | undefined;
  readonly iccProfile?: Uint8Array | undefined;
  readonly pictures?: readonly AssociatedPicture[];
};

/** Opens a stack of one file a plane. Facts that are no plane's own (pixel size, label) are those of the first file. */
export async function openPlaneFiles(
  { files, zUm, selection }: Omit<OrderedFiles, 'notes'>,
  options: Opening,
  notes: readonly string[],
): Promise<SlideSource> {
  const readers: ByteReader[] = [];
  const strips = new StripPlanes(options.tileSize);
  const close = async () => {
    await Promise.all([strips.close(), ...readers.map((reader) => reader.close())]);
  };
  try {
    const opened: PlaneFile[] = [];
    for (const [plane, file] of files.entries())
      opened.push(
        await locating({ plane }, () => openPlaneFile(file, options.access, readers, strips, files.length > 1)),
      );
    const [first] = opened;
    const source = planesSource(
      opened.map(({ plane }) => plane),
      {
        format: files.length === 1 ? 'single plane' : 'one file per plane',
        name: nameOfLocation(files.length === 1 ? files[0] : folderOfLocation(files[0])),
        files: readers.map(({ name }) => name),
        planes: planeHeights(opened, zUm, options.zStepUm),
        micronsPerPixel: first.micronsPerPixel,
        objective: first.objective,
        channelName: undefined,
        selection,
        iccProfile: first.iccProfile,
        acquisitionDate: undefined,
        annotations: [],
        notes,
        ...associatedImages(first.pictures ?? []),
        close,
      },
    );
    return opened.length > 1 && !options.unrelated ? withRelatedPlanes(source) : source;
  } catch (error) {
    await close();
    throw error;
  }
}

async function openPlaneFile(
  location: string,
  access: ByteAccess,
  readers: ByteReader[],
  strips: StripPlanes,
  isOneOfSeveral: boolean,
): Promise<PlaneFile> {
  const reader = await access.open(location);
  const file = reader.name;
  readers.push(reader);
  const head = await reader.read(0, Math.min(reader.size, 8));
  const fileBytes = reader.size;
  if (!looksLikeTiff(head) && reader.distant) {
    const hint = 'zflat reads tiled TIFF files over a network; download the file';
    throw new SlideError('unsupported', 'is no TIFF file', { file, hint });
  }
  if (!looksLikeTiff(head)) return openPicture(file, fileBytes, strips);
  const tiff = await openTiff(reader);
  const [finest, ...others] = tiff.directories;
  // Another image of the same size is no level: perhaps a further plane, as ImageJ stores them.
  const alike = others.filter((other) => other.width === finest.width && other.height === finest.height);
  if (isOneOfSeveral && alike.length > 0) {
    const hint = 'give it alone, or save each image to a file of its own';
    throw new SlideError('usage', `has ${alike.length + 1} images of one size: it is a stack by itself`, {
      file,
      hint,
    });
  }
  const coarser = others.filter((other) => other.chunks.tiled && !alike.includes(other));
  const pyramid = [...(await tiff.subDirectories(finest)), ...coarser];
  const { channels, sample, codec } = tileEncoding(finest);
  const { width, height, orientation } = finest;
  if (!finest.chunks.tiled && reader.distant) throw stripsOnServer(file);
  const plane = finest.chunks.tiled
    ? await tiledPlane(reader, finest, unique(pyramid))
    : {
        ...strips.add({
          file,
          fileBytes,
          page: 0,
          width,
          height,
          channels,
          sample,
          lossy: codec === 'jpeg',
          orientation,
        }),
        notes: await checkStrips(reader, finest),
      };
  const left = `left out ${alike.length} further images of the same size: without OME-XML, a file is one plane`;
  return {
    plane: { ...plane, notes: alike.length > 0 ? [...plane.notes, left] : plane.notes },
    iccProfile: finest.iccProfile,
    pictures: picturesInTiff(tiff),
    ...describedFacts(tiff),
  };
}

/** The same directory may be linked from SubIFDs and from the main chain. */
function unique<T extends { readonly offset: number }>(directories: readonly T[]): T[] {
  return [...new Map(directories.map((directory) => [directory.offset, directory])).values()];
}

/** What the description says, be it OME-XML or Aperio's; else the resolution tags, where a microscope could have written them. */
function describedFacts({ directories: [finest] }: TiffFile): Pick<PlaneFile, 'micronsPerPixel' | 'objective' | 'zUm'> {
  const { description, file, micronsPerPixel, pixelsPerUnit } = finest;
  const ome = looksLikeOmeXml(description) ? parseOmeXml(description, file).images[0] : undefined;
  if (ome) {
    const { physicalSizeX: x, physicalSizeY: y, positions } = ome.pixels;
    const size = x !== undefined && y !== undefined ? { x, y } : undefined;
    return { micronsPerPixel: size, objective: ome.objective, zUm: positions[0]?.zUm };
  }
  const unit = imageJUnit(description);
  if (unit !== undefined && pixelsPerUnit) {
    return { micronsPerPixel: { x: unit / pixelsPerUnit.x, y: unit / pixelsPerUnit.y } };
  }
  const aperio = parseAperio(description);
  const plausible = micronsPerPixel && micronsPerPixel.x <= maxMicronsPerPixel ? micronsPerPixel : undefined;
  const mpp = aperio?.micronsPerPixel;
  return {
    micronsPerPixel: mpp === undefined ? plausible : { x: mpp, y: mpp },
    objective: aperio && { magnification: aperio.magnification },
  };
}

async function openPicture(file: string, fileBytes: number, strips: StripPlanes): Promise<PlaneFile> {
  const sharp = await uncachedSharp();
  const facts = await sharp(file, { limitInputPixels: false })
    .metadata()
    .catch((cause: Error) => {
      const hint = 'zflat reads TIFF, JPEG and PNG; see zflat formats';
      throw new SlideError('unsupported', `is no picture that can be read: ${cause.message}`, { file, cause, hint });
    });
  const { width, height, format, depth, channels, icc, orientation = 1 } = facts;
  const refuse = (problem: string, hint: string) => new SlideError('unsupported', problem, { file, hint });
  if (format !== 'jpeg' && format !== 'png') throw refuse(`is a ${format} picture`, 'save it as TIFF, JPEG or PNG');
  if (orientation !== 1) {
    throw refuse(
      `is stored rotated (EXIF orientation ${orientation})`,
      'save it upright, for example with exiftran -a',
    );
  }
  const grey = channels <= 2;
  const sample = depth === 'ushort' ? 'uint16' : 'uint8';
  if (!grey && sample === 'uint16') throw refuse('has 16-bit colour', 'zflat reads 8-bit RGB and 8- or 16-bit grey');
  const lossy = format === 'jpeg';
  return {
    plane: strips.add({ file, fileBytes, page: 0, width, height, channels: grey ? 1 : 3, sample, lossy }),
    iccProfile: icc,
  };
}

/** Heights by `--z-step`, else by the names, else by what every file says of itself, else unknown. */
function planeHeights(
  opened: readonly PlaneFile[],
  named: readonly number[] | undefined,
  zStepUm?: number,
): FocalPlane[] {
  const said = opened.map(({ zUm }) => zUm);
  const rising = said.every((z, plane) => z !== undefined && (plane === 0 || z > (said[plane - 1] as number)));
  const heights = zStepUm !== undefined ? undefined : (named ?? (rising ? (said as number[]) : undefined));
  return heights ? heights.map((zUm, plane) => ({ plane, zUm: roundUm(zUm) })) : evenPlanes(opened.length, zStepUm);
}
