// Finds out what was given (a slide, a folder, a pattern, a list of planes) and opens it.
import { readdir, stat } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { ByteAccess } from '../bytes/byte-access.js';
import type { ByteReader } from '../bytes/byte-reader.js';
import { isUrl, nameOfLocation, sameLocation, shownLocation } from '../bytes/location.js';
import { isSlideError, SlideError } from '../errors.js';
import { looksLikeCzi } from '../formats/czi/segment.js';
import { isNdpi } from '../formats/ndpi/ndpi-file.js';
import { isPma } from '../formats/pma/pma-location.js';
import { looksLikeTiff, openTiff, type TiffFile } from '../formats/tiff/tiff-file.js';
import type { SlideInfo, SlideScene } from '../slide/slide-info.js';
import type { SlideSource } from '../slide/slide-source.js';
import { openAperioLayers } from './aperio-source.js';
import { dicomFilesIn, isDicomFile } from './dicom-files.js';
import { openDicom, openDicomFolder } from './dicom-source.js';
import { openLeica } from './leica-source.js';
import { type OmeMetadata, omeMetadata, readCompanion } from './ome-file-set.js';
import { openOmeTiff, slideImage } from './ome-tiff-source.js';
import type { Opening, OpenOptions } from './open-options.js';
import { openPlaneFiles } from './plane-files-source.js';
import { largestSeries, orderPlanes } from './plane-order.js';
import { openVentana } from './ventana-source.js';
import { looksLikeZarr } from './zarr-folder.js';
import { isZarrUrl } from './zarr-url.js';

/** One way in which a slide can be stored; `zflat formats` prints the table. */
export type SlideFormat = {
  readonly name: string;
  /** File names. */
  readonly files: string;
  /** How its planes are found. */
  readonly planes: string;
  /** Whether tiles are copied byte for byte. */
  readonly copied: string;
};

export const slideFormats: readonly SlideFormat[] = [
  {
    name: 'OME-TIFF',
    files: '*.ome.tif, *.ome.tiff, *.ome.btf, *.companion.ome; one file or a set',
    planes: 'TiffData of the OME-XML, any DimensionOrder; one channel and timepoint',
    copied: 'yes where stored in tiles; strips are tiled and encoded once',
  },
  {
    name: 'Hamamatsu NDPI',
    files: '*.ndpi, JPEG of 8 bits',
    planes: 'height above the middle plane (tag 65424); one of several scanned regions (--scene)',
    copied:
      'coefficients, never decoded to pixels: tiles are cut at MCUs; byte for byte where --tile-size is the width of its restart segments',
  },
  {
    name: 'Aperio SVS with z layers',
    files: '*.svs, one file, JPEG or JPEG 2000',
    planes: 'the directories of each size, in their order or by OffsetZ (taken for micrometres)',
    copied: 'yes',
  },
  {
    name: 'Leica SCN',
    files: '*.scn',
    planes: 'attribute z of the description, spacingZ apart; one of several scanned areas (--scene)',
    copied: 'yes',
  },
  {
    name: 'Ventana BIF',
    files: '*.bif whose camera frames do not overlap',
    planes: 'tag ImageDepth: nominal focus first, then those nearer to the slide, then those farther; Z-spacing apart',
    copied: 'yes',
  },
  {
    name: 'Zeiss CZI',
    files:
      '*.czi, uncompressed, zstd, JPEG, JPEG XR or LZW, of 8-bit colour and 8- or 16-bit grey; on a disk or by URL',
    planes: 'dimension Z, heights from the focus positions; one scene (--scene), channel and timepoint',
    copied:
      'where JPEG pictures lie on a grid: whole ones, or cut at MCUs; else, as camera frames overlap, they are put together by their mosaic index, and tiles encoded once',
  },
  {
    name: 'one TIFF pyramid per plane',
    files: 'a folder, a pattern or a list of *.tif, *.tiff, *.svs, *.btf',
    planes: 'natural order of the numbers in the names, or heights such as -3.0um',
    copied: 'yes where stored in tiles; strips are tiled and encoded once',
  },
  {
    name: 'one picture per plane',
    files: 'a folder, a pattern or a list of *.jpg, *.jpeg, *.png',
    planes: 'natural order of the numbers in the names, or heights such as -3.0um',
    copied: 'no: pictures have no tiles, so they are tiled and encoded once',
  },
  {
    name: 'DICOM whole-slide images',
    files:
      '*.dcm or without extension: a folder, a DICOMDIR, one file of a series or a list; JPEG and uncompressed frames',
    planes: 'focal planes of an instance, in full or sparse tilings, or an instance per plane; by their Z offsets',
    copied: 'yes',
  },
  {
    name: 'OME-Zarr 0.4 and 0.5',
    files:
      'a folder with .zattrs or zarr.json, or its URL, which ends in .zarr; blosc, zstd, gzip, zlib, lz4 and raw chunks, also in shards',
    planes: 'the z axis; one channel, or three that omero shows as red, green and blue; one timepoint',
    copied: 'no: chunks are decoded, and tiles encoded once',
  },
  {
    name: 'any of these TIFF and DICOM slides on a web server',
    files:
      'http:// or https:// URLs of one file, of a set or series, or of a file per plane; the server must answer range requests',
    planes: 'as in the same files on a disk',
    copied: 'yes where stored in tiles, and only those needed are fetched; strips and pictures are refused',
  },
  {
    name: 'slides of PMA.core and PMA.start',
    files: 'pma://server/path, pma://localhost/path for PMA.start; ?quality=75 or ?format=png at its end',
    planes: 'the layers of its image, in their order; --z-step says how far apart',
    copied: "the server's JPEG tiles, yes, those at the edge extended by whole blocks; PNG is encoded once",
  },
  {
    name: 'Deep Zoom or IIIF per plane',
    files: '*.json: {"planes": [{"zUm": 0, "deepZoom": "p0.dzi"}, …]}, or "iiif": URL of a service of version 2 or 3',
    planes: 'those that the list names, from the lowest zUm up, else in its order',
    copied: 'JPEG tiles without overlap, yes, those at the edge extended; overlaps are cropped, and encoded once',
  },
];

