// Finds out what was given (a slide, a folder, a pattern, a list of planes) and opens it.
import { readdir, stat } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { ByteAccess } from '../bytes/byte-access.js';
import type { ByteReader } from '../bytes/byte-reader.js';
import { isUrl, nameOfLocation, sameLocation, shownLocation } from '../bytes/location.js';
import { isSlideError, SlideError } from '../errors.js';
import { openAperioLayers } from '../formats/aperio-svs/aperio-source.js';
import { looksLikeCzi } from '../formats/czi/segment.js';
import { dicomFilesIn, isDicomFile } from '../formats/dicom/dicom-files.js';
import { openDicom, openDicomFolder } from '../formats/dicom/dicom-source.js';
import { openLeica } from '../formats/leica-scn/leica-source.js';
import { isNdpi } from '../formats/ndpi/ndpi-file.js';
import { type OmeMetadata, omeMetadata, readCompanion } from '../formats/ome-tiff/ome-file-set.js';
import { openOmeTiff, slideImage } from '../formats/ome-tiff/ome-tiff-source.js';
import { looksLikeZarr } from '../formats/ome-zarr/zarr-folder.js';
import { isZarrUrl } from '../formats/ome-zarr/zarr-url.js';
import { openPlaneFiles } from '../formats/plane-files/plane-files-source.js';
import { largestSeries, orderPlanes } from '../formats/plane-files/plane-order.js';
import { isPma } from '../formats/pma/pma-location.js';
import { openVentana } from '../formats/ventana-bif/ventana-source.js';
import type { SlideInfo, SlideScene } from '../slide/slide-info.js';
import type { SlideSource } from '../slide/slide-source.js';
import { looksLikeTiff, openTiff, type TiffFile } from '../tiff/tiff-file.js';
import type { Opening, OpenOptions } from './open-options.js';

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
  if (isPma(path)) return (await import('../formats/pma/pma-source.js')).openPma(path, options);
  if (planeList.test(nameOfLocation(path)))
    return (await import('../formats/tile-server/plane-list-source.js')).openPlaneList(path, options);
  if (isZarrUrl(path)) return (await import('../formats/ome-zarr/ome-zarr-source.js')).openOmeZarr(path, options);
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
  if (looksLikeZarr(names))
    return (await import('../formats/ome-zarr/ome-zarr-source.js')).openOmeZarr(folder, options);
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
      const { openNdpi } = await import('../formats/ndpi/ndpi-source.js');
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
  const { openCzi } = await import('../formats/czi/czi-source.js');
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
