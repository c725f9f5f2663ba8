// Bytes that are no JPEG stream, or no longer one: every reader of the entropy core refuses them, or reads what there is.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSlideError } from '../../src/errors.js';
import { coefficientMeasures } from '../../src/focus/focus-measure.js';
import { blockFocus } from '../../src/jpeg/block-focus.js';
import { cutTiles } from '../../src/jpeg/cut-tiles.js';
import { decodeCoefficients } from '../../src/jpeg/decode-coefficients.js';
import { parseJpegHeader } from '../../src/jpeg/header.js';
import { JpegTile } from '../../src/jpeg/jpeg-tile.js';
import { quiltTile } from '../../src/jpeg/quilt-tile.js';
import { indexScan } from '../../src/jpeg/scan-index.js';
import { verifyQuilt } from '../../src/jpeg/verify-quilt.js';
import { mozjpeg, texture, turbo } from './sample-streams.js';
import { stacks } from './stream-arbitrary.js';

const sound = turbo(texture(64, 48, 3, 1), 85, '420');
const choice = Uint8Array.from({ length: 12 }, (_, mcu) => mcu % 2);

/** Whatever takes a stream, and something of its answer. */
const readers: Record<string, (bytes: Uint8Array) => unknown> = {
  indexScan: (bytes) => indexScan(bytes, parseJpegHeader(bytes)).starts,
  decodeCoefficients: (bytes) => decodeCoefficients(bytes, parseJpegHeader(bytes)),
  blockFocus: (bytes) => blockFocus(bytes, parseJpegHeader(bytes), coefficientMeasures['dct-mid']),
  cutTiles: (bytes) => {
    const tile = new JpegTile(bytes);
    const { grid, tile: cut } = cutTiles(tile, { width: tile.header.mcuWidth, height: tile.header.mcuHeight });
    return cut(grid.rows - 1, grid.columns - 1);
  },
  'quiltTile, as the first of two': (bytes) => quiltTile([new JpegTile(bytes), new JpegTile(sound)], choice),
  'quiltTile, as the second of two': (bytes) => quiltTile([new JpegTile(sound), new JpegTile(bytes)], choice),
  'verifyQuilt, as the result': (bytes) => verifyQuilt(new JpegTile(bytes), [new JpegTile(sound)], new Uint8Array(12)),
  'verifyQuilt, as a source': (bytes) => verifyQuilt(new JpegTile(sound), [new JpegTile(bytes)], new Uint8Array(12)),
};

/** Any bytes; a stream with some of them changed, taken out or put in; one cut off. Few are large. */
const hostile = fc.oneof(
  fc.uint8Array({ maxLength: 300 }),
  fc.uint8Array({ maxLength: 300 }).map((bytes) => Uint8Array.of(0xff, 0xd8, ...bytes)),
  fc.tuple(stacks(1), fc.nat(), fc.nat(60), fc.uint8Array({ maxLength: 60 })).map(
    ([
      {
        tiles: [{ bytes }],
      },
      place,
      removed,
      added,
    ]) => {
      const at = place % bytes.length;
      return Uint8Array.of(...bytes.subarray(0, at), ...added, ...bytes.subarray(at + removed));
    },
  ),
  fc.tuple(stacks(1), fc.nat()).map(
    ([
      {
        tiles: [{ bytes }],
      },
      place,
    ]) => bytes.subarray(0, place % bytes.length),
  ),
);

describe.each(Object.entries(readers))('%s', (_, read) => {
  it('should only ever answer or refuse, whatever bytes it is given', () => {
    fc.assert(
      fc.property(hostile, (bytes) => {
        const outcome = outcomeOf(() => read(bytes));
        expect(outcome instanceof Error).toBe(false);
      }),
      { numRuns: 150 },
    );
  });

  it('should never see what lies before or behind a stream in its buffer', async () => {
    const optimised = await mozjpeg(texture(64, 48, 3, 2), 75, '4:2:0');
    const streams = fc.oneof(fc.constantFrom(sound, optimised), hostile);
    fc.assert(
      fc.property(streams, fc.nat(9), fc.uint8Array({ maxLength: 40 }), (bytes, before, behind) => {
        const buffer = Uint8Array.of(
          ...new Uint8Array(before).fill(0xff),
          ...bytes,
          ...behind,
          0xff,
          0xd9,
          0,
          0,
          0xff,
          0xd9,
        );
        const inside = buffer.subarray(before, before + bytes.length);
        expect(outcomeOf(() => read(inside))).toEqual(outcomeOf(() => read(bytes.slice())));
      }),
      { numRuns: 60 },
    );
  });
});

describe('a stream cut off anywhere', () => {
  it('should always be refused, though what was cut off lies behind it', () => {
    for (let length = 0; length < sound.length; length++) {
      const cut = sound.subarray(0, length);
      expect(['damaged', 'unsupported']).toContain(outcomeOf(() => readers.indexScan(cut)));
      expect(outcomeOf(() => quiltTile([new JpegTile(sound), new JpegTile(cut)], choice))).toEqual({
        quilted: false,
        reason: 'damaged',
        tile: 1,
      });
    }
  });
});

/** The answer, the code of a refusal, or any other error. RangeErrors tell callers that sizes do not fit. */
function outcomeOf(read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    if (isSlideError(error)) return error.code;
    return error instanceof RangeError && /expected (a choice|tiles)/.test(error.message) ? error.message : error;
  }
}
