// What programs can import from zflat: an accidental export, or one that went missing, fails here.
import type { Observable } from 'rxjs';
import { describe, expect, expectTypeOf, it } from 'vitest';
import type {
  CompareBatchReport,
  CompareOptions,
  CompareReport,
  CompareResult,
  EngineEvent,
  EngineListener,
  FlattenOptions,
  FlattenResult,
  FocusMeasureName,
  FollowedRun,
  MapOptions,
  OpenOptions,
  OutputFormat,
  Place,
  PlanMethod,
  PlanSlideOptions,
  Preset,
  RankOptions,
  RankReport,
  RunEvent,
  RunReport,
  SlideErrorCode,
  SlideInfo,
  SlideInput,
  SlideSource,
  SynthesizedSlide,
  SynthesizeOptions,
  TuneOptions,
  TuneResult,
  VerifyOptions,
  VerifyReport,
} from '../src/index.js';
import * as zflat from '../src/index.js';

describe('the public API', () => {
  it('should only have these values', () => {
    expect(Object.keys(zflat).sort()).toEqual([
      'SlideError',
      'compareMethods',
      'engineEvents',
      'flattenSlide',
      'isSlideError',
      'mapSlide',
      'openSlide',
      'previewFlatten',
      'rankImages',
      'synthesizeSlide',
      'tuneSlides',
      'verifySlide',
    ]);
  });

  it('should always be usable with its types', () => {
    expectTypeOf(zflat.flattenSlide).parameters.toEqualTypeOf<
      [input: SlideInput, output: string, options?: FlattenOptions]
    >();
    expectTypeOf(zflat.flattenSlide).returns.resolves.toEqualTypeOf<FlattenResult>();
    expectTypeOf(zflat.mapSlide).parameter(1).toEqualTypeOf<MapOptions | undefined>();
    expectTypeOf(zflat.compareMethods).parameter(1).toEqualTypeOf<CompareOptions | undefined>();
    expectTypeOf(zflat.compareMethods).returns.resolves.toEqualTypeOf<CompareResult>();
    expectTypeOf(zflat.tuneSlides).parameter(1).toEqualTypeOf<TuneOptions | undefined>();
    expectTypeOf(zflat.tuneSlides).returns.resolves.toEqualTypeOf<TuneResult>();
    expectTypeOf<TuneResult['preset']>().toEqualTypeOf<Preset>();
    expectTypeOf(zflat.verifySlide).parameter(2).toEqualTypeOf<VerifyOptions | undefined>();
    expectTypeOf(zflat.verifySlide).returns.resolves.toEqualTypeOf<VerifyReport>();
    expectTypeOf(zflat.rankImages).parameter(1).toEqualTypeOf<RankOptions | undefined>();
    expectTypeOf(zflat.rankImages).returns.resolves.toEqualTypeOf<RankReport>();
    expectTypeOf(zflat.openSlide).parameter(1).toEqualTypeOf<OpenOptions | undefined>();
    expectTypeOf(zflat.openSlide).returns.resolves.toEqualTypeOf<SlideSource>();
    expectTypeOf(zflat.synthesizeSlide).parameter(1).toEqualTypeOf<SynthesizeOptions | undefined>();
    expectTypeOf(zflat.synthesizeSlide).returns.resolves.toEqualTypeOf<SynthesizedSlide>();
    expectTypeOf<SlideSource['info']>().toEqualTypeOf<SlideInfo>();
    expectTypeOf<FlattenResult['report']>().toEqualTypeOf<RunReport>();
    expectTypeOf<CompareResult['report']>().toEqualTypeOf<CompareReport>();
    expectTypeOf<FlattenOptions['format']>().toEqualTypeOf<OutputFormat | undefined>();
    expectTypeOf<PlanSlideOptions['method']>().toEqualTypeOf<PlanMethod | undefined>();
    expectTypeOf<PlanSlideOptions['measure']>().toEqualTypeOf<FocusMeasureName | undefined>();
    expectTypeOf<CompareBatchReport['slides'][number]>().toEqualTypeOf<CompareReport>();
    expectTypeOf(zflat.engineEvents<FlattenResult>).parameters.toEqualTypeOf<
      [run: (followed: FollowedRun) => Promise<FlattenResult>]
    >();
    expectTypeOf(zflat.engineEvents<FlattenResult>).returns.toEqualTypeOf<Observable<RunEvent<FlattenResult>>>();
    expectTypeOf<FollowedRun>().toExtend<Pick<FlattenOptions & VerifyOptions & CompareOptions, 'signal' | 'onEvent'>>();
    expectTypeOf<FlattenOptions['onEvent']>().toEqualTypeOf<EngineListener | undefined>();
    expectTypeOf<Parameters<EngineListener>[0]>().toEqualTypeOf<EngineEvent>();
    expectTypeOf<zflat.SlideError['place']>().toEqualTypeOf<Place>();
    expectTypeOf<zflat.SlideError['code']>().toEqualTypeOf<SlideErrorCode>();
  });

  it('should always tell its own errors from others', () => {
    const error: unknown = new zflat.SlideError('damaged', 'a bad tile', {
      file: 'a.tif',
      level: 0,
      plane: 2,
      row: 7,
      column: 12,
      hint: 'copy it again',
    });
    expect(zflat.isSlideError(error)).toBe(true);
    expect(zflat.isSlideError(error, 'damaged', 'usage')).toBe(true);
    expect(zflat.isSlideError(error, 'usage')).toBe(false);
    expect(zflat.isSlideError(new Error('a bad tile'))).toBe(false);
    expect((error as Error).message).toBe('a.tif: level 0, plane 2, row 7, column 12: a bad tile (copy it again)');
  });
});
