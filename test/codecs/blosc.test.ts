import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seeded } from '../../experiments/harness/fixtures/pictures.js';
import { decodeBlosc } from '../../src/codecs/blosc/blosc.js';
import { bloscCompressors, bloscFrame, bloscShuffles, storedBloscFrame } from '../fixtures/blosc-frame.js';

/** Bytes with runs, repeats and noise: every kind of match and literal occurs. */
function arbitraryBytes(): fc.Arbitrary<Uint8Array> {
  return fc
    .tuple(fc.oneof(fc.nat(300), fc.nat(70_000)), fc.nat(), fc.constantFrom(1, 3, 40, 256))
    .map(([length, seed, values]) => {
      const random = seeded(seed);
      const bytes = new Uint8Array(length);
      for (let at = 0; at < length; ) {
        const run = 1 + Math.floor(40 / (random() + 0.02));
        const from = random() < 0.5 && at > 0 ? Math.floor(random() * at) : undefined;
        for (let i = 0; i < run && at < length; i++, at++) {
          bytes[at] = from === undefined ? Math.floor(random() * values) : bytes[from + i];
        }
      }
      return bytes;
    });
}

describe('Blosc frames', () => {
  it.each(bloscCompressors)(
    'should always decode to the bytes that the C library was given: %s',
    async (compressor) => {
      const spec = fc.record({
        compressor: fc.constant(compressor),
        shuffle: fc.constantFrom(...bloscShuffles),
        blockBytes: fc.constantFrom(0, 512, 4096),
      });
      await fc.assert(
        fc.asyncProperty(arbitraryBytes(), spec, async (bytes, how) => {
          const decoded = await decodeBlosc(await bloscFrame(bytes, how), bytes.length);
          expect(Buffer.compare(decoded, bytes)).toBe(0);
        }),
        { numRuns: 60 },
      );
    },
  );

  it('should always decode samples of any size, in blocks of any size', async () => {
    const spec = fc.record({
      shuffle: fc.constantFrom(...bloscShuffles),
      sampleBytes: fc.constantFrom(1, 2, 3, 8),
      samples: fc.constantFrom(128, 200, 333),
      splits: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ minLength: 3000, maxLength: 5000 }),
        spec,
        async (bytes, { samples, ...how }) => {
          const frame = storedBloscFrame(bytes, { ...how, blockBytes: samples * how.sampleBytes });
          expect(Buffer.compare(await decodeBlosc(frame, bytes.length), bytes)).toBe(0);
        },
      ),
      { numRuns: 60 },
    );
  });
});
