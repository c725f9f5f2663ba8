// Slides of one's own, in place of an experiment's: files or folders that a pattern matches, each a z-stack by itself.
import { basename } from 'node:path';
import { glob } from 'tinyglobby';
import { SlideError } from '../../../src/errors.js';
import { openSlide } from '../../../src/slide-source/open-slide.js';
import type { ExperimentSlide } from './slides.js';

/** `usage` where nothing matches, or where what matches is no z-stack. */
export async function ownSlides(pattern: string): Promise<ExperimentSlide[]> {
  const paths = await glob(pattern.replaceAll('\\', '/'), {
    absolute: true,
    onlyFiles: false,
    expandDirectories: false,
  });
  if (paths.length === 0) {
    throw new SlideError('usage', 'no slide matches', { file: pattern, hint: 'put the pattern in quotes' });
  }
  const found: ExperimentSlide[] = [];
  for (const path of paths.map((each) => each.replace(/\/$/, '')).sort()) {
    const planes = await planesOf(path);
    if (planes < 2) {
      const hint = 'match z-stacks alone; where each plane is a file of its own, match their folder';
      throw new SlideError('usage', 'the slide has one plane', { file: path, hint });
    }
    found.push({ name: uniqueName(basename(path), found), kind: 'own', path, make: undefined });
  }
  return found;
}

async function planesOf(path: string): Promise<number> {
  const source = await openSlide(path);
  await source.close();
  return source.info.planes.length;
}

/** Slides of several folders may be named alike. */
function uniqueName(name: string, others: readonly ExperimentSlide[]): string {
  const count = others.filter((other) => other.name === name || other.name.startsWith(`${name} (`)).length;
  return count === 0 ? name : `${name} (${count + 1})`;
}
