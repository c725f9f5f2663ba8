// The progress line, on a clock of the test's own.
import { concatWith, NEVER } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { openingProgress, progressAfter, progressText } from '../../src/cli/progress.js';
import { progressLine, progressLines, progressLog } from '../../src/cli/progress-line.js';
import type { EngineEvent } from '../../src/pipeline/engine-event.js';
import { virtualTime } from '../fixtures/virtual-time.js';

/** The line at second `now` after these events, one a second. */
function lineAfter(now: number, ...events: readonly EngineEvent[]): string {
  const known = events.reduce((before, event, i) => progressAfter(before, event, 1000 * i), openingProgress);
  return progressText(known, 1000 * now);
}

const recording = (tiles: number): EngineEvent => ({
  type: 'recording',
  name: 'smear',
  slide: 2,
  slides: 5,
  tiles,
  of: 100,
});
const written = (tiles: number): EngineEvent => ({ type: 'written', tiles, of: 1000 });

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

  it('should always add up the rounds of a plan, and begin anew with the next plan', () => {
    const rounds = [0, 1].map((round): EngineEvent => ({ type: 'round', round, probes: 30 }));
    expect(lineAfter(2, ...rounds, { type: 'scored', probes: 45 })).toMatch(/ 45 of 60 tiles \(round 2\) /);
    expect(lineAfter(4, ...rounds, { type: 'scored', probes: 60 }, rounds[0])).toMatch(/ 0 of 30 tiles \(round 1\) /);
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

  it('should only be drawn ten times a second, each time as it is then, with every event counted, as drawn', () => {
    virtualTime(({ cold, expectObservable }) => {
      // A tile every 40 ms from the first millisecond on.
      const events = cold(`a ${'39ms b '.repeat(8)} 39ms c`, {
        a: { type: 'writing', tiles: 20 },
        b: written(7),
        c: written(10),
      } as const);
      const at = (tiles: number, rate: number, left: string) =>
        expect.stringMatching(new RegExp(`^writing \\S+ ${tiles} of 20 tiles ${rate} tiles/s ${left} left$`));
      expectObservable(progressLines(events, NEVER)).toBe('100ms x 119ms y 119ms z 119ms w', {
        x: at(7, 70, '0:00'),
        y: at(7, 32, '0:00'),
        z: at(7, 21, '0:01'),
        w: at(10, 22, '0:00'),
      });
    });
  });

  it('should never draw what waits when the line is cleared, but go on counting, as drawn', () => {
    virtualTime(({ cold, expectObservable }) => {
      const events = cold('a 19ms b 79ms c', {
        a: { type: 'writing', tiles: 20 },
        b: written(7),
        c: { type: 'note', text: 'x' },
      } as const);
      const cleared = cold<void>('50ms x');
      expectObservable(progressLines(events, cleared)).toBe('200ms x', {
        x: expect.stringMatching(/^writing \S+ 7 of 20 tiles /),
      });
    });
  });

  it('should always draw over its own line, no wider than the terminal, and draw no more once it is ended', () => {
    virtualTime(({ cold, flush }) => {
      const drawn: string[] = [];
      const line = progressLine({ isTTY: true, columns: 20, write: (text) => drawn.push(text) });
      cold('a 119ms b', { a: written(1), b: written(2) }).subscribe(line.listen);
      cold('150ms x').subscribe(line.end);
      flush();
      expect(drawn).toEqual(['\r\x1b[Kopening', '\r\x1b[K']);
      line.listen({ type: 'writing', tiles: 5 });
    });
  });

  it('should always fit the terminal, and give up the time left last', () => {
    const known = [
      { type: 'writing', tiles: 5000 } as const,
      { type: 'written', tiles: 1000, of: 5000 } as const,
    ].reduce((before, event) => progressAfter(before, event, 0), openingProgress);
    const lines = Array.from({ length: 120 }, (_, width) => progressText(known, 10_000, width));
    for (const [width, line] of lines.entries()) expect(line.length).toBeLessThanOrEqual(width);
    expect(lines[119]).toBe(`writing ${'━'.repeat(5)}${'╌'.repeat(19)} 1000 of 5000 tiles 100 tiles/s 0:40 left`);
    for (const line of lines.slice('0:40 left'.length)) expect(line).toMatch(/0:40 left$/);
    for (const line of lines.slice('writing 1000 of 5000 tiles 0:40 left'.length))
      expect(line).toContain('1000 of 5000');
  });

  it('should always log a line every ten seconds where the output is no terminal', () => {
    virtualTime(({ cold, expectObservable }) => {
      const events = cold('a 9s b 9999ms b 5s c', {
        a: { type: 'writing', tiles: 2000 },
        b: written(500),
        c: written(1000),
      } as const);
      const log = progressLog(events.pipe(concatWith(NEVER)));
      expectObservable(log).toBe('10s x 19000ms y', {
        x: 'writing 500 of 2000 tiles 50 tiles/s 0:30 left',
        y: 'writing 1000 of 2000 tiles 34 tiles/s 0:29 left',
      });
    });
  });

  it('should never draw where the output is no terminal', () => {
    const drawn: string[] = [];
    const line = progressLine({ write: (text) => drawn.push(text) });
    line.listen(recording(3));
    line.clear();
    line.end();
    expect(drawn).toEqual([]);
  });
});
