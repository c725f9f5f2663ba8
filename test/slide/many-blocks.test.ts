import { describe, expect, it } from 'vitest';
import { mostFrequentPlane } from '../../src/slide/depth-map.js';

describe('the blocks of a very large tile', () => {
  it('should always be counted, however many there are: the lowest plane wins a tie', () => {
    const blocks = new Uint16Array(512 * 512).fill(3);
    expect(mostFrequentPlane(blocks)).toBe(3);
    blocks.fill(7, 0, blocks.length / 2);
    expect(mostFrequentPlane(blocks)).toBe(3);
    blocks.fill(7, 0, blocks.length / 2 + 1);
    expect(mostFrequentPlane(blocks)).toBe(7);
  });
});
