// JPEG tiles as zflat decodes them, and as libjpeg-turbo's own program does.
import { describe, expect } from 'vitest';
import { grey, rgb, sharpPicture } from '../../../experiments/harness/fixtures/pictures.js';
import { filter } from '../../../experiments/harness/fixtures/programs.js';
import { jpegStream } from '../../../experiments/harness/fixtures/stored-chunks.js';
import { decodeTile, decodeTileLuma } from '../../../src/codecs/codec.js';
import { itWith } from '../../fixtures/with-programs.js';

const size = { width: 64, height: 48 };
const subsamplings = { '4:2:0': [2, 2], '4:2:2': [2, 1], '4:4:4': [1, 1], grey: [1, 1] } as const;

describe('JPEG tiles', () => {
  itWith(
    ['djpeg'],
    'should always decode what is seen exactly as libjpeg-turbo, what is measured as with its fast DCT',
    async () => {
      for (const sampling of ['4:2:0', '4:2:2', '4:4:4', 'grey'] as const) {
        const format = sampling === 'grey' ? grey('uint8') : rgb;
        const bytes = await jpegStream(sharpPicture(size, format, 1), { codec: 'jpeg', sampling });
        const photometric = sampling === 'grey' ? 'black-is-zero' : 'ycbcr';
        const facts = { codec: 'jpeg', photometric, predictor: 1, bigEndian: false, jpegTables: undefined } as const;
        const tile = { bytes, encoding: { ...size, ...format, ...facts, subsampling: subsamplings[sampling] } };
        const { data } = await decodeTile(tile);
        const seen = filter('djpeg', ['-dct', 'int', '-pnm'], bytes);
        expect(Buffer.compare(seen.subarray(seen.length - data.length), data as Uint8Array)).toBe(0);
        const luma = (await decodeTileLuma(tile)).data;
        const measured = filter('djpeg', ['-dct', 'fast', '-grayscale', '-pnm'], bytes);
        expect(Buffer.compare(measured.subarray(measured.length - luma.length), luma as Uint8Array)).toBe(0);
      }
    },
  );
});
