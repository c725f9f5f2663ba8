import { describe, expect, it } from 'vitest';
import { swapRedAndBlue } from '../../src/codecs/jpeg-xr.js';

describe('JPEG XR', () => {
  it('should always swap red and blue in place', () => {
    const samples = Uint8Array.of(1, 2, 3, 4, 5, 6);
    swapRedAndBlue(samples);
    expect(Array.from(samples)).toEqual([3, 2, 1, 6, 5, 4]);
  });
});
