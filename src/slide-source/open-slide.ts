// Finds out what was given (a slide, a folder, a pattern, a list of planes), asks one format after the other whether it is theirs, and
// has it opened by the first that says so.
import { readdir, stat } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import { ByteAccess } from '../bytes/byte-access.js';
import { isDistant, isUrl, sameLocation, shownLocation } from '../bytes/location.js';
import { refuseInput } from '../bytes/refuse-input.js';
import { isSlideError, SlideError, throwIfAborted } from '../errors.js';
import { folderSeries } from '../formats/plane-files/folder-series.js';
import { checkOptions } from '../options/check-options.js';
import { openingOptions } from '../options/opening.js';
import type { SlideInfo, SlideScene } from '../slide/slide-info.js';
import type { SlideSource } from '../slide/slide-source.js';
import { folderOfSlides, foreignFile, foreignPlace } from './foreign-formats.js';
import type { Opening, OpenOptions } from './open-options.js';
import { slideFormats } from './slide-formats.js';
import { GivenFiles, type SlideInput } from './slide-input.js';

/**
 * Opens a slide. `input` is a file, a folder, a pattern such as `plane_*.tif`, or a list of files, one a plane; files may be
 * given by URL. Throws a SlideError that says what is wrong with which file.
 */
export async function openSlide(input: string | readonly string[], options: OpenOptions = {}): Promise<SlideSource> {
  checkOptions([openingOptions], options);
  const access = new ByteAccess({ ...options.network, signal: options.signal });
  throwIfAborted(options.signal);
  const source = await openInput(input, { ...options, access });
  try {
    const [file] = source.info.files;
    if (options.scene !== undefined && !source.info.scenes) {
      throw new SlideError('usage', 'has no scenes to choose among', { file, hint: 'leave --scene out' });
    }
    for (const output of options.outputs ?? []) await refuseInput(output, source.info.files);
  } catch (error) {
    await source.close();
    throw error;
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
  const [location] = given;
  if (!location) throw new SlideError('usage', 'no slide is given');
  const source = await openRecognised({ kind: 'location', location }, options);
  return source ?? (isDistant(location) ? openFiles([location], options) : openPath(location, options));
}

/** Opens what a path of this machine means: a folder, a file, or files by a pattern. */
async function openPath(path: string, options: Opening): Promise<SlideSource> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory()) return openFolder(path, options);
  if (found || !/[*?[{]/.test(path)) return openFiles([path], options);
  const { glob } = await import('tinyglobby');
  const matches = await glob(path.replaceAll('\\', '/'), { expandDirectories: false, absolute: isAbsolute(path) });
  if (matches.length === 0) throw new SlideError('unreadable', 'no file matches the pattern', { file: path });
  return openFiles(matches, options);
}

async function openFolder(folder: string, options: Opening): Promise<SlideSource> {
  const names = await readdir(folder).catch((cause: Error) => {
    const hint = 'check its permissions';
    throw new SlideError('unreadable', `the folder can't be read: ${cause.message}`, { file: folder, cause, hint });
  });
  names.sort();
  const source = await openRecognised({ kind: 'folder', folder, names }, options);
  if (source) return source;
  const { files, notes } = seriesIn(folder, names);
  return openFiles(files, options, notes);
}

function seriesIn(folder: string, names: readonly string[]) {
  try {
    return folderSeries(folder, names);
  } catch (error) {
    throw isSlideError(error, 'unreadable') ? (folderOfSlides(folder, names) ?? error) : error;
  }
}

async function openFiles(
  files: readonly string[],
  options: Opening,
  notes: readonly string[] = [],
): Promise<SlideSource> {
  const twice = files.find((file, index) => files.findIndex((other) => sameLocation(other, file)) < index);
  if (twice !== undefined) {
    throw new SlideError('usage', 'is given twice', { file: shownLocation(twice), hint: 'give each plane once' });
  }
  const elsewhere = files.find((file) => isDistant(file) && !isUrl(file));
  if (elsewhere !== undefined) await refusePlace(elsewhere, options);
  const input = new GivenFiles(files, options.access, notes);
  try {
    const foreign = foreignFile(files[0], await input.head()) ?? files.map((file) => foreignFile(file)).find(Boolean);
    if (foreign) throw foreign;
    const source = await openRecognised(input, options);
    if (!source) throw new RangeError(`no format takes ${files[0]}`);
    const close = async () => {
      await source.close();
      await input.close();
    };
    return { ...source, close };
  } catch (error) {
    await input.close();
    throw error;
  }
}

/** Of a server that a format knows, a place is a whole slide, and none of several files; of others it is nothing. */
async function refusePlace(location: string, options: Opening): Promise<never> {
  for (const format of slideFormats) {
    if ((await format.recognise({ kind: 'location', location }, options)) === undefined) continue;
    const hint = 'give its location alone: the server has all planes';
    throw new SlideError('usage', 'is one of several files', { file: location, hint });
  }
  throw foreignPlace(location);
}

/** The slide, opened by the first format that recognises it. */
async function openRecognised(input: SlideInput, options: Opening): Promise<SlideSource | undefined> {
  for (const format of slideFormats) {
    const found = await format.recognise(input, options);
    if (found !== undefined) return format.open(found, options);
  }
  return undefined;
}
