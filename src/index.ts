// zflat's public API: flatten z-stacked whole-slide images from your own programs.
//
//   import { flattenSlide } from 'zflat';
//   const { report } = await flattenSlide('smear.ome.tiff', 'flat.ome.tiff', { target: 0.999 });
//   console.log(report.accuracy.retained);
//
// A run can be followed as a stream (RxJS Observable): events as they happen, the result as the last of them, aborted where nobody
// listens any more. It works with every function that takes `signal` and `onEvent`: flattenSlide, mapSlide, compareMethods, verifySlide.
//
//   import { engineEvents, flattenSlide } from 'zflat';
//   engineEvents((followed) => flattenSlide('smear.ome.tiff', 'flat.ome.tiff', { ...followed })).subscribe((event) => {
//     if (event.type === 'written') console.log(`${event.tiles} of ${event.of} tiles`);
//     if (event.type === 'finished') console.log(event.result.report.accuracy.retained);
//   });

export { type CompareOptions, type CompareResult, compareMethods } from './api/compare/compare-methods.js';
export { type MapOptions, mapSlide } from './api/map-slide.js';
export type { SlideInput } from './api/open-input.js';
export type { PlanSlideOptions, RunOptions } from './api/plan-slide.js';
export { type RankOptions, type RankReport, rankImages } from './api/rank-images.js';
export { type SynthesizedSlide, type SynthesizeOptions, synthesizeSlide } from './api/synthesize-slide.js';
export { type TuneOptions, type TuneResult, tuneSlides } from './api/tune/tune-slides.js';
export { type VerifyOptions, type VerifyReport, verifySlide } from './api/verify-slide.js';
export { isSlideError, type Place, SlideError, type SlideErrorCode } from './errors.js';
export { type FlattenOptions, type FlattenResult, flattenSlide } from './flatten-slide.js';
export type { FocusMeasureName } from './focus/focus-measure.js';
export type { OutputFormat } from './options/writing.js';
export type { EngineEvent, EngineListener, FollowedRun, RunEvent } from './pipeline/engine-event.js';
export { engineEvents } from './pipeline/engine-events.js';
export type { PlanMethod } from './planner/planners.js';
export type { DepthMapJson } from './report/depth-map-json.js';
export type { CompareBatchReport, CompareReport, RunReport } from './report/run-report.js';
export type { SlideInfo } from './slide/slide-info.js';
export type { SlideSource } from './slide/slide-source.js';
export type { OpenOptions } from './slide-source/open-options.js';
export { openSlide } from './slide-source/open-slide.js';
export type { Preset } from './tuning/preset.js';
