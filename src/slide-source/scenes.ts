// Regions of the glass that a file keeps apart: one of them is flattened.
import type { SlideScene } from '../slide/slide-info.js';
import type { OpenOptions } from './open-options.js';
import { choose } from './selection.js';

/** The regions, of which the chosen one is marked: by its index or name, else the one at `byDefault`; `usage` where there is no such region. */
export function chooseScene(
  regions: readonly Omit<SlideScene, 'read'>[],
  chosen: OpenOptions['scene'],
  file: string,
  byDefault = 0,
): readonly SlideScene[] {
  const read = choose('scene', regions, chosen, file, regions[byDefault]);
  return regions.map((region) => ({ ...region, read: region === read }));
}
