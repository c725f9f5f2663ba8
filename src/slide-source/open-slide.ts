// Finds out what was given (a slide, a folder, a pattern, a list of planes), asks one format after the other whether it is theirs, and
// has it opened by the first that says so.
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ByteAccess } from '../bytes/byte-access.js';
import { isDistant, isUrl, nameOfLocation, sameLocation, shownLocation } from '../bytes/location.js';
import { refuseInput } from '../bytes/refuse-input.js';
import { isSlideError, SlideError, throwIfAborted } from '../errors.js';
import { folderSeries, picturesIn } from '../formats/plane-files/folder-series.js';
import { checkOptions } from '../options/check-options.js';
import { openingOptions } from '../options/opening.js';
import { filesOf } from '../slide/slide-info.js';
import type { SlideSource } from '../slide/slide-source.js';
import { expandPattern, isPattern } from './expand-pattern.js';
import { folderOfSlides, foreignFile, foreignPlace } from './foreign-formats.js';
import type { Opening, OpenOptions } from './open-options.js';
import { noteSelection } from './selection.js';
import { slideFormats } from './slide-formats.js';
import { GivenFiles, type SlideInput } from './slide-input.js';

/** Stacks named in a refusal at most. */
const maxTold = 8;

/**
 * Opens a slide. `input` is a file, a folder, a pattern such as `plane_*.tif`, or a list of files, one a plane; files may be
 * given by URL. Throws a SlideError that says what is wrong with which file.
 */
export async function openSlide(input: string | readonly string[], options: OpenOptions = {}): Promise<SlideSource> {
  checkOptions([openingOptions], options);
  const access = new ByteAccess(
    { ...options.network, signal: options.signal },
    typeof input === 'string' ? [input] : input,
  );
  throwIfAborted(options.signal);
  const source = await openInput(input, { ...options, access });
  try {
    for (const output of options.outputs ?? []) await refuseInput(output, filesOf(source.info));
    return { ...source, transfer: () => access.transfer };
  } catch (error) {
    await source.close();
    throw error;
  }
}

async function openInput(input: string | readonly string[], options: Opening): Promise<SlideSource> {
  const given = typeof input === 'string' ? [input] : input;
  if (given.length > 1) {
    await refuseFolders(given);
    return openFiles(given, options);
  }
  const [location] = given;
  if (!location) throw new SlideError('usage', 'no slide is given');
  const source = await openRecognised({ kind: 'location', location }, options);
  return source ?? (isDistant(location) ? openFiles([location], options) : openPath(location, options));
}

/** `usage` where one of several arguments is a folder, which is no plane. */
async function refuseFolders(given: readonly string[]): Promise<void> {
  for (const path of given) {
    if (isDistant(path) || !(await stat(path).catch(() => undefined))?.isDirectory()) continue;
    const hint = 'give one folder alone, or files; compare and tune take several slides';
    throw new SlideError('usage', 'is a folder among several arguments: a plane is a file', { file: path, hint });
  }
}

/** Opens what a path of this machine means: a folder, a file, or files by a pattern. */
async function openPath(path: string, options: Opening): Promise<SlideSource> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory()) return openFolder(path, options);
  if (found || !isPattern(path)) return openFiles([path], options);
  return openFiles(await expandPattern(path), options, { pattern: path });
}

async function openFolder(folder: string, options: Opening): Promise<SlideSource> {
  const names = await readdir(folder).catch((cause: Error) => {
    const hint = 'check its permissions';
    throw new SlideError('unreadable', `the folder can't be read: ${cause.message}`, { file: folder, cause, hint });
  });
  names.sort();
  const source = await openRecognised({ kind: 'folder', folder, names }, options);
  if (source) return source;
  const { files, notes } = await seriesIn(folder, names, options);
  return openFiles(files, options, { notes });
}

async function seriesIn(folder: string, names: readonly string[], options: Opening) {
  const slides = folderOfSlides(folder, names);
  try {
    const series = folderSeries(folder, names);
    // The picture beside a slide is its label or preview.
    if (slides && series.files.length === 1) throw slides;
    return series;
  } catch (error) {
    if (isSlideError(error, 'unreadable')) throw slides ?? error;
    const pictures = picturesIn(names).map((name) => join(folder, name));
    if (isSlideError(error, 'usage')) await refuseStacks(pictures, options);
    throw error;
  }
}

async function openFiles(
  files: readonly string[],
  options: Opening,
  found: { readonly notes?: readonly string[]; readonly pattern?: string } = {},
): Promise<SlideSource> {
  const twice = files.find((file, index) => files.findIndex((other) => sameLocation(other, file)) < index);
  if (twice !== undefined) {
    throw new SlideError('usage', 'is given twice', { file: shownLocation(twice), hint: 'give each plane once' });
  }
  const elsewhere = files.find((file) => isDistant(file) && !isUrl(file));
  if (elsewhere !== undefined) await refusePlace(elsewhere, options);
  const input = new GivenFiles(files, options.access, found);
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
    if (found === undefined) continue;
    if (options.timepointAsZ && !format.timepointsAsPlanes) {
      const hint = 'leave --timepoint-as-z out, and choose a timepoint with --timepoint';
      throw new SlideError('usage', `timepoints are no planes in ${format.name}`, { file: shownInput(input), hint });
    }
    if (format.planePerFile && input.kind === 'files') await refuseStacks(input.files, options);
    const source = await format.open(found, options);
    try {
      return { ...source, info: noteSelection(source.info, options, format.timepointsAsPlanes ?? false) };
    } catch (error) {
      await source.close();
      throw error;
    }
  }
  return undefined;
}

function shownInput(input: SlideInput): string {
  return shownLocation(
    input.kind === 'files' ? input.files[0] : input.kind === 'folder' ? input.folder : input.location,
  );
}

/** `usage` where any of several files is a z-stack by itself: two slides in one picture would be nobody's. */
async function refuseStacks(files: readonly string[], { access, tileSize, signal }: Opening): Promise<void> {
  if (files.length < 2) return;
  const stacks: { file: string; planes: number }[] = [];
  for (const file of files) {
    // What can't be opened is told of when it is opened as a plane.
    const source = await openFiles([file], { access, tileSize, signal }).catch((error: unknown) => {
      if (isSlideError(error) && error.code !== 'aborted') return undefined;
      throw error;
    });
    const planes = source?.info.planes.length ?? 0;
    await source?.close();
    if (planes > 1) stacks.push({ file: shownLocation(file), planes });
  }
  if (stacks.length === 0) return;
  const told = stacks.slice(0, maxTold).map(({ file, planes }) => `${nameOfLocation(file)} (${planes} planes)`);
  const more = stacks.length > maxTold ? ` and ${stacks.length - maxTold} more` : '';
  const problem = `${stacks.length} of ${files.length} files are z-stacks by themselves: ${told.join(', ')}${more}`;
  const hint = 'give one stack, or the planes of one; compare and tune take several slides';
  throw new SlideError('usage', problem, { file: stacks[0].file, hint });
}
