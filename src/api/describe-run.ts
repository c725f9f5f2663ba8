// A run in words and numbers: for the report, and for the file that came of it.

import type { WritingOptions } from '../options/writing.js';
import type { EngineListener } from '../pipeline/engine-event.js';
import type { OutputSummary, ReportOrigin, RunReport } from '../report/run-report.js';
import { planSummary, slideSummary } from '../report/summaries.js';
import type { SlideInfo } from '../slide/slide-info.js';
import type { SlideSource } from '../slide/slide-source.js';
import type { OpenOptions } from '../slide-source/open-options.js';
import { counted } from '../system/format-figures.js';
import { peakMemory } from '../system/peak-memory.js';
import { software } from '../system/version.js';
import type { SlidePlan } from './plan-slide.js';

type Options = RunReport['options'];

/**
 * The report of a run; `further` are options beyond those of planning, `output` is missing where nothing was written, `network`
 * where nothing was fetched.
 */
export function describeRun(
  info: SlideInfo,
  plan: SlidePlan,
  elapsedMs: RunReport['elapsedMs'],
  origin: ReportOrigin,
  further: Options,
  output?: OutputSummary,
  network?: RunReport['network'],
): RunReport {
  return {
    schema: 'zflat.report/2',
    slide: slideSummary(info),
    options: { ...planOptionsOf(plan), ...further },
    plan: planSummary(plan),
    accuracy: plan.outcome.accuracy,
    origin,
    ...(output && { output }),
    ...(network && { network }),
    elapsedMs,
    peakRssBytes: peakMemory(),
    software,
  };
}

/** The facts of a slide with what turned out while it was read, which is told, too. */
export function withReadNotes({ info, readNotes }: SlideSource, onEvent: EngineListener | undefined): SlideInfo {
  const notes = readNotes?.() ?? [];
  for (const text of notes) onEvent?.({ type: 'note', text });
  return { ...info, notes: [...info.notes, ...notes] };
}

/** What the flattened slide tells of how it was made. Nothing that changes from run to run. */
export function provenanceFacts(
  plan: SlidePlan,
  options: OpenOptions & Pick<WritingOptions, 'deidentify' | 'quality'>,
  info: SlideInfo,
): Record<string, string> {
  const { timepoint, timepointAsZ, unrelated, tileSize, zStepUm, deidentify, quality } = options;
  // By its index, a scene is found as well as by a name that may tell whose slide it is.
  const scene = deidentify && options.scene !== undefined ? info.selection?.scene?.index : options.scene;
  const { accuracy } = plan.outcome;
  const [low, high] = accuracy.retainedInterval;
  const figures = {
    planes: plan.problem.planeCount,
    ...(accuracy.tiles > 0 && {
      retained: accuracy.retained.toFixed(6),
      'retained, 95 % interval': `${low.toFixed(6)} to ${high.toFixed(6)}`,
      agreement: accuracy.agreement.toFixed(4),
    }),
    accuracy: `${accuracy.kind} of ${counted(accuracy.tiles, 'tile')} with content`,
  };
  const opened = { channel: options.channel, timepoint, timepointAsZ, scene, unrelated, tileSize, zStepUm };
  const { preset, ...planned } = planOptionsOf(plan);
  const given = { ...planned, preset: deidentify ? undefined : preset, ...opened, quality };
  const entries = Object.entries({ ...given, ...(deidentify && { deidentified: true }), ...figures });
  return Object.fromEntries(
    entries.filter(([, value]) => value !== null && value !== undefined).map(([key, value]) => [key, String(value)]),
  );
}

/** The options of planning as reports hold them. */
export function planOptionsOf({ options }: SlidePlan): Options {
  const { maxCost, scoreLevel, ...others } = options;
  return { ...others, maxCost: Number.isFinite(maxCost) ? maxCost : null, scoreLevel: scoreLevel ?? null };
}
