import { describe, expect, it } from 'vitest';
import { SlideError } from '../../src/errors.js';
import { readTiles } from '../../src/slide/read-tiles.js';
import type { SlideSource } from '../../src/slide/slide-source.js';
import type { TileAddress } from '../../src/slide/tile-address.js';
import { memorySlide } from '../fixtures/memory-slide.js';
import { grey, sharpPicture } from '../fixtures/pictures.js';

const slide = memorySlide([sharpPicture({ width: 64, height: 16 }, grey('uint8'), 1)], { width: 16, height: 16 }, 1);
const row: TileAddress[] = [0, 1, 2, 3].map((column) => ({ level: 0, plane: 0, row: 0, column }));

/** A slide whose tile in column 2 can't be read, which reading all of them at once does not tell. */
const damaged: SlideSource = {
  ...slide,
  readTile: async (address) => {
    if (address.column === 2) throw new SlideError('damaged', 'its bytes are gone', { ...address });
    return slide.readTile(address);
  },
};

describe('readTiles', () => {
  it('should always say which tile it is that can not be read', async () => {
    const atOnce = { ...damaged, readTiles: () => Promise.reject(new SlideError('damaged', 'some bytes are gone')) };
    for (const source of [damaged, atOnce])
      await expect(readTiles(source, row)).rejects.toMatchObject({ code: 'damaged', place: { row: 0, column: 2 } });
  });

  it('should never read on once it is told to stop', async () => {
    const stopped = { ...slide, readTiles: () => Promise.reject(new SlideError('aborted', 'stopped')) };
    await expect(readTiles(stopped, row)).rejects.toMatchObject({ code: 'aborted' });
  });
});
