// One line on the terminal that tells how far the work is; nothing where the output is no terminal.
import type { EngineEvent, EngineListener } from '../pipeline/engine-event.js';

const barWidth = 24;
const refreshMs = 100;

export type ProgressLine = { readonly listen: EngineListener; readonly clear: () => void };

/** Draws on `stream`; `now` is a clock in milliseconds. */
export function progressLine(
  stream: { readonly isTTY?: boolean; readonly columns?: number; write(text: string): unknown },
  now: () => number = () => performance.now(),
): ProgressLine {
  if (!stream.isTTY) return { listen: () => undefined, clear: () => undefined };
  const state = new Progress(now());
  let drawn = Number.NEGATIVE_INFINITY;
  return {
    listen: (event) => {
      state.take(event, now());
      if (now() - drawn < refreshMs) return;
      drawn = now();
      stream.write(`\r\x1b[K${state.line(drawn).slice(0, (stream.columns ?? 80) - 1)}`);
    },
    clear: () => stream.write('\r\x1b[K'),
  };
}

/** What is known of the work, from its events. */
export class Progress {
  #phase: 'opening' | 'scoring' | 'writing' | 'recording' | 'replaying' = 'opening';
  /** What is counted. */
  #unit = 'tiles';
  /** Where the phase is, for people. */
  #place = '';
  #since: number;
  #done = 0;
  #of = 0;

  constructor(now: number) {
    this.#since = now;
  }

  take(event: EngineEvent, now: number): void {
    if (event.type === 'round') {
      if (event.round === 0) this.#start('scoring', now);
      this.#place = ` (round ${event.round + 1})`;
      this.#of += event.probes;
    } else if (event.type === 'scored') this.#done = event.probes;
    else if (event.type === 'writing') {
      this.#start('writing', now);
      this.#of = event.tiles;
    } else if (event.type === 'written') this.#done = event.tiles;
    else if (event.type === 'recording') {
      if (event.tiles === 0) this.#start('recording', now);
      this.#place = ` (slide ${event.slide}/${event.slides})`;
      this.#done = event.tiles;
      this.#of = event.of;
    } else if (event.type === 'replaying') {
      if (this.#phase !== 'replaying') this.#start('replaying', now);
      this.#unit = 'runs';
      this.#done = event.runs;
      this.#of = event.of;
    }
  }

  /** "scoring  ━━━━━━━╌╌╌  1234 of 5678 tiles, round 2  456 tiles/s  0:10 left". */
  line(now: number): string {
    if (this.#of === 0) return this.#phase;
    const share = Math.min(1, this.#done / this.#of);
    const filled = Math.round(share * barWidth);
    const bar = '━'.repeat(filled) + '╌'.repeat(barWidth - filled);
    const seconds = (now - this.#since) / 1000;
    const rate = this.#done / Math.max(seconds, 1e-3);
    const left = rate > 0 ? ` ${clock((this.#of - this.#done) / rate)} left` : '';
    return `${this.#phase} ${bar} ${this.#done} of ${this.#of} ${this.#unit}${this.#place} ${Math.round(rate)} ${this.#unit}/s${left}`;
  }

  #start(phase: 'scoring' | 'writing' | 'recording' | 'replaying', now: number): void {
    this.#phase = phase;
    this.#unit = 'tiles';
    this.#place = '';
    this.#since = now;
    this.#done = 0;
    this.#of = 0;
  }
}

/** Minutes and seconds: 0:07, 12:30. */
export function clock(seconds: number): string {
  const rounded = Math.round(seconds);
  return `${Math.floor(rounded / 60)}:${String(rounded % 60).padStart(2, '0')}`;
}
