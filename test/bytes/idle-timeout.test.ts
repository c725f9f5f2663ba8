import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { IdleTimeout } from '../../src/bytes/idle-timeout.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('IdleTimeout', () => {
  it('should always run out where no byte comes, and say for how long', () => {
    const timeout = new IdleTimeout(2000, []);
    vi.advanceTimersByTime(1999);
    expect([timeout.ranOut, timeout.signal.aborted]).toEqual([false, false]);
    vi.advanceTimersByTime(1);
    expect([timeout.ranOut, timeout.signal.aborted]).toEqual([true, true]);
    expect(timeout.describe(0)).toBe('no byte came for 2 s (--timeout)');
    expect(timeout.describe(70)).toBe('no byte came for 2 s after the first 70 (--timeout)');
    timeout.end();
  });

  it('should always run out where bytes trickle, and say so', () => {
    const timeout = new IdleTimeout(2000, []);
    let bytes = 0;
    for (; !timeout.ranOut; bytes++) {
      vi.advanceTimersByTime(1500);
      timeout.renew();
    }
    expect(bytes).toBe(14);
    expect(timeout.describe(bytes)).toBe('the server trickles: 14 bytes in 20 s');
    timeout.end();
  });

  it('should never take a stop of the caller for a wait that was too long, nor go on after its end', () => {
    const controller = new AbortController();
    const timeout = new IdleTimeout(2000, [undefined, controller.signal]);
    controller.abort();
    expect([timeout.ranOut, timeout.signal.aborted]).toEqual([false, true]);
    const ended = new IdleTimeout(2000, []);
    ended.end();
    vi.advanceTimersByTime(100_000);
    expect([ended.ranOut, ended.signal.aborted]).toEqual([false, false]);
    timeout.end();
    expect(vi.getTimerCount()).toBe(0);
  });
});
