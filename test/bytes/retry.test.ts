// Trying again, on a clock of the test's own: no wait takes any time, all are written down.
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { TransientError } from '../../src/bytes/http-failure.js';
import { RetryBudget, retrying } from '../../src/bytes/retry.js';
import { SlideError } from '../../src/errors.js';

vi.mock('node:timers/promises', () => ({ setTimeout: vi.fn(async () => undefined) }));
beforeEach(() => {
  // Half-way between the shortest wait and the longest.
  vi.spyOn(Math, 'random').mockReturnValue(0.5);
});
afterEach(() => {
  vi.mocked(wait).mockClear();
  vi.restoreAllMocks();
});

const busy = new SlideError('transient', 'the server is busy', { file: 'smear', hint: 'try again later' });
const passing = (count: number, afterMs = 0) => Array.from({ length: count }, () => new TransientError(busy, afterMs));

/** Tries with a first wait of 500 ms; an attempt fails with each of these in turn, then they work. */
async function tried(failures: readonly unknown[], signal?: AbortSignal, budget = new RetryBudget(600_000)) {
  let attempts = 0;
  const attempt = async () => {
    if (++attempts <= failures.length) throw failures[attempts - 1];
    return 'bytes';
  };
  const ended = await retrying(attempt, { waitMs: 500, budget, signal }).catch((error: unknown) => error);
  return { attempts, waitsMs: vi.mocked(wait).mock.calls.map(([ms]) => ms), ended };
}

describe('retrying', () => {
  it('should always wait twice as long from time to time, until it works', async () => {
    expect(await tried([])).toEqual({ attempts: 1, waitsMs: [], ended: 'bytes' });
    expect(await tried(passing(4))).toEqual({ attempts: 5, waitsMs: [500, 1000, 2000, 4000], ended: 'bytes' });
  });

  it('should always spread its waits by a quarter to each side', async () => {
    vi.mocked(Math.random).mockReturnValueOnce(0).mockReturnValueOnce(1);
    expect((await tried(passing(2))).waitsMs).toEqual([375, 1250]);
  });

  it('should always give up after five times, and tell how often it tried', async () => {
    const { attempts, waitsMs, ended } = await tried(passing(9));
    expect([attempts, waitsMs]).toEqual([5, [500, 1000, 2000, 4000]]);
    expect(ended).toMatchObject({ problem: 'the server is busy; tried 5 times', hint: 'try again later' });
    expect(ended).toBeInstanceOf(SlideError);
  });

  it('should always wait as long as the server asks where that is longer, but for half a minute', async () => {
    const asked = [...passing(1, 9000), ...passing(1, 100), ...passing(1, 3_600_000)];
    expect((await tried(asked)).waitsMs).toEqual([9000, 1000, 30_000]);
  });

  it('should never try again what fails for good', async () => {
    for (const final of [busy, new TypeError('a defect')]) {
      expect(await tried([final])).toEqual({ attempts: 1, waitsMs: [], ended: final });
    }
  });

  it('should always end with aborted when it is told to stop while it waits', async () => {
    const controller = new AbortController();
    vi.mocked(wait).mockImplementationOnce(async () => {
      controller.abort();
      throw new Error('the wait was cut short');
    });
    const { attempts, ended } = await tried(passing(3), controller.signal);
    expect([attempts, ended]).toEqual([1, expect.objectContaining({ code: 'aborted' })]);
    expect(vi.mocked(wait).mock.calls[0][2]).toEqual({ signal: controller.signal });
  });
});

describe('the budget of a run', () => {
  it('should always end what would wait for longer than is left, and say so', async () => {
    const { attempts, waitsMs, ended } = await tried(passing(9), undefined, new RetryBudget(800));
    expect([attempts, waitsMs]).toEqual([2, [500]]);
    expect(ended).toMatchObject({
      code: 'transient',
      problem: expect.stringMatching(/tried 2 times; the 0\.8 s .*--retry-for/),
    });
  });

  it('should always count time once that several requests lose together, and none that nobody loses', () => {
    const now = vi.spyOn(performance, 'now').mockReturnValue(0);
    const budget = new RetryBudget(10_000);
    now.mockReturnValue(5000);
    expect(budget.leftMs).toBe(10_000);
    const recovered = [budget.failing(1000), budget.failing(0)];
    now.mockReturnValue(7000);
    expect(budget.leftMs).toBe(7000);
    for (const each of recovered) each();
    now.mockReturnValue(9000);
    expect(budget.leftMs).toBe(7000);
  });
});