/** Ways in which scanners keep planes in one TIFF; each answers undefined for a file that is not of its kind. */
const vendorTiffs = [openAperioLayers, openLeica, openVentana];

const imageFile = /\.(tiff?|tf[28]|btf|svs|jpe?g|png)$/i;
const planeList = /\.json$/i;
const companionFile = /\.companion\.ome$/i;

/**
 * Opens a slide. `input` is a file, a folder, a pattern such as `plane_*.tif`, or a list of files, one a plane; files may be
 * given by URL. Throws a SlideError that says what is wrong with which file.
 */
export async function openSlide(input: string | readonly string[], options: OpenOptions = {}): Promise<SlideSource> {
  checkTileSize(options.tileSize);
  const access = new ByteAccess({ ...options.network, signal: options.signal });
  const source = await openInput(input, { ...options, access });
  if (options.scene !== undefined && !source.info.scenes) {
    await source.close();
    const [file] = source.info.files;
    throw new SlideError('usage', 'has no scenes to choose among', { file, hint: 'leave --scene out' });
  }
  return { ...source, info: noteScene(source.info, options.scene), transfer: () => access.transfer };
}

/** Says which of several scenes was taken where nobody chose. */
function noteScene(info: SlideInfo, chosen: OpenOptions['scene']): SlideInfo {
  const { scenes = [], notes } = info;
  if (scenes.length < 2 || chosen !== undefined) return info;
  const { index, name } = scenes.find(({ read }) => read) as SlideScene;
  const which = name === undefined ? `${index}` : `${index} (${name})`;
  return { ...info, notes: [...notes, `took scene ${which}, one of ${scenes.length}: --scene takes another`] };
}

