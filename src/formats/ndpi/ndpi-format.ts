// Hamamatsu NDPI, for the registry.
import type { ByteReader } from '../../bytes/byte-reader.js';
import type { SlideFormat } from '../../slide-source/slide-format.js';
import { isNdpi } from './ndpi-file.js';

export const ndpi: SlideFormat<ByteReader> = {
  name: 'Hamamatsu NDPI',
  files: '*.ndpi, JPEG of 8 bits',
  planes: 'height above the middle plane (tag 65424); one of several scanned regions (--scene)',
  copied:
    'coefficients, never decoded to pixels: tiles are cut at MCUs; byte for byte where --tile-size is the width of its restart segments',
  async recognise(input) {
    if (input.kind !== 'files' || input.files.length > 1) return undefined;
    const reader = await input.reader();
    return (await isNdpi(reader)) ? reader : undefined;
  },
  async open(reader, options) {
    const { openNdpi } = await import('./ndpi-source.js');
    return openNdpi(reader, options);
  },
};
