// Regions of the glass that a file keeps apart: one of them is flattened.
import { SlideError } from '../errors.js';
import type { SlideScene } from '../slide/slide-info.js';
import type { OpenOptions } from './open-options.js';

/** The regions, of which the chosen one is marked: by its index or name, else the one at `byDefault`; `usage` where there is no such region. */
export function chooseScene(
  regions: readonly Omit<SlideScene, 'read'>[],
  chosen: OpenOptions['scene'],
  file: string,
  byDefault = 0,
): readonly SlideScene[] {
  const asked = ({ index, name }: Omit<SlideScene, 'read'>) =>
    typeof chosen === 'string' ? name?.normalize('NFC') === chosen.normalize('NFC') : index === chosen;
  const at = chosen === undefined ? byDefault : regions.findIndex(asked);
  if (at >= 0) return regions.map((region, index) => ({ ...region, read: index === at }));
  const known = regions.map(({ index, name }) => (name === undefined ? `${index}` : `${index} (${name})`));
  throw new SlideError('usage', `there is no scene ${chosen}`, { file, hint: `its scenes are ${known.join(', ')}` });
}
