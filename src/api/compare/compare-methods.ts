// A method held against the exhaustive one on the same slide: cost, time, agreement, and whether its audit told the truth.

import { SlideError } from '../../errors.js';
import { thumbnailSide } from '../../flatten-slide.js';
import { defaultMeasure, type FocusMeasureName } from '../../focus/focus-measure.js';
import { checkOptions } from '../../options/check-options.js';
import { type ComparingOptions, comparingOptions } from '../../options/comparing.js';
import { openingOptions } from '../../options/opening.js';
import { tilePlanningOptions } from '../../options/planning.js';
import { type ReportingOptions, reportingOptions } from '../../options/reporting.js';
import { defaultConcurrency, runningOptions } from '../../options/running.js';
import { resultLevels } from '../../output/result-levels.js';
import { renderThumbnail } from '../../output/thumbnail.js';
import { exactAccuracy } from '../../planner/contract/accuracy.js';
import { contentMask } from '../../planner/contract/content.js';
import type { PlanMethod } from '../../planner/planners.js';
import type { RegionPictures, TilePictures } from '../../report/compare-pictures.js';
import type { CompareReport } from '../../report/run-report.js';
import { planSummary, slideSummary } from '../../report/summaries.js';
import { findWorstTiles, middlePlaneOf, sampleCurves } from '../../report/tile-samples.js';
import type { DepthMap } from '../../slide/depth-map.js';
import type { FocalPlane } from '../../slide/focal-planes.js';
import type { Level } from '../../slide/pyramid.js';
import type { Raster } from '../../slide/raster.js';
import type { SlideSource } from '../../slide/slide-source.js';
import type { TileGrid } from '../../slide/tile-grid.js';
import type { OpenOptions } from '../../slide-source/open-options.js';
import { software } from '../../system/version.js';
import { checkMeasurable } from '../../tile-jobs/measure-tile.js';
import { planOptionsOf } from '../describe-run.js';
import { openInput, type SlideInput, tellOpened } from '../open-input.js';
import { type PlanSlideOptions, planSlide, type SlidePlan } from '../plan-slide.js';
import { reportOrigin } from '../report-origin.js';
import { openReference, type Reference, summarizeReference } from './compare-reference.js';
import { readRegion, readTilePictures } from './read-pictures.js';

/** Methods are compared by the planes of whole tiles. */
export type CompareOptions = OpenOptions & Omit<PlanSlideOptions, 'grain'> & ComparingOptions & ReportingOptions;

/** All that can be set of it. */
export const compareOptions = {
  ...openingOptions,
  ...tilePlanningOptions,
  ...comparingOptions,
  ...runningOptions,
  ...reportingOptions,
} as const;

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
 * Plans a slide by `method` (default adaptive) and exhaustively by the judge's measure, which says what is best. The exhaustive method
 * goes last, so that it is the one that finds the slide in the disk cache. Where the method has another measure than the judge, tiles
 * are scored by that too: it is what the method's audit speaks of.
 */
export async function compareMethods(input: SlideInput, options: CompareOptions = {}): Promise<CompareResult> {
  checkOptions([compareOptions], options);
  const { method = 'adaptive', measure = defaultMeasure, signal } = options;
  const { judge = measure } = options;
  const methods = checkMethods(method, measure, judge);
  const started = performance.now();
  const { source, close } = await openInput(input, options);
  let reference: Reference | undefined;
  try {
    const { info } = source;
    const opened = performance.now();
    tellOpened(info, options.onEvent);
    checkMeasurable(info, judge, 1);
    if (info.retiled) await layTiles(source, signal);
    const plans: SlidePlan[] = [];
    // The oracle costs what it costs, and sees every pixel whatever the other method looks at.
    const whole = { method: 'exhaustive', maxCost: undefined } as const;
    const sight = { scoreLevel: undefined, subsample: 1 };
    const tiles = { grain: 'tile' } as const;
    for (const each of methods) {
      const changed =
        each !== method ? { ...whole, ...sight, measure: judge } : each === 'exhaustive' ? whole : { method };
      plans.push(await planSlide(source, { ...options, ...changed, ...tiles }));
    }
    const own = judge === measure ? undefined : await planSlide(source, { ...options, ...whole, ...sight, ...tiles });
    const { problem, outcome } = plans[0];
    reference = await openedReference(options, problem.level, judge);
    const map = outcome.depthMap;
    const { planeCount } = map;
    const oracle = plans[plans.length - 1].outcome.scores;
    const drawn = performance.now();
    const worst = findWorstTiles(oracle, map);
    const worstTiles = await readTilePictures(source, problem.level, worst, signal);
    const region = await readRegion(source, problem.level, map, oracle, reference, signal);
    const levels = (await resultLevels(source, map)).slice(0, info.levels.length);
    const thumbnail = await renderThumbnail(levels, thumbnailSide, undefined, signal);
    const middle = middlePlaneOf(planeCount);
    const ended = performance.now();
    const report: CompareReport = {
      schema: 'zflat.compare/1',
      slide: slideSummary(info),
      options: { ...planOptionsOf(plans[0]), judge, concurrency: options.concurrency ?? defaultConcurrency },
      judge,
      methods: plans.map((plan) => {
        const { planes } = plan.outcome.depthMap;
        const accuracy = exactAccuracy(oracle, planeCount, planes);
        const audited = plan.outcome.accuracy.kind === 'audit';
        return {
          method: plan.options.method,
          measure: plan.options.measure,
          plan: planSummary(plan),
          accuracy,
          audit: audited ? plan.outcome.accuracy : null,
          auditTruth: audited ? (own ? exactAccuracy(own.outcome.scores, planeCount, planes) : accuracy) : null,
          elapsedMs: Math.round(plan.elapsedMs),
        };
      }),
      middlePlane: {
        plane: middle,
        accuracy: exactAccuracy(oracle, planeCount, new Uint16Array(map.planes.length).fill(middle)),
      },
      reference: reference ? summarizeReference(reference, oracle, map) : null,
      worstTiles: worst,
      curves: sampleCurves(oracle, map),
      origin: await reportOrigin(info.files, options),
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
    await reference?.source.close();
    await close();
  }
}

async function openedReference({ reference, ...options }: CompareOptions, decided: Level, judge: FocusMeasureName) {
  return reference === undefined ? undefined : await openReference(reference, decided, judge, options);
}

/** The method, and the exhaustive one as judge; `usage` where that would have to judge itself by another measure. */
function checkMethods(method: PlanMethod, measure: string, judge: string): readonly PlanMethod[] {
  if (method !== 'exhaustive') return [method, 'exhaustive'];
  if (judge === measure) return [method];
  const hint = 'leave --judge out, or choose another --method';
  throw new SlideError('usage', `the exhaustive method by ${measure} can't be judged by ${judge}`, { hint });
}

/** Reads a tile of each plane: planes without tiles get theirs then, which is no part of either method's time. */
async function layTiles(source: SlideSource, signal: AbortSignal | undefined): Promise<void> {
  const [{ level }] = source.info.levels;
  for (const { plane } of source.info.planes) await source.readTile({ level, plane, row: 0, column: 0 }, signal);
}
