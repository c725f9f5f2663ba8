// Streams that scanners wrote: every JPEG stream in real slide files, found by its first bytes.
import { readFileSync } from 'node:fs';
import { describe, expect } from 'vitest';
import { coefficientMeasures } from '../../src/focus/focus-measure.js';
import { assembleScan } from '../../src/jpeg/assemble-scan.js';
import { blockFocus } from '../../src/jpeg/block-focus.js';
import { decodeCoefficients } from '../../src/jpeg/decode-coefficients.js';
import { JpegTile } from '../../src/jpeg/jpeg-tile.js';
import { listSegments } from '../../src/jpeg/segments.js';
import { itWithData, sharedData } from '../fixtures/shared-data.js';

describe('real slides', () => {
  for (const [scanner, file, streams] of [
    ['Aperio', ['svs', 'CMU-1-Small-Region.svs'], 200],
    ['Hamamatsu', ['ndpi', 'dapi-387.ndpi'], 5],
  ] as const) {
    itWithData(file, `should give back every stream of a slide by ${scanner}, MCU by MCU, byte for byte`, async () => {
      const tiles = tilesIn(new Uint8Array(readFileSync(sharedData(...file))));
      expect(tiles.length).toBeGreaterThanOrEqual(streams);
      for (const tile of tiles) {
        const { header, index, bytes } = tile;
        const runs = Array.from({ length: index.mcus }, (_, first) => ({ source: 0, first, count: 1 }));
        const again = assembleScan(bytes.subarray(0, header.scanStart), header, [tile], runs) as Uint8Array;
        expect(Buffer.compare(again, bytes.subarray(0, again.length))).toBe(0);
        const coefficients = decodeCoefficients(bytes, header);
        const { first, last } = coefficientMeasures['dct-low'];
        const { h, v, quantTable } = header.components[0];
        let sum = 0;
        for (let block = 0; block < coefficients.length / 64; block++) {
          if (block % header.blocksPerMcu >= h * v) continue;
          for (let k = first; k <= last; k++) sum += Math.abs(coefficients[64 * block + k]) * quantTable[k];
        }
        const whole = {
          ...header,
          width: header.mcuColumns * header.mcuWidth,
          height: header.mcuRows * header.mcuHeight,
        };
        expect(blockFocus(bytes, whole, coefficientMeasures['dct-low']).total).toBe(sum);
      }
    });
  }
});

/** All streams with a scan; abbreviated ones with the stream of tables in the file. */
function tilesIn(file: Uint8Array): JpegTile[] {
  const starts: number[] = [];
  const buffer = Buffer.from(file.buffer, file.byteOffset, file.length);
  for (let at = buffer.indexOf('ffd8ff', 0, 'hex'); at >= 0; at = buffer.indexOf('ffd8ff', at + 2, 'hex'))
    starts.push(at);
  const streams = starts.flatMap((start) => {
    const bytes = file.subarray(start);
    try {
      return [{ bytes, scan: listSegments(bytes).some(({ marker }) => marker === 0xda) }];
    } catch {
      return []; // three bytes that only look like the start of a stream
    }
  });
  const tables = streams.find(({ scan }) => !scan)?.bytes;
  const ownTables = tables?.subarray(0, listSegments(tables).at(-1)?.to);
  return streams.filter(({ scan }) => scan).map(({ bytes }) => new JpegTile(bytes, ownTables));
}
