// Images of one field, one a plane: which is sharpest, which blurriest, and by how much.
import { isSlideError, SlideError } from '../errors.js';
import { defaultMeasure, type FocusMeasureName } from '../focus/focus-measure.js';
import { checkOptions } from '../options/check-options.js';
import { type MeasuringOptions, measuringOptions } from '../options/planning.js';
import { defaultConcurrency, runningOptions } from '../options/running.js';
import { OrderedPrefetch } from '../pipeline/ordered-prefetch.js';
import { tileCount, tileRect } from '../slide/tile-grid.js';
import { openSlide } from '../slide-source/open-slide.js';
import { checkMeasurable, measureParts } from '../tile-jobs/measure-tile.js';
import type { RunOptions } from './plan-slide.js';

export type RankOptions = MeasuringOptions & RunOptions;

/** All that can be set of it. */
export const rankOptions = { ...measuringOptions, ...runningOptions } as const;

export type RankReport = {
  readonly schema: 'zflat.rank/1';
  readonly measure: FocusMeasureName;
  readonly sharpest: string;
  readonly blurriest: string;
  /** From sharp to blurred. */
  readonly images: readonly {
    readonly file: string;
    /** Focus measure a pixel. */
    readonly score: number;
    /** Score in parts of the sharpest one's. */
    readonly relative: number;
  }[];
};

/** Scores each image whole, tile by tile; `mismatch` where they differ in size, `usage` where there are fewer than two. */
export async function rankImages(files: readonly string[], options: RankOptions = {}): Promise<RankReport> {
  checkOptions([rankOptions], options);
  if (files.length < 2) throw new SlideError('usage', `expected two images or more, got ${files.length}`);
  const { measure = defaultMeasure } = options;
  const scored: { file: string; width: number; height: number; score: number }[] = [];
  let tiles = 0;
  for (const [round, file] of files.entries()) {
    const told: ImageListener = {
      opened: (probes) => options.onEvent?.({ type: 'round', round, probes }),
      scored: () => options.onEvent?.({ type: 'scored', probes: ++tiles }),
    };
    scored.push(await scoreImage(file, measure, options, told));
  }
  const [first] = scored;
  for (const { file, width, height } of scored) {
    if (width === first.width && height === first.height) continue;
    const problem = `has ${width} x ${height} pixels, ${first.file} ${first.width} x ${first.height}`;
    throw new SlideError('mismatch', problem, { file, hint: 'images of one field have one size' });
  }
  // On a tie, the order given stays.
  const ranked = scored.sort((a, b) => b.score - a.score);
  const best = ranked[0].score;
  return {
    schema: 'zflat.rank/1',
    measure,
    sharpest: ranked[0].file,
    blurriest: ranked[ranked.length - 1].file,
    images: ranked.map(({ file, score }) => ({ file, score, relative: best === 0 ? 1 : score / best })),
  };
}

type ImageListener = { readonly opened: (tiles: number) => void; readonly scored: () => void };

async function scoreImage(
  file: string,
  measure: FocusMeasureName,
  { subsample = 1, concurrency = defaultConcurrency, signal }: RankOptions,
  told: ImageListener,
) {
  const source = await openSlide(file, { signal });
  try {
    checkMeasurable(source.info, measure, subsample);
    const [{ level, grid }] = source.info.levels;
    const scoreTile = async (index: number, left: AbortSignal): Promise<number> => {
      const address = { level, plane: 0, row: Math.floor(index / grid.columns), column: index % grid.columns };
      const tile = await source.readTile(address, left);
      if (!tile) return 0;
      const { width, height } = tileRect(grid, address.row, address.column);
      const [score] = await measureParts(tile, [{ x: 0, y: 0, width, height }], measure, subsample);
      return score;
    };
    const indices = Array.from({ length: tileCount(grid) }, (_, index) => index);
    told.opened(indices.length);
    let sum = 0;
    for await (const score of new OrderedPrefetch(indices, scoreTile, { concurrency, signal })) {
      sum += score;
      told.scored();
    }
    return { file, width: grid.width, height: grid.height, score: sum / (grid.width * grid.height) };
  } catch (error) {
    throw isSlideError(error) ? error.at({ file }) : error;
  } finally {
    await source.close();
  }
}
