// Which slides a list of arguments means: several z-stacks, or the planes of one.
import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { isDistant } from '../bytes/location.js';
import { isSlideError, SlideError } from '../errors.js';
import { expandPattern, isPattern } from './expand-pattern.js';
import type { OpenOptions } from './open-options.js';
import { openSlide } from './open-slide.js';

/** What openSlide takes: a file, a folder, a pattern, or files that together are one slide. */
export type GivenSlide = string | readonly string[];

type Found = {
  readonly path: string;
  /** Planes that the argument has by itself; 0 where it can't be opened by itself. */
  readonly planes: number;
  /** The same for arguments that are parts of one slide. */
  readonly slide: string;
  readonly error?: SlideError;
};

/**
 * Several arguments that are z-stacks by themselves are slides of their own, but for the files of one OME set, which are one slide.
 * A folder or pattern of z-stacks stands for all of them, quoted or not. What can't be opened beside them is a slide of its own too:
 * whoever opens it learns why. Arguments none of which is a z-stack by itself are the planes of one slide. A mixture is `usage`:
 * nobody can know what is meant.
 */
export async function givenSlides(paths: readonly string[], options: OpenOptions = {}): Promise<GivenSlide[]> {
  const found: Found[] = [];
  for (const path of paths) {
    if (paths.length === 1 && !(await isSeveral(path))) return [path];
    const one = await lookInto(path, options);
    const stacks = isSlideError(one.error, 'usage', 'unreadable') ? await stacksIn(path, options) : [];
    found.push(...(stacks.length > 0 ? stacks : [one]));
  }
  if (found.length < 2) return [paths[0] ?? ''];
  const stack = found.find(({ planes }) => planes > 1);
  if (!stack) return [paths];
  const other = found.find(({ planes, error }) => planes < 2 && !error);
  if (other) {
    const hint = 'give z-stacks alone, each a slide of its own, or planes alone, all of one slide';
    throw new SlideError('usage', `has one plane, but ${stack.path} is a z-stack`, { file: other.path, hint });
  }
  const slides = new Map<string, string[]>();
  for (const { path, slide } of found) slides.set(slide, [...(slides.get(slide) ?? []), path]);
  return Array.from(slides.values(), (parts) => (parts.length === 1 ? parts[0] : parts));
}

/** The z-stacks among the files that a folder or pattern stands for, and the planes beside them; none where there is no stack. */
async function stacksIn(path: string, options: OpenOptions): Promise<Found[]> {
  if (!(await isSeveral(path))) return [];
  const files = (await isFolder(path)) ? await filesIn(path) : await expandPattern(path, true).catch(() => []);
  const found: Found[] = [];
  for (const file of files) found.push(await lookInto(file, options));
  // What is no slide at all, such as a text beside them, stands for nothing.
  return found.some(({ planes }) => planes > 1) ? found.filter(({ planes }) => planes > 0) : [];
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const visible = entries.filter((entry) => !entry.name.startsWith('.') && !entry.isDirectory());
  return visible.map(({ name }) => join(folder, name)).sort();
}

async function isSeveral(path: string): Promise<boolean> {
  return (
    !isDistant(path) &&
    ((await isFolder(path)) || (isPattern(path) && (await stat(path).catch(() => undefined)) === undefined))
  );
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
}

async function lookInto(path: string, options: OpenOptions): Promise<Found> {
  try {
    const source = await openSlide(path, options);
    const { planes, files } = source.info;
    await source.close();
    const slide = files.map((file) => resolve(file)).sort();
    return { path, planes: planes.length, slide: slide.join('\n') };
  } catch (error) {
    if (!isSlideError(error)) throw error;
    return { path, planes: 0, slide: path, error };
  }
}
