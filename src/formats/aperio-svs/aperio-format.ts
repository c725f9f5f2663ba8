// Aperio SVS with z layers, for the registry. Of one layer, a file is a plane.
import type { SlideFormat } from '../../slide-source/slide-format.js';
import type { TiffFile } from '../../tiff/tiff-file.js';
import { aperioLayers, parseAperio } from './aperio.js';

export const aperioSvs: SlideFormat<TiffFile> = {
  name: 'Aperio SVS with z layers',
  files: '*.svs, one file, JPEG or JPEG 2000',
  planes: 'the directories of each size, in their order or by OffsetZ (taken for micrometres)',
  copied: 'yes',
  async recognise(input) {
    if (input.kind !== 'files' || input.files.length > 1) return undefined;
    const tiff = await input.tiff();
    return tiff && parseAperio(tiff.directories[0].description) && aperioLayers(tiff).length > 1 ? tiff : undefined;
  },
  async open(tiff, options) {
    const { openAperioLayers } = await import('./aperio-source.js');
    return openAperioLayers(tiff, options);
  },
};
