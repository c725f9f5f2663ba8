// The progress line, on a clock of the test's own.
import { describe, expect, it } from 'vitest';
import { Progress, progressLine } from '../../src/cli/progress-line.js';
import type { EngineEvent } from '../../src/pipeline/engine-event.js';

/** The line at second `now` after these events, one a second. */
function lineAfter(now: number, ...events: readonly EngineEvent[]): string {
  const progress = new Progress(0);
  for (const [i, event] of events.entries()) progress.take(event, 1000 * i);
  return progress.line(1000 * now);
}

const recording = (tiles: number): EngineEvent => ({
  type: 'recording',
  name: 'smear',
  slide: 2,
  slides: 5,
  tiles,
  of: 100,
});

describe('the progress line', () => {
  it('should always tell the phase, how far it is, and what time is left', () => {
    expect(lineAfter(0)).toBe('opening');
    expect(lineAfter(5, { type: 'round', round: 0, probes: 40 }, { type: 'scored', probes: 10 })).toMatch(
      /^scoring ━{6}╌{18} 10 of 40 tiles \(round 1\) 2 tiles\/s 0:15 left$/,
    );
    expect(lineAfter(2, { type: 'writing', tiles: 8 }, { type: 'written', tiles: 4, of: 8 })).toMatch(
      /^writing .* 4 of 8 tiles 2 tiles\/s 0:02 left$/,
    );
  });

  it('should always name the slide that is recorded, and then count replays', () => {
    expect(lineAfter(5, recording(0), recording(50))).toMatch(
      /^recording .* 50 of 100 tiles \(slide 2\/5\) 10 tiles\/s 0:05 left$/,
    );
    const replays = [1, 2].map((runs): EngineEvent => ({ type: 'replaying', runs, of: 62 }));
    expect(lineAfter(4, recording(0), recording(100), ...replays)).toMatch(
      /^replaying .* 2 of 62 runs 1 runs\/s 1:00 left$/,
    );
  });

  it('should never say anything where the output is no terminal', () => {
    const written: string[] = [];
    const line = progressLine({ write: (text) => written.push(text) });
    line.listen(recording(3));
    line.clear();
    expect(written).toEqual([]);
  });
});
