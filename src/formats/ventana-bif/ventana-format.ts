// Ventana (Roche) BIF, for the registry.
import type { SlideFormat } from '../../slide-source/slide-format.js';
import type { TiffFile } from '../../tiff/tiff-file.js';
import { parseVentana, type VentanaScan } from './ventana.js';

export const ventanaBif: SlideFormat<{ readonly tiff: TiffFile; readonly scan: VentanaScan }> = {
  name: 'Ventana BIF',
  files: '*.bif whose camera frames do not overlap',
  planes: 'tag ImageDepth: nominal focus first, then those nearer to the slide, then those farther; Z-spacing apart',
  copied: 'yes',
  async recognise(input) {
    if (input.kind !== 'files' || input.files.length > 1) return undefined;
    const tiff = await input.tiff();
    const scan = tiff?.directories.map(({ xmp }) => parseVentana(xmp)).find((each) => each !== undefined);
    return tiff && scan && { tiff, scan };
  },
  async open({ tiff, scan }, options) {
    const { openVentana } = await import('./ventana-source.js');
    return openVentana(tiff, scan, options);
  },
};
