// Which slides a list of arguments means: several z-stacks, or the planes of one.
import { resolve } from 'node:path';
import { isSlideError, SlideError } from '../errors.js';
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
 * What can't be opened beside them is a slide of its own too: whoever opens it learns why.
 * Arguments none of which is a z-stack by itself are the planes of one slide. A mixture is `usage`: nobody can know what is meant.
 */
export async function givenSlides(paths: readonly string[], options: OpenOptions = {}): Promise<GivenSlide[]> {
  if (paths.length < 2) return [paths[0] ?? ''];
  const found: Found[] = [];
  for (const path of paths) found.push(await lookInto(path, options));
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
