// The files of one stack among those of a folder.
import { join } from 'node:path';
import { SlideError } from '../../errors.js';
import { chooseSeries, listed } from './name-series.js';

/** A picture that may be a plane. What is hidden is none, nor what macOS leaves beside files (._a.tif). */
const imageFile = /^[^.].*\.(tiff?|tf[28]|btf|svs|jpe?g|png)$/i;

/** The names of pictures that may be planes. */
export function picturesIn(names: readonly string[]): string[] {
  return names.filter((name) => imageFile.test(name));
}

/** Paths of the files, and what was left out of them; `unreadable` or `usage` where a folder holds no such files, or none that belong together. */
export function folderSeries(folder: string, names: readonly string[]): { files: string[]; notes: string[] } {
  const images = picturesIn(names);
  if (images.length === 0) {
    const hint = `for planes in folders of their own, give a pattern: "${join(folder, '*', '*.tif')}"`;
    throw new SlideError('unreadable', 'the folder has no picture that zflat reads', { file: folder, hint });
  }
  const { series, leftOut } = chooseSeries(folder, images);
  const notes = leftOut.length > 0 ? [`left out ${leftOut.length}: ${listed(leftOut)}`] : [];
  return { files: series.map((name) => join(folder, name)), notes };
}