async function openInput(input: string | readonly string[], options: Opening): Promise<SlideSource> {
  const given = typeof input === 'string' ? [input] : input;
  if (given.length > 1) return openFiles(given, options);
  const [path] = given;
  if (!path) throw new SlideError('usage', 'no slide is given');
  if (isPma(path)) return (await import('./pma-source.js')).openPma(path, options);
  if (planeList.test(nameOfLocation(path)))
    return (await import('./plane-list-source.js')).openPlaneList(path, options);
  if (isZarrUrl(path)) return (await import('./ome-zarr-source.js')).openOmeZarr(path, options);
  if (isUrl(path)) return openFiles([path], options);
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory()) return openFolder(path, options);
  if (!found && /[*?[{]/.test(path)) {
    const { glob } = await import('tinyglobby');
    const matches = await glob(path.replaceAll('\\', '/'), { expandDirectories: false, absolute: isAbsolute(path) });
    if (matches.length === 0) throw new SlideError('unreadable', 'no file matches the pattern', { file: path });
    return openFiles(matches, options);
  }
  return openFiles([path], options);
}

async function openFolder(folder: string, options: Opening): Promise<SlideSource> {
  const names = await readdir(folder).catch((cause: Error) => {
    const hint = 'check its permissions';
    throw new SlideError('unreadable', `the folder can't be read: ${cause.message}`, { file: folder, cause, hint });
  });
  names.sort();
  // Loaded where it is needed: it brings a library along.
  if (looksLikeZarr(names)) return (await import('./ome-zarr-source.js')).openOmeZarr(folder, options);
  const dicom = await dicomFilesIn(folder, names, options.access);
  if (dicom.length > 0) return openDicomFolder(folder, dicom, options);
  const companion = names.find((name) => companionFile.test(name));
  if (companion) return openFiles([join(folder, companion)], options);
  const images = names.filter((name) => imageFile.test(name));
  const series = largestSeries(images);
  if (series.length === 0) {
    const hint = `for planes in folders of their own, give a pattern: "${join(folder, '*', '*.tif')}"`;
    throw new SlideError('unreadable', 'the folder has no picture that zflat reads', { file: folder, hint });
  }
  if (series.length === 1 && images.length > 1) {
    const hint = 'give the files one by one, or a pattern';
    throw new SlideError('usage', 'no names in this folder differ by a number alone', { file: folder, hint });
  }
  const left = images.filter((name) => !series.includes(name));
  const notes = left.length > 0 ? [`left out ${left.join(', ')}: the name does not fit the series`] : [];
  return openFiles(
    series.map((name) => join(folder, name)),
    options,
    notes,
  );
}

async function openFiles(files: readonly string[], options: Opening, notes: string[] = []): Promise<SlideSource> {
  const twice = files.find((file, index) => files.findIndex((other) => sameLocation(other, file)) < index);
  if (twice !== undefined) {
    throw new SlideError('usage', 'is given twice', { file: shownLocation(twice), hint: 'give each plane once' });
  }
  const server = files.find(isPma);
  if (server !== undefined) {
    const hint = 'give its location alone: the server has all planes';
    throw new SlideError('usage', 'is one of several files', { file: shownLocation(server), hint });
  }
  const ordered = orderPlanes(files);
  const [first] = ordered.files;
  if (companionFile.test(nameOfLocation(first))) {
    return openOmeTiff(await readCompanion(first, options.access), options);
  }
  if (await isDicomFile(first, options.access)) return openDicom(ordered.files, options);
  return (await openAsOmeSet(first, files, options)) ?? openPlaneFiles(ordered, options, notes);
}

/** The OME-TIFF that `first` is, or is a part of, if every given file belongs to it; else undefined. */
async function openAsOmeSet(
  first: string,
  files: readonly string[],
  options: Opening,
): Promise<SlideSource | undefined> {
  const reader = await options.access.open(first);
  let passedOn = false;
  try {
    const head = await reader.read(0, Math.min(reader.size, 16));
    if (looksLikeCzi(head)) {
      passedOn = true;
      return await closingOnFailure(reader, () => openOneCzi(reader, files, options));
    }
    if (!looksLikeTiff(head)) return undefined;
    if (files.length === 1 && (await isNdpi(reader))) {
      passedOn = true;
      const { openNdpi } = await import('./ndpi-source.js');
      return await closingOnFailure(reader, () => openNdpi(reader, options));
    }
    const tiff = await openTiff(reader);
    // Files of a set whose metadata is lost can still be planes, one each.
    const lost = (error: unknown) => {
      if (files.length > 1 && isSlideError(error, 'unreadable')) return undefined;
      throw error;
    };
    const metadata = await omeMetadata(tiff, options.access).catch(lost);
    if (!metadata && files.length === 1) {
      const source = await openVendorTiff(tiff, options);
      passedOn = source !== undefined;
      return source;
    }
    if (!metadata || (files.length > 1 && !isSetOf(metadata, files))) return undefined;
    passedOn = true;
    return await openOmeTiff(metadata, options, [tiff]);
  } finally {
    if (!passedOn) await reader.close();
  }
}

/** CZI files hold all their planes; further parts of a slide are found by their names. */
async function openOneCzi(reader: ByteReader, files: readonly string[], options: Opening): Promise<SlideSource> {
  if (files.length > 1) {
    const hint = 'give one of them; the parts of a slide in several files are found by their names';
    throw new SlideError('usage', 'CZI files hold all planes of a slide each', { file: reader.name, hint });
  }
  const { openCzi } = await import('./czi-source.js');
  return openCzi(reader, options);
}

/** The stack that a TIFF of a scanner's own kind holds; undefined where it is of none, or has one plane. */
async function openVendorTiff(tiff: TiffFile, options: Opening): Promise<SlideSource | undefined> {
  for (const open of vendorTiffs) {
    const source = await open(tiff, options);
    if (source) return source;
  }
  return undefined;
}

async function closingOnFailure<T>(reader: ByteReader, open: () => Promise<T>): Promise<T> {
  try {
    return await open();
  } catch (error) {
    await reader.close();
    throw error;
  }
}

/** Whether the planes of a document lie in just these files. */
function isSetOf({ document }: OmeMetadata, files: readonly string[]): boolean {
  const named = new Set(slideImage(document)?.pixels.tiffData.map(({ fileName }) => fileName));
  return files.every((file) => named.has(nameOfLocation(file)));
}

function checkTileSize(tileSize = 256): void {
  if (Number.isInteger(tileSize) && tileSize >= 16 && tileSize <= 4096 && tileSize % 16 === 0) return;
  throw new SlideError('usage', `expected a tile size of 16 to 4096 pixels, a multiple of 16, got ${tileSize}`);
}
