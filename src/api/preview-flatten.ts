// What flattening would read, take and write, and about how long it would take: from the facts of the slide and a few of its tiles.
import { stat } from 'node:fs/promises';
import { decodeTile, encodeTile } from '../codecs/codec.js';
import { locating } from '../errors.js';
import { type FlattenOptions, flattenOptions } from '../flatten-slide.js';
import { defaultMeasure } from '../focus/focus-measure.js';
import { checkOptions } from '../options/check-options.js';
import { planningOptions } from '../options/planning.js';
import type { OutputFormat } from '../options/writing.js';
import { checkOutput } from '../output/check-output.js';
import { halvedLevels } from '../output/coarser-levels.js';
import { chooseStorage, type LevelStorage } from '../output/level-storage.js';
import { checkSlideName } from '../output/slide-name.js';
import type { SlideSummary } from '../report/run-report.js';
import { slideSummary } from '../report/summaries.js';
import type { EncodedTile } from '../slide/encoded-tile.js';
import type { Level } from '../slide/pyramid.js';
import type { SlideSource } from '../slide/slide-source.js';
import { tileCount, tileRect } from '../slide/tile-grid.js';
import { software } from '../system/version.js';
import { checkMeasurable, measureParts } from '../tile-jobs/measure-tile.js';
import { threadCount } from '../tile-jobs/run-tile-job.js';
import { openInput, type SlideInput, tellOpened } from './open-input.js';
import { planProblem } from './plan-slide.js';

export type FlattenPreview = {
  readonly schema: 'zflat.preview/1';
  readonly slide: SlideSummary;
  readonly read: {
    /** Of the slide's files; null where they lie on a server. */
    readonly bytes: number | null;
    /** Tiles of all planes at the level that is decided. */
    readonly tiles: number;
    /** Of them, about how many are scored. */
    readonly scored: number;
  };
  readonly written: {
    readonly path: string;
    readonly format: OutputFormat;
    readonly levels: number;
    readonly tiles: number;
    /** Why tiles are encoded; null where those of one plane are copied. */
    readonly encoded: string | null;
    /** About so many. */
    readonly bytes: number;
  };
  /** About so many, on this machine as it is now. */
  readonly seconds: number;
  readonly software: string;
};

/** Parts of all tiles of all planes that methods score at a target of .999: experiments/results/accuracy-vs-cost.md, slides of 4096 pixels. */
const scoredShares = { withLengths: 0.057, withoutLengths: 0.203, quadtree: 0.5, exhaustive: 1 } as const;
/** What choosing blocks scores beside: a quarter a level above, and on the slides of experiments/speed, full of specimen, as much again. */
const blockShare = 0.55;
/** Seconds to start and to end, and for a tile that is copied: experiments/results/speed.md, the slide of 16384 pixels. */
const atLeast = 0.3;
const copySeconds = 0.24 / 5461;
/** Tiles that are read: they are spread over the slide and its planes. */
const sampleSize = 8;

/** Looks at a slide as flattenSlide would, and writes nothing. Throws what flattenSlide throws before it plans. */
export async function previewFlatten(
  input: SlideInput,
  output: string,
  options: FlattenOptions = {},
): Promise<FlattenPreview> {
  checkOptions([flattenOptions], options);
  const { format = 'ome-tiff', force = false, level = 0, measure = defaultMeasure, subsample = 1 } = options;
  checkSlideName(output, options.format);
  await checkOutput(output, force);
  const { source, close } = await openInput(input, { ...options, outputs: [output, ...(options.outputs ?? [])] });
  try {
    const { info } = source;
    tellOpened(info, options.onEvent);
    checkMeasurable(info, measure, subsample);
    const { level: decided, lengths } = await planProblem(source, level);
    const storage = await chooseStorage(source, decided, { mixed: false, missing: false }, options.quality);
    const sample = await sampleTiles(source, decided, storage, measure, subsample, options.signal);
    const tiles = tileCount(decided.grid) * info.planes.length;
    const scored = scoredTiles(tiles, info.planes.length, lengths.comparable, options);
    const levels = levelsOf(source, decided, format);
    const written = levels.reduce((sum, { grid }) => sum + tileCount(grid), 0);
    const making = storage.obstacle ? sample.seconds.making : copySeconds;
    const working = scored * sample.seconds.scoring + (storage.obstacle ? written * making : 0);
    const seconds = atLeast + working / (1 + threadCount()) + (storage.obstacle ? 0 : written * making);
    return {
      schema: 'zflat.preview/1',
      slide: slideSummary(info),
      read: { bytes: await bytesOf(source), tiles, scored },
      written: {
        path: output,
        format,
        levels: levels.length,
        tiles: written,
        encoded: storage.obstacle ?? null,
        bytes: Math.round(sample.bytes * written),
      },
      seconds: Number(seconds.toPrecision(2)),
      software,
    };
  } finally {
    await close();
  }
}

