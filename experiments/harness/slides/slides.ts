// The slides of the experiments: synthetic ones from a seed, and the real stacks of ../shared/data cut into JPEG tiles. Made once,
// kept in .cache.
import { existsSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type SynthesizeOptions, synthesizeSlide } from '../../../src/api/synthesize-slide.js';
import { recordSlide } from '../../../src/api/tune/record-slide.js';
import { progressLine } from '../../../src/cli/progress-line.js';
import { defaultMeasure, type FocusMeasureName } from '../../../src/focus/focus-measure.js';
import type { TunedSlide } from '../../../src/tuning/try-settings.js';
import { cachedFile, cacheFolder } from '../record/cached.js';
import type { ScoreCube } from '../record/score-cube.js';
import { retile } from './retile.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));
/** Data that is not part of the project; what needs it is left out where it is missing. */
export const sharedData = process.env.ZFLAT_DATA ?? join(root, '..', 'shared', 'data');

/** By size where a slide is synthetic; real stacks of ../shared/data; slides of one's own. */
export type SlideClass = '16k' | '8k' | '4k' | 'real' | 'own';

export type ExperimentSlide = {
  readonly name: string;
  readonly kind: SlideClass;
  /** Makes the slide at `path`; undefined where its data is missing. */
  readonly make: ((path: string) => Promise<unknown>) | undefined;
  /** What a synthetic slide was made from: its truth follows. */
  readonly recipe?: SynthesizeOptions;
  /** Where it lies already. */
  readonly path?: string;
};

const tissue = (name: string) => join(sharedData, 'tissue', name);
const ihc = tissue('tiatoolbox_target_image.png');
const nuclei = tissue('high-nuclei-score-level0.png');

/** A slide of zflat synth. */
export function synthetic(name: string, kind: '16k' | '8k' | '4k', options: SynthesizeOptions): ExperimentSlide {
  const side = { '16k': 16384, '8k': 8192, '4k': 4096 }[kind];
  const recipe = { width: side, height: side, ...options };
  const missing = (options.textures ?? []).some((file) => !existsSync(file));
  return { name, kind, recipe, make: missing ? undefined : (path) => synthesizeSlide(path, recipe) };
}

function real(name: string, folder: string, tileSize: number, quality: number): ExperimentSlide {
  const input = join(sharedData, folder);
  return { name, kind: 'real', make: existsSync(input) ? (path) => retile(input, path, tileSize, quality) : undefined };
}

/** A slide of another program, as it is. */
function ready(name: string, kind: SlideClass, path: string): ExperimentSlide {
  const input = join(sharedData, path);
  return { name, kind, make: existsSync(input) ? (to) => copyFile(input, to) : undefined };
}

export const slides: readonly ExperimentSlide[] = [
  synthetic('gravel', '4k', { terrain: 'gravel', planeCount: 5, seed: 11 }),
  synthetic('gravel-tissue', '4k', { terrain: 'gravel', planeCount: 7, textures: [ihc], seed: 12 }),
  synthetic('dense-gravel', '4k', { terrain: 'gravel', planeCount: 9, clumpDensity: 4, seed: 13 }),
  synthetic('flat', '4k', { terrain: 'flat', planeCount: 7, seed: 14 }),
  synthetic('tilt', '4k', { terrain: 'tilt', planeCount: 9, seed: 15 }),
  synthetic('bumps-tissue', '4k', { terrain: 'bumps', planeCount: 7, textures: [nuclei], seed: 16 }),
  synthetic('step', '4k', { terrain: 'step', planeCount: 5, seed: 17 }),
  synthetic('island', '4k', { terrain: 'island', planeCount: 7, seed: 18 }),
  synthetic('layers', '4k', { terrain: 'layers', planeCount: 11, seed: 19 }),
  synthetic('noisy', '4k', { terrain: 'mixed', planeCount: 7, noise: 5, seed: 20 }),
  synthetic('fine', '4k', { terrain: 'gravel', planeCount: 11, blurPerPlane: 0.5, clumpDensity: 2, seed: 21 }),
  synthetic('q95', '4k', { terrain: 'mixed', planeCount: 7, quality: 95, seed: 22 }),
  synthetic('q60-tissue', '4k', { terrain: 'mixed', planeCount: 7, quality: 60, textures: [ihc, nuclei], seed: 23 }),
  synthetic('gravel-8k', '8k', { terrain: 'gravel', planeCount: 7, clumpDensity: 2, seed: 31 }),
  synthetic('mixed-8k', '8k', { terrain: 'mixed', planeCount: 9, seed: 32 }),
  synthetic('tissue-8k', '8k', { terrain: 'mixed', planeCount: 7, textures: [ihc, nuclei], seed: 33 }),
  synthetic('flat-8k', '8k', { terrain: 'flat', planeCount: 7, seed: 34 }),
  synthetic('tilt-8k', '8k', { terrain: 'tilt', planeCount: 9, seed: 35 }),
  synthetic('bumps-8k', '8k', { terrain: 'bumps', planeCount: 7, seed: 36 }),
  synthetic('gravel-16k', '16k', { terrain: 'gravel', planeCount: 7, clumpDensity: 2, seed: 41 }),
  synthetic('mixed-16k', '16k', { terrain: 'mixed', planeCount: 7, seed: 42 }),
  ready('another-gravel', '4k', 'synthetic-gravel/gravel-4096x5.ome.tiff'),
  real('organoids-256', 'organoid-zstack', 256, 85),
  real('organoids-128', 'organoid-zstack', 128, 90),
  real('boards-256', 'pcb-zstack', 256, 85),
  real('boards-128', 'pcb-zstack', 128, 80),
];

