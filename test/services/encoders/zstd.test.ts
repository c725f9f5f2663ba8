// Zstandard tiles with a checksum, which the program of the reference library writes and numcodecs does not.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { sampleBytes } from '../../../experiments/harness/fixtures/pictures.js';
import { filter } from '../../../experiments/harness/fixtures/programs.js';
import { decodeTile } from '../../../src/codecs/codec.js';
import { isSlideError } from '../../../src/errors.js';
import { arbitraryRaster, pixelFormats } from '../../arbitraries/raster.js';
import { describeWith } from '../../fixtures/with-programs.js';

describeWith(['zstd'], 'zstd tiles with a checksum', () => {
  it('should never give wrong pixels, whichever bit is flipped', async () => {
    const rasters = fc.constantFrom(...pixelFormats).chain((format) => arbitraryRaster(format));
    await fc.assert(
      fc.asyncProperty(rasters, fc.option(fc.nat(), { nil: undefined }), async (raster, at) => {
        const { data, ...format } = raster;
        const bytes = Uint8Array.from(filter('zstd', ['-q', '-c'], sampleBytes(data, false)));
        if (at !== undefined) bytes[(at >> 3) % bytes.length] ^= 1 << (at & 7);
        const photometric = format.channels === 3 ? 'rgb' : 'black-is-zero';
        const facts = { codec: 'zstd', photometric, predictor: 1, bigEndian: false, subsampling: [1, 1] } as const;
        const decoded = await decodeTile({ bytes, encoding: { ...format, ...facts } }).catch((error: unknown) => error);
        // Some bits mean nothing: those that fill the last byte up.
        if (at !== undefined && isSlideError(decoded)) expect(decoded.code).toBe('damaged');
        else expect(decoded).toEqual(raster);
      }),
      { numRuns: 60 },
    );
  });
});
