import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { storeChunks } from '../../experiments/harness/fixtures/stored-chunks.js';
import { decodeTile } from '../../src/codecs/codec.js';
import { inflateLuma } from '../../src/codecs/inflate-luma.js';
import type { TileEncoding } from '../../src/slide/encoded-tile.js';
import { bytesPerSample, lumaOf } from '../../src/slide/raster.js';
import { arbitraryDamage } from '../arbitraries/damage.js';
import { arbitraryRaster, pixelFormats } from '../arbitraries/raster.js';

const tile = fc
  .constantFrom(...pixelFormats)
  .chain((format) => fc.tuple(arbitraryRaster(format), fc.constantFrom<1 | 2>(1, 2), fc.boolean()));

describe('inflateLuma', () => {
  it('should always answer the luminance of the whole tile, and refuse what is refused as a whole', async () => {
    await fc.assert(
      fc.asyncProperty(
        tile,
        fc.option(arbitraryDamage(), { nil: undefined }),
        async ([raster, predictor, bigEndian], damage) => {
          const { chunks } = await storeChunks([raster], { codec: 'deflate', predictor }, bigEndian);
          const bytes = damage ? damage(chunks[0]) : chunks[0];
          const { width, height, channels, sample } = raster;
          const photometric = channels === 3 ? 'rgb' : 'black-is-zero';
          const encoding: TileEncoding = {
            width,
            height,
            channels,
            sample,
            codec: 'deflate',
            predictor,
            bigEndian,
            photometric,
            subsampling: [1, 1],
          };
          const whole = await decodeTile({ bytes, encoding }).then(lumaOf, () => 'refused');
          const swapped = bytesPerSample(sample) === 2 && bigEndian;
          expect(await inflateLuma(bytes, encoding, swapped).catch(() => 'refused')).toEqual(whole);
        },
      ),
      { numRuns: 150 },
    );
  });
});
