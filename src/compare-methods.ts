// A method held against the exhaustive one on the same slide: cost, time, agreement, and whether its audit told the truth.

import { thumbnailSide } from './flatten-slide.js';
import { resultLevels } from './output/result-levels.js';
import { renderThumbnail } from './output/thumbnail.js';
import { type PlanSlideOptions, planSlide, type SlidePlan } from './plan-slide.js';
import { contentMask, exactAccuracy } from './planner/accuracy.js';
import type { PlanMethod } from './planner/planners.js';
import { readRegion, readTilePictures } from './read-pictures.js';
import type { RegionPictures, TilePictures } from './report/compare-pictures.js';
import type { CompareReport } from './report/run-report.js';
import { planSummary, slideSummary } from './report/summaries.js';
import { findWorstTiles, middlePlaneOf, sampleCurves } from './report/tile-samples.js';
import type { DepthMap } from './slide/depth-map.js';
import type { FocalPlane } from './slide/focal-planes.js';
import type { Raster } from './slide/raster.js';
import type { SlideSource } from './slide/slide-source.js';
import type { TileGrid } from './slide/tile-grid.js';
import type { OpenOptions } from './sources/open-options.js';
import { openSlide } from './sources/open-slide.js';
import { software } from './version.js';

/** Methods are compared by the planes of whole tiles. */
export type CompareOptions = OpenOptions & Omit<PlanSlideOptions, 'grain'>;

export type CompareResult = {
  readonly report: CompareReport;
  /** By method, in the order of the report. */
  readonly maps: readonly DepthMap[];
  readonly grid: TileGrid;
  readonly planes: readonly FocalPlane[];
  /** 1 for tiles with content. */
  readonly content: Uint8Array;
  readonly thumbnail: Raster | undefined;
  /** The worst tiles of the report as pictures, in their order. */
  readonly worstTiles: readonly TilePictures[];
  /** Where the first method gains most over the plane in the middle. */
  readonly region: RegionPictures;
};

/**
 * Plans a slide by `method` (default adaptive) and exhaustively. The exhaustive method goes last, so that it is the one that finds
 * the slide in the disk cache.
 */
export async function compareMethods(
  input: string | readonly string[],
  options: CompareOptions = {},
): Promise<CompareResult> {
  const { method = 'adaptive' } = options;
  const methods: readonly PlanMethod[] = method === 'exhaustive' ? [method] : [method, 'exhaustive'];
  const { signal } = options;
  const started = performance.now();
  const source = await openSlide(input, options);
  try {
    const { info } = source;
    const opened = performance.now();
    options.onEvent?.({ type: 'opened', name: info.name, planes: info.planes.length });
    if (info.untiled) await layTiles(source, signal);
    const plans: SlidePlan[] = [];
    for (const each of methods) {
      // The oracle costs what it costs, and sees every pixel whatever the other method looks at.
      const limits = each === 'exhaustive' && { maxCost: undefined };
      const sight = each !== method && { scoreLevel: undefined, subsample: 1 };
      plans.push(await planSlide(source, { ...options, method: each, ...limits, ...sight }));
    }
    const { problem, outcome } = plans[0];
    const map = outcome.depthMap;
    const { planeCount } = map;
    const oracle = plans[plans.length - 1].outcome.scores;
    const drawn = performance.now();
    const worst = findWorstTiles(oracle, map);
    const worstTiles = await readTilePictures(source, problem.level, worst, signal);
    const region = await readRegion(source, problem.level, map, oracle, signal);
    const levels = (await resultLevels(source, map)).slice(0, info.levels.length);
    const thumbnail = await renderThumbnail(levels, thumbnailSide, undefined, signal);
    const middle = middlePlaneOf(planeCount);
    const ended = performance.now();
    const report: CompareReport = {
      schema: 'zflat.compare/1',
      slide: slideSummary(info),
      methods: plans.map((plan) => ({
        method: plan.options.method,
        plan: planSummary(plan),
        accuracy: exactAccuracy(oracle, planeCount, plan.outcome.depthMap.planes),
        audit: plan.outcome.accuracy.kind === 'audit' ? plan.outcome.accuracy : null,
        elapsedMs: Math.round(plan.elapsedMs),
      })),
      middlePlane: {
        plane: middle,
        accuracy: exactAccuracy(oracle, planeCount, new Uint16Array(map.planes.length).fill(middle)),
      },
      worstTiles: worst,
      curves: sampleCurves(oracle, map),
      elapsedMs: {
        open: Math.round(opened - started),
        pictures: Math.round(ended - drawn),
        total: Math.round(ended - started),
      },
      software,
    };
    return {
      report,
      maps: plans.map((plan) => plan.outcome.depthMap),
      grid: problem.level.grid,
      planes: info.planes,
      content: contentMask(oracle, planeCount),
      thumbnail,
      worstTiles,
      region,
    };
  } finally {
    await source.close();
  }
}

/** Reads a tile of each plane: planes without tiles get theirs then, which is no part of either method's time. */
async function layTiles(source: SlideSource, signal: AbortSignal | undefined): Promise<void> {
  const [{ level }] = source.info.levels;
  for (const { plane } of source.info.planes) await source.readTile({ level, plane, row: 0, column: 0 }, signal);
}
