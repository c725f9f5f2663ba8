// Which sub-blocks of a CZI file are the stack: one scene, channel and timepoint, all planes.
import { SlideError } from '../../errors.js';
import { maxPlanes } from '../../slide/focal-planes.js';
import type { Rect } from '../../slide/geometry.js';
import { levelNumber } from '../../slide/pyramid.js';
import type { SlideScene } from '../../slide/slide-info.js';
import type { SlideSelection } from '../../slide/slide-selection.js';
import type { OpenOptions } from '../../slide-source/open-options.js';
import { chooseScene } from '../../slide-source/scenes.js';
import { choose, takenOf } from '../../slide-source/selection.js';
import type { CziMetadata } from './czi-metadata.js';
import type { SubBlock } from './sub-block.js';

export type CziSelection = {
  /** The stack's own, of all levels. */
  readonly blocks: readonly SubBlock[];
  /** Indices along Z, ascending. */
  readonly planes: readonly number[];
  /** What the scene covers in all channels and timepoints, in pixels of level 0. */
  readonly bounds: Rect;
  /** Undefined where the file keeps no regions apart. */
  readonly scenes: readonly SlideScene[] | undefined;
  readonly selection: SlideSelection;
  readonly notes: readonly string[];
};

const maxScenes = 100_000;

/** The level of a sub-block; undefined where it is of no power of two. */
export function levelOf({ width, height, storedWidth, storedHeight }: SubBlock): number | undefined {
  return levelNumber({ width, height }, { width: storedWidth, height: storedHeight });
}

/** Selects by the options; `usage` where there is no such scene, channel or timepoint, `damaged` where a plane is missing. */
export function selectStack(
  all: readonly SubBlock[],
  metadata: CziMetadata | undefined,
  options: OpenOptions,
  file: string,
): CziSelection {
  if (all.length === 0) throw new SlideError('unsupported', 'has no pictures', { file });
  const scenes = scenesOf(all, metadata, options.scene, file);
  const scene = scenes?.find(({ read }) => read)?.index;
  const region = all.filter((block) => block.scene === scene);
  const channels = indices(region, 'channel').map((index) => ({ index, name: metadata?.channels[index] || undefined }));
  const timepoints = indices(region, 'timepoint').map((index) => ({ index }));
  const shown = choose('channel', channels, options.channel, file);
  const time = choose('timepoint', timepoints, options.timepoint, file);
  const [channel, timepoint] = [shown.index, time.index];
  const own = region.filter((block) => block.channel === channel && block.timepoint === timepoint);
  const further = distinct(own.map((block) => block.further)).sort(compareFurther);
  const blocks = own.filter((block) => block.further === further[0]);
  const finest = blocks.filter((block) => levelOf(block) === 0);
  const notes: string[] = [];
  if (further.length > 1)
    notes.push(`took ${further[0]}, the first of ${further.length} such recordings of every picture`);
  const planes = planesOf(finest, channel, timepoint, file);
  if (metadata?.sizeZ !== undefined && metadata.sizeZ > planes.length) {
    notes.push(`its metadata tell of ${metadata.sizeZ} planes, it has ${planes.length}`);
  }
  const pictures = new Map<number, number>();
  for (const { z } of finest) pictures.set(z, (pictures.get(z) ?? 0) + 1);
  const counts = [...pictures.values()];
  if (new Set(counts).size > 1) {
    notes.push(
      `planes have ${Math.min(...counts)} to ${Math.max(...counts)} pictures each: where one lacks them it is blank`,
    );
  }
  const selection = { channel: takenOf(shown, channels), timepoint: takenOf(time, timepoints) };
  return { blocks, planes, bounds: boundsOf(region), scenes, selection, notes };
}

/** The regions of a file by their number; undefined where it keeps none apart. */
function scenesOf(
  all: readonly SubBlock[],
  metadata: CziMetadata | undefined,
  chosen: OpenOptions['scene'],
  file: string,
): readonly SlideScene[] | undefined {
  const regions = new Map<number, SubBlock[]>();
  for (const block of all) {
    if (block.scene === undefined) continue;
    const region = regions.get(block.scene) ?? [];
    regions.set(block.scene, region);
    region.push(block);
  }
  if (regions.size === 0) return undefined;
  if (regions.size > maxScenes) throw new SlideError('contradictory', `tells of ${regions.size} scenes`, { file });
  const scenes = [...regions].map(([index, blocks]) => {
    const { width, height } = boundsOf(blocks);
    return { index, name: metadata?.scenes.get(index), width, height };
  });
  return chooseScene(
    scenes.sort((a, b) => a.index - b.index),
    chosen,
    file,
  );
}

/** Every plane from the first to the last; `damaged` where one lacks pictures altogether. */
function planesOf(finest: readonly SubBlock[], channel: number, timepoint: number, file: string): number[] {
  const planes = indices(finest, 'z');
  const which = `of channel ${channel} at timepoint ${timepoint}`;
  const [first] = planes;
  if (first === undefined)
    throw new SlideError('contradictory', `has no picture at full resolution ${which}`, { file });
  if (planes.length > maxPlanes) throw new SlideError('contradictory', `tells of ${planes.length} planes`, { file });
  const gap = planes.findIndex((plane, index) => plane !== first + index);
  if (gap < 0) return planes;
  const hint = 'take another channel or timepoint, or save the stack anew without that plane';
  throw new SlideError('contradictory', `has no picture ${which}`, { file, plane: first + gap, hint });
}

/** What the sub-blocks of level 0 cover. */
function boundsOf(blocks: readonly SubBlock[]): Rect {
  let [left, top, right, bottom] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, 0, 0];
  [right, bottom] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const block of blocks) {
    if (levelOf(block) !== 0) continue;
    left = Math.min(left, block.x);
    top = Math.min(top, block.y);
    right = Math.max(right, block.x + block.width);
    bottom = Math.max(bottom, block.y + block.height);
  }
  if (left > right) return { x: 0, y: 0, width: 0, height: 0 };
  return { x: left, y: top, width: right - left, height: bottom - top };
}

function indices(blocks: readonly SubBlock[], along: 'z' | 'channel' | 'timepoint'): number[] {
  return distinct(blocks.map((block) => block[along])).sort((a, b) => a - b);
}

function distinct<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}

/** H2 before H10. */
function compareFurther(a: string, b: string): number {
  const numbers = (text: string) => (text.match(/-?\d+/g) ?? []).map(Number);
  const [left, right] = [numbers(a), numbers(b)];
  const at = left.findIndex((value, index) => value !== right[index]);
  return at < 0 ? 0 : left[at] - (right[at] ?? 0);
}
