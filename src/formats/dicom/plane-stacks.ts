// Which layers are the planes of a stack, level by level: by their heights, or by the order of their instances.
import { nameOfLocation } from '../../bytes/location.js';
import { SlideError } from '../../errors.js';
import { roundUm } from '../../slide/focal-planes.js';
import { levelNumber } from '../../slide/pyramid.js';
import type { OpticalPath } from './wsi-instance.js';
import { layersOf, planesTold, type WsiImage, type WsiLayer } from './wsi-layers.js';

/** The layers of the chosen path by level, lowest plane first, as many at each level as there are planes. */
export function stacksByLevel(
  images: readonly WsiImage[],
  finest: WsiImage,
  { identifier }: OpticalPath,
  notes: string[],
): Map<number, readonly WsiLayer[]> {
  const levels = new Map<number, WsiLayer[]>();
  for (const image of images) {
    const level = levelNumber(finest.grid, image.grid);
    const { width, height } = image.grid;
    if (level === undefined) notes.push(`left out an image of ${width} x ${height}: its size is not that of a level`);
    else
      levels.set(level, [...(levels.get(level) ?? []), ...layersOf(image).filter(({ path }) => path === identifier)]);
  }
  const stacks = new Map<number, readonly WsiLayer[]>();
  const base = ascending(levels.get(0) ?? []);
  if (base.length === 0) {
    const [{ file }] = finest.parts;
    throw new SlideError('contradictory', `has no frame of optical path ${identifier}`, { file });
  }
  checkHeights(base);
  const told = planesTold(base[0]) ?? 1;
  if (told > base.length) notes.push(`its files tell of ${told} planes, ${base.length} are there`);
  stacks.set(0, base);
  for (const [level, layers] of [...levels].filter(([number]) => number > 0).sort(([a], [b]) => a - b)) {
    const matching = matchPlanes(base, ascending(layers));
    if (matching) stacks.set(level, matching);
    else notes.push(`left out level ${level}: it has ${layers.length} planes at other heights than level 0`);
  }
  return stacks;
}

/** From the lowest up; layers without heights in the order of their instances. */
function ascending(layers: readonly WsiLayer[]): WsiLayer[] {
  const number = ({ image: { parts } }: WsiLayer) => parts[0].instanceNumber ?? 0;
  return evenlySpaced([...layers].sort((a, b) => (a.zUm ?? 0) - (b.zUm ?? 0) || number(a) - number(b)));
}

/** Planes of an instance each, all of which say where the first one lies and how far apart they are, but not which they are. */
function evenlySpaced(layers: WsiLayer[]): WsiLayer[] {
  const [first] = layers;
  const step = first?.image.parts[0].zStepUm;
  const alike = layers.every((layer) => layer.zUm === first.zUm && planesTold(layer) === layers.length);
  if (layers.length < 2 || step === undefined || !alike) return layers;
  return layers.map((layer, plane) => ({ ...layer, zUm: roundUm((first.zUm ?? 0) + plane * step) }));
}

/** Refuses layers of one height, and heights that are known of some alone. */
function checkHeights(layers: readonly WsiLayer[]): void {
  for (const [plane, { zUm, image }] of layers.entries()) {
    if (plane === 0) continue;
    const below = layers[plane - 1];
    const { file } = image.parts[0];
    if ((zUm === undefined) !== (below.zUm === undefined)) {
      throw new SlideError('mismatch', 'says its height, other planes do not', { file, plane });
    }
    if (zUm === undefined || zUm !== below.zUm) continue;
    const hint = 'give the files of one scan';
    const problem = `lies at the same height as ${nameOfLocation(below.image.parts[0].file)}: ${zUm} micrometres`;
    throw new SlideError('mismatch', problem, { file, plane, hint });
  }
}

/** The layer of each plane: by height, else by order where there are as many. */
function matchPlanes(base: readonly WsiLayer[], layers: readonly WsiLayer[]): readonly WsiLayer[] | undefined {
  const found = base.map(({ zUm }) => layers.find((layer) => layer.zUm === zUm));
  if (base[0].zUm !== undefined && found.every((layer) => layer !== undefined)) return found as WsiLayer[];
  return layers.length === base.length ? layers : undefined;
}
