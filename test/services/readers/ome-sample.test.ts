// A sample of the Open Microscopy Environment, as tifffile reads it.
import { existsSync } from 'node:fs';
import { describe, expect } from 'vitest';
import { cut, greatestDifference, grey } from '../../../experiments/harness/fixtures/pictures.js';
import { decodeTile } from '../../../src/codecs/codec.js';
import type { EncodedTile } from '../../../src/slide/encoded-tile.js';
import { openSlide } from '../../../src/slide-source/open-slide.js';
import { readWithTifffile } from '../../fixtures/other-decoders.js';
import { sharedData } from '../../fixtures/shared-data.js';
import { itWith } from '../../fixtures/with-programs.js';

describe('OME-TIFF', () => {
  itWith(['tifffile'], 'should always read the OME sample as tifffile does', async ({ skip }) => {
    const path = sharedData('ome-tiff', '4D-series.ome.tiff');
    skip(!existsSync(path), `there is no ${path}`);
    const [[{ levels }]] = await readWithTifffile([path]);
    // Shaped timepoints, planes, rows, columns.
    const all = Buffer.from(levels[0].pixels as string, 'base64');
    const source = await openSlide(path, { timepoint: 3 });
    try {
      expect(source.info).toMatchObject({ retiled: 'lossless', planes: { length: 5 } });
      const tile = await source.readTile({ level: 0, plane: 4, row: 0, column: 1 });
      const decoded = cut(await decodeTile(tile as EncodedTile), 0, 0, { width: 439 - 256, height: 167 });
      const plane = all.subarray((3 * 5 + 4) * 439 * 167);
      const expected = { width: 439, height: 167, ...grey('int8'), data: Int8Array.from(plane.subarray(0, 439 * 167)) };
      expect(greatestDifference(decoded, cut(expected, 256, 0, decoded))).toBe(0);
    } finally {
      await source.close();
    }
  });
});
