// Bytes that are no JPEG stream, or no longer one: every reader of the entropy core refuses them, or reads what there is.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSlideError } from '../../src/errors.js';
import { coefficientMeasures } from '../../src/focus/focus-measure.js';
import { blockFocus } from '../../src/jpeg/block-focus.js';
import { cutTiles } from '../../src/jpeg/cut-tiles.js';
import { decodeCoefficients } from '../../src/jpeg/decode-coefficients.js';
import { parseJpegHeader } from '../../src/jpeg/header.js';
import { readHuffmanSpec } from '../../src/jpeg/huffman-spec.js';
import { indexScan } from '../../src/jpeg/index-scan.js';
import { JpegTile } from '../../src/jpeg/jpeg-tile.js';
import { quiltTile } from '../../src/jpeg/quilt-tile.js';
import { verifyQuilt } from '../../src/jpeg/verify-quilt.js';
import { writeHeader } from '../../src/jpeg/write-header.js';
import { cjpeg, hasCjpeg, mozjpeg, texture, turbo } from './sample-streams.js';

const sound = turbo(texture(64, 48, 3, 1), 85, '420');
const choice = Uint8Array.from({ length: 12 }, (_, mcu) => mcu % 2);

const wholeStreams = [
  sound,
  turbo(texture(50, 30, 3, 2), 60, '422'),
  turbo(texture(40, 60, 1, 3), 95, 'grey'),
  ...(hasCjpeg
    ? [
        cjpeg(texture(60, 40, 3, 4), { quality: 75, sampling: '420', restart: 2, optimize: true }),
        cjpeg(texture(60, 40, 3, 5), { quality: 75, sampling: '420', process: 'progressive' }),
      ]
    : []),
];

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
  fc
    .tuple(fc.constantFrom(...wholeStreams), fc.nat(), fc.nat(60), fc.uint8Array({ maxLength: 60 }))
    .map(([bytes, place, removed, added]) => {
      const at = place % bytes.length;
      return Uint8Array.of(...bytes.subarray(0, at), ...added, ...bytes.subarray(at + removed));
    }),
  fc.tuple(fc.constantFrom(...wholeStreams), fc.nat()).map(([bytes, at]) => bytes.subarray(0, at % bytes.length)),
);

describe.each(Object.entries(readers))('%s', (_, read) => {
  it('should only ever answer or refuse, whatever bytes it is given', () => {
    fc.assert(
      fc.property(hostile, (bytes) => {
        const outcome = outcomeOf(() => read(bytes));
        expect(outcome instanceof Error).toBe(false);
      }),
      { numRuns: 60 },
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
      { numRuns: 40 },
    );
  });
});

describe('scans of any tables', () => {
  const grey = parseJpegHeader(turbo(texture(8, 8, 1, 1), 80, 'grey'));

  /** Any prefix code of up to 24 symbols, sequential scans may have them or not, with at least one code of all zeros. */
  const tables = fc
    .tuple(
      fc.array(fc.nat(3), { minLength: 16, maxLength: 16 }),
      fc.array(fc.oneof(fc.constantFrom(0, 1, 0xf0), fc.nat(255)), { minLength: 48, maxLength: 48 }),
    )
    .map(([wanted, symbols]) => {
      const counts: number[] = [];
      let code = 0;
      for (const count of wanted) {
        code *= 2;
        // the code of all ones stays free (C.2)
        counts.push(Math.min(count, 2 ** (counts.length + 1) - 1 - code));
        code += counts[counts.length - 1];
      }
      const used = counts.reduce((sum, count) => sum + count, 0);
      return readHuffmanSpec(Uint8Array.of(...counts, ...symbols.slice(0, used)));
    });

  it('should always be refused by all readers or by none, and end', () => {
    let whole = 0;
    fc.assert(
      fc.property(tables, tables, fc.uint8Array({ minLength: 1, maxLength: 8 }), (dcTable, acTable, bytes) => {
        const [component] = grey.components;
        const prefix = writeHeader({ ...grey, components: [{ ...component, dcTable, acTable }] });
        const scan = [...bytes].flatMap((byte) => (byte === 0xff ? [byte, 0] : [byte]));
        const stream = Uint8Array.of(...prefix, ...scan, 0xff, 0xd9);
        const verdicts = ['indexScan', 'decodeCoefficients', 'blockFocus'].map((name) => {
          const outcome = outcomeOf(() => readers[name](stream));
          return outcome instanceof Error || typeof outcome === 'string' ? outcome : 'whole';
        });
        expect(['damaged', 'whole']).toContain(verdicts[0]);
        expect(verdicts).toEqual(verdicts.map(() => verdicts[0]));
        if (verdicts[0] === 'whole') whole++;
      }),
      { numRuns: 1500 },
    );
    expect(whole).toBeGreaterThan(0);
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
