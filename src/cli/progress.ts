// How far the work is, from its events, and how that reads on one line.
import type { EngineEvent } from '../pipeline/engine-event.js';

const barWidth = 24;

/** What is known of the work. */
export type Progress = {
  readonly phase: 'opening' | 'scoring' | 'writing' | 'recording' | 'replaying';
  /** What is counted. */
  readonly unit: 'tiles' | 'runs';
  /** Where the phase is, for people. */
  readonly place: string;
  /** When the phase began, in milliseconds on the clock of progressText. */
  readonly since: number;
  readonly done: number;
  /** 0 while nothing is known. */
  readonly of: number;
};

export const openingProgress: Progress = { phase: 'opening', unit: 'tiles', place: '', since: 0, done: 0, of: 0 };

/** What is known after an event at `now`. */
export function progressAfter(before: Progress, event: EngineEvent, now: number): Progress {
  const begun = (phase: Progress['phase']): Progress => ({ ...openingProgress, phase, since: now });
  switch (event.type) {
    case 'round': {
      const scoring = event.round === 0 ? begun('scoring') : before;
      return { ...scoring, place: ` (round ${event.round + 1})`, of: scoring.of + event.probes };
    }
    case 'scored':
      return { ...before, done: event.probes };
    case 'writing':
      return { ...begun('writing'), of: event.tiles };
    case 'written':
      return { ...before, done: event.tiles };
    case 'recording': {
      const recording = event.tiles === 0 ? begun('recording') : before;
      return { ...recording, place: ` (slide ${event.slide}/${event.slides})`, done: event.tiles, of: event.of };
    }
    case 'replaying': {
      const replaying = before.phase === 'replaying' ? before : begun('replaying');
      return { ...replaying, unit: 'runs', done: event.runs, of: event.of };
    }
    default:
      return before;
  }
}

/**
 * "scoring ━━━━━━━╌╌╌ 1234 of 5678 tiles (round 2) 456 tiles/s 0:10 left", as much of it as `width` columns take: the bar, the rate and the
 * place go first, the time left last.
 */
export function progressText({ phase, unit, place, since, done, of }: Progress, now: number, width = Infinity): string {
  if (of === 0) return phase.slice(0, width);
  const seconds = (now - since) / 1000;
  const perSecond = done / Math.max(seconds, 1e-3);
  const left = perSecond > 0 ? ` ${clock((of - done) / perSecond)} left` : '';
  const rate = ` ${Math.round(perSecond)} ${unit}/s`;
  const count = ` ${done} of ${of} ${unit}`;
  const bars = [barWidth, barWidth / 2].map((columns) => ` ${barOf(done / of, columns)}`);
  const lines = [
    ...bars.map((bar) => phase + bar + count + place + rate + left),
    phase + bars[1] + count + place + left,
    phase + count + place + left,
    phase + count + left,
    phase + left,
    left.trim(),
  ];
  return lines.find((line) => line.length <= width) ?? left.trim().slice(0, width);
}

/** The same for a log, where there is no line to draw on. */
export function progressLogLine(known: Progress, now: number): string {
  return progressText(known, now).replace(/ [━╌]+/, '');
}

function barOf(share: number, columns: number): string {
  const filled = Math.round(Math.min(1, share) * columns);
  return '━'.repeat(filled) + '╌'.repeat(columns - filled);
}

/** Minutes and seconds: 0:07, 12:30. */
export function clock(seconds: number): string {
  const rounded = Math.round(seconds);
  return `${Math.floor(rounded / 60)}:${String(rounded % 60).padStart(2, '0')}`;
}