/** Coarsely quantised: JPEG leaves of some empty tiles several times as much as of others, and lengths hardly tell. */
export const coarseSlides: readonly ExperimentSlide[] = [
  synthetic('q75', '4k', { terrain: 'gravel', planeCount: 7, quality: 75, seed: 24 }),
  synthetic('q50-128', '4k', { terrain: 'gravel', planeCount: 7, quality: 50, tileSize: 128, seed: 25 }),
];

/** What is timed. */
export const speedSlides: readonly ExperimentSlide[] = [
  synthetic('8192x7', '8k', { planeCount: 7, clumpDensity: 2, seed: 51 }),
  synthetic('16384x9', '16k', { planeCount: 9, clumpDensity: 2, seed: 51 }),
];

/** Too large for methods that look at all of it. */
export const largeSlide: ExperimentSlide = synthetic('40000x30000x9', '16k', {
  width: 40_000,
  height: 30_000,
  planeCount: 9,
  clumpDensity: 2,
  seed: 51,
});

/** Tiles of 12 KB, as scanners write them; those of the others have 4. */
export const fullSlide: ExperimentSlide = synthetic('8192x5, quality 95', '8k', {
  planeCount: 5,
  clumpDensity: 2,
  quality: 95,
  seed: 51,
});

/** How long work on a slide takes beside others, by its pixels. */
export function slideWeight({ kind }: ExperimentSlide): number {
  return { '16k': 16, '8k': 4, '4k': 1, real: 0.3, own: 1 }[kind];
}

/** The file of a slide, made if it is not there yet; undefined where its data is missing. */
export async function slideFile({ name, path, make }: ExperimentSlide, folder = 'slides'): Promise<string | undefined> {
  return path ?? (make && cachedFile(`${folder}/${name}.ome.tiff`, make));
}

/** Coarsest level whose evidence is in a score cube. */
const coarsest = 3;

/**
 * The score cube of a slide; undefined where its data is missing. What of it was recorded before, even in a run that was stopped, is
 * not scored again: numbers are kept by the identity of the file, by measure and level.
 */
export async function slideCube(
  slide: ExperimentSlide,
  signal: AbortSignal,
  measure: FocusMeasureName = defaultMeasure,
): Promise<ScoreCube | undefined> {
  const file = await slideFile(slide);
  if (file === undefined) return undefined;
  const { looks, evidence, problem } = await recordedSlide(file, [measure], signal);
  const scores = looks.get(measure) as Float64Array;
  const near = new Map([...evidence].filter(([level]) => level <= coarsest));
  return { name: slide.name, problem, scores, evidence: near };
}

/** Every tile of every plane, scored by `measures` at the decision level and by the survey's measure above it. */
export async function recordedSlide(
  file: string,
  measures: readonly FocusMeasureName[],
  signal: AbortSignal,
): Promise<TunedSlide> {
  const looks = measures.map((measure) => ({ measure, subsample: 1 }));
  const { listen, end } = progressLine(process.stderr);
  const options = { cache: join(cacheFolder, 'scores'), signal, onEvent: listen };
  const recorded = await recordSlide(file, looks, { slide: 1, slides: 1 }, options);
  end();
  return recorded;
}