function scoredTiles(tiles: number, planes: number, hasLengths: boolean, options: FlattenOptions): number {
  if (planes === 1) return 0;
  const { method = 'adaptive', grain = planningOptions.grain.default, maxCost = Number.POSITIVE_INFINITY } = options;
  const share =
    method === 'adaptive'
      ? hasLengths
        ? scoredShares.withLengths
        : scoredShares.withoutLengths
      : scoredShares[method];
  const all = grain === 'block' ? share + blockShare : share;
  return Math.round(tiles * Math.min(1, all, maxCost));
}

function levelsOf({ info }: SlideSource, decided: Level, format: OutputFormat): readonly Level[] {
  if (format === 'tiff-flat') return [decided];
  const own = info.levels.filter(({ level }) => level >= decided.level);
  const { grid } = decided;
  return own.length > 1 ? own : halvedLevels(grid, { width: grid.tileWidth, height: grid.tileHeight });
}

/** What a few tiles take: bytes as they are written, and seconds. */
async function sampleTiles(
  source: SlideSource,
  { level, grid }: Level,
  { encoding, quality, obstacle }: LevelStorage,
  measure: Parameters<typeof measureParts>[2],
  subsample: number,
  signal: AbortSignal | undefined,
) {
  const count = tileCount(grid);
  const planes = source.info.planes.length;
  const sum = { tiles: 0, bytes: 0, scoring: 0, making: 0 };
  for (let i = 0; i < Math.min(sampleSize, count * planes); i++) {
    const index = Math.floor(((i + 0.5) * count) / sampleSize) % count;
    const place = { level, plane: i % planes, row: Math.floor(index / grid.columns), column: index % grid.columns };
    const started = performance.now();
    const tile = await source.readTile(place, signal);
    if (!tile) continue;
    const { width, height } = tileRect(grid, place.row, place.column);
    const told = { file: source.fileOf(place.plane), ...place };
    await locating(told, () => measureParts(tile, [{ x: 0, y: 0, width, height }], measure, subsample));
    const scored = performance.now();
    const stored: EncodedTile = obstacle
      ? await locating(told, async () => encodeTile(await decodeTile(tile), encoding, quality))
      : tile;
    sum.tiles++;
    sum.bytes += stored.bytes.length;
    // The first tile pays for what is loaded.
    if (i > 0 || planes * count === 1) {
      sum.scoring += scored - started;
      sum.making += performance.now() - scored;
    }
  }
  const timed = Math.max(1, sum.tiles - 1);
  const seconds = { scoring: sum.scoring / timed / 1000, making: sum.making / timed / 1000 };
  return { bytes: sum.tiles === 0 ? 0 : sum.bytes / sum.tiles, seconds };
}

async function bytesOf({ info }: SlideSource): Promise<number | null> {
  const sizes = await Promise.all(
    info.files.map((file) =>
      stat(file).then(
        ({ size }) => size,
        () => undefined,
      ),
    ),
  );
  return sizes.some((size) => size === undefined) ? null : sizes.reduce<number>((sum, size = 0) => sum + size, 0);
}
