// The files of one stack among those of a folder.
import { join } from 'node:path';
import { SlideError } from '../../errors.js';
import { largestSeries } from './plane-order.js';

const imageFile = /\.(tiff?|tf[28]|btf|svs|jpe?g|png)$/i;

/** Paths of the files, and what was left out of them; `unreadable` or `usage` where a folder holds no such files, or none that belong together. */
export function folderSeries(folder: string, names: readonly string[]): { files: string[]; notes: string[] } {
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
  return { files: series.map((name) => join(folder, name)), notes };
}
