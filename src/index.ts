// zflat's public API: flatten z-stacked whole-slide images from your own programs.
//
//   import { flattenSlide } from 'zflat';
//   const { report } = await flattenSlide('smear.ome.tiff', 'flat.ome.tiff', { target: 0.999 });
//   console.log(report.accuracy.retained);
//
// A run can be followed as a stream (RxJS Observable): events as they happen, the result as the last of them, aborted where nobody
// listens any more. Every function that works on slides takes `signal` and `onEvent`, and so can be followed.
//
//   import { engineEvents, flattenSlide } from 'zflat';
//   engineEvents((followed) => flattenSlide('smear.ome.tiff', 'flat.ome.tiff', { ...followed })).subscribe((event) => {
//     if (event.type === 'written') console.log(`${event.tiles} of ${event.of} tiles`);
//     if (event.type === 'finished') console.log(event.result.report.accuracy.retained);
//   });
//
// What goes wrong is a SlideError with a code; options that make no sense are refused before anything is opened.

export { type CompareOptions, type CompareResult, compareMethods } from './api/compare/compare-methods.js';
export { type MapOptions, mapSlide } from './api/map-slide.js';
export type { SlideInput } from './api/open-input.js';
export type { PlanSlideOptions, RunOptions } from './api/plan-slide.js';
export { type FlattenPreview, previewFlatten } from './api/preview-flatten.js';
export { type RankOptions, type RankReport, rankImages } from './api/rank-images.js';
export { type SynthesizedSlide, type SynthesizeOptions, synthesizeSlide } from './api/synthesize-slide.js';
export { type TuneOptions, type TuneResult, tuneSlides } from './api/tune/tune-slides.js';
export { type VerifyOptions, type VerifyReport, verifySlide } from './api/verify-slide.js';
export type { NetworkOptions } from './bytes/http-client.js';
export { isSlideError, type Place, SlideError, type SlideErrorCode, type SlideErrorDetail } from './errors.js';
export { type FlattenOptions, type FlattenResult, flattenSlide } from './flatten-slide.js';
export type { FocusMeasureName } from './focus/focus-measure.js';
export type { ComparingOptions } from './options/comparing.js';
export type { MeasuringOptions, PlanningOptions } from './options/planning.js';
export type { ReportingOptions } from './options/reporting.js';
export type { SynthesisOptions } from './options/synthesis.js';
export type { TuningOptions } from './options/tuning.js';
export type { CopyCheck, OutputFormat, WritingOptions } from './options/writing.js';
export type { EngineEvent, EngineListener, FollowedRun, FollowOptions, RunEvent } from './pipeline/engine-event.js';
export { engineEvents } from './pipeline/engine-events.js';
export type { PlanGrain, PlanMethod, PlanOptions, TuningParameters } from './planner/contract/plan-options.js';
export type { EvidenceSummary, ProbeReason } from './planner/contract/plan-rounds.js';
export type { RegionPictures, TilePictures } from './report/compare-pictures.js';
export type { DepthMapJson } from './report/depth-map-json.js';
export type {
  AccuracySummary,
  BlockAccuracySummary,
  BlocksSummary,
  CompareBatchReport,
  CompareReport,
  CurveSample,
  OutputSummary,
  PlanSummary,
  ReferenceSummary,
  ReportOrigin,
  RunReport,
  SlideSummary,
  TileCounts,
  WorstTile,
} from './report/run-report.js';
export type { SlidePicture } from './report/slide-picture.js';
export type { DepthMap } from './slide/depth-map.js';
export type { CodecName, EncodedTile, Photometric, TileEncoding } from './slide/encoded-tile.js';
export type { FocalPlane } from './slide/focal-planes.js';
export type { MicronsPerPixel, Size } from './slide/geometry.js';
export type { Level, Pyramid } from './slide/pyramid.js';
export type { PixelFormat, Raster, Samples, SampleType } from './slide/raster.js';
export type { AssociatedImage, Objective, SlideAnnotation, SlideInfo, SlideScene } from './slide/slide-info.js';
export type { SelectionPart, SlideSelection, Taken } from './slide/slide-selection.js';
export type { NetworkTransfer, SlideSource, TileLengths } from './slide/slide-source.js';
export type { TileAddress } from './slide/tile-address.js';
export type { TileGrid } from './slide/tile-grid.js';
export type { FileBytes, TilePiece } from './slide/tile-run.js';
export type { OpenOptions, PmaUser } from './slide-source/open-options.js';
export { openSlide } from './slide-source/open-slide.js';
export type { SynthOptions, SynthSettings } from './synth/synth-options.js';
export type { SlideTruth } from './synth/synth-slide.js';
export type { TerrainName } from './synth/terrains/terrain-registry.js';
export type { Bands, HeldOutBy } from './tuning/hold-out.js';
export type { Preset, PresetEvidence, PresetFigures } from './tuning/preset.js';
export type { TrialSummary } from './tuning/try-settings.js';
export type { TunedSettings } from './tuning/tuned-settings.js';
