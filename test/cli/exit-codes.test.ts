// What scripts and queues go by: one number for every kind of failure.
import { describe, expect, it } from 'vitest';
import { exitCodeOf } from '../../src/cli/exit-codes.js';
import { SlideError, type SlideErrorCode } from '../../src/errors.js';

describe('exitCodeOf', () => {
  it('should always give the number that scripts expect', () => {
    const expected: Record<Exclude<SlideErrorCode, 'aborted'>, number> = {
      usage: 2,
      unreadable: 3,
      damaged: 3,
      unsupported: 3,
      contradictory: 3,
      mismatch: 3,
      transient: 75,
      output: 1,
      installation: 1,
    };
    const codes = Object.keys(expected) as (keyof typeof expected)[];
    const found = Object.fromEntries(codes.map((code) => [code, exitCodeOf(new SlideError(code, 'is wrong'))]));
    expect(found).toEqual(expected);
  });

  it('should always be 1 for a defect', () => {
    expect(exitCodeOf(new TypeError('undefined is not a function'))).toBe(1);
  });
});
