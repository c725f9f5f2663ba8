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

/** "scoring  ━━━━━━━╌╌╌  1234 of 5678 tiles, round 2  456 tiles/s  0:10 left". */
export function progressText({ phase, unit, place, since, done, of }: Progress, now: number): string {
  if (of === 0) return phase;
  const share = Math.min(1, done / of);
  const filled = Math.round(share * barWidth);
  const bar = '━'.repeat(filled) + '╌'.repeat(barWidth - filled);
  const seconds = (now - since) / 1000;
  const rate = done / Math.max(seconds, 1e-3);
  const left = rate > 0 ? ` ${clock((of - done) / rate)} left` : '';
  return `${phase} ${bar} ${done} of ${of} ${unit}${place} ${Math.round(rate)} ${unit}/s${left}`;
}

/** Minutes and seconds: 0:07, 12:30. */
export function clock(seconds: number): string {
  const rounded = Math.round(seconds);
  return `${Math.floor(rounded / 60)}:${String(rounded % 60).padStart(2, '0')}`;
}
