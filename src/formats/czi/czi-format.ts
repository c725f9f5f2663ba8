// Zeiss CZI, for the registry: one file, the further parts of a slide being found by their names.
import type { ByteReader } from '../../bytes/byte-reader.js';
import { SlideError } from '../../errors.js';
import type { SlideFormat } from '../../slide-source/slide-format.js';
import { looksLikeCzi } from './segment.js';

export const czi: SlideFormat<ByteReader> = {
  name: 'Zeiss CZI',
  files: '*.czi, uncompressed, zstd, JPEG, JPEG XR or LZW, of 8-bit colour and 8- or 16-bit grey; on a disk or by URL',
  planes: 'dimension Z, heights from the focus positions; one scene (--scene), channel and timepoint',
  copied:
    'where JPEG pictures lie on a grid: whole ones, or cut at MCUs; else, as camera frames overlap, they are put together by their mosaic index, and tiles encoded once',
  async recognise(input) {
    if (input.kind !== 'files' || !looksLikeCzi(await input.head())) return undefined;
    const reader = await input.reader();
    if (input.files.length === 1) return reader;
    const hint = 'give one of them; the parts of a slide in several files are found by their names';
    throw new SlideError('usage', 'CZI files hold all planes of a slide each', { file: reader.name, hint });
  },
  async open(reader, options) {
    const { openCzi } = await import('./czi-source.js');
    return openCzi(reader, options);
  },
};
