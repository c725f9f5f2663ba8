// The name of a slide that is written says what it is: nobody finds a TIFF behind another ending, and none behind no ending.
import { SlideError } from '../errors.js';
import type { OutputFormat } from '../options/writing.js';

const tiffEnding = /\.(tiff?|btf|tf[28])$/i;

/** Endings of files that are no TIFF, or one of a vendor's own: who names a slide so expects what zflat does not write. */
const foreignEnding = /\.(svs|ndpi|scn|bif|czi|mrxs|vsi|dcm|zarr|dzi|jpe?g|png|jp2|j2k|jxr|json|html?|csv|svg|pdf)$/i;

/** `usage` for a name that says another format, and for one that says none where `format` does not either. */
export function checkSlideName(path: string, format: OutputFormat | undefined): void {
  if (path === '-') {
    const hint = 'name a file: a slide is put together in places, not written in one go';
    throw new SlideError('usage', 'a slide can not be written to standard output', { hint });
  }
  if (tiffEnding.test(path)) return;
  if (foreignEnding.test(path)) {
    throw new SlideError('usage', 'expected a file ending in .ome.tiff: zflat writes TIFF alone', { file: path });
  }
  if (format !== undefined) return;
  const hint = 'name a file that ends in .ome.tiff, or say --format';
  throw new SlideError('usage', 'the name does not say what is to be written', { file: path, hint });
}
