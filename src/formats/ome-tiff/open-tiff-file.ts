// A TIFF opened by where it is.
import type { ByteAccess } from '../../bytes/byte-access.js';
import { SlideError } from '../../errors.js';
import { openTiff, type TiffFile } from '../../tiff/tiff-file.js';
import { looksLikeTiff } from '../../tiff/tiff-magic.js';

/** Opens a TIFF; closes the file again where it is none. */
export async function openTiffFile(location: string, access: ByteAccess): Promise<TiffFile> {
  const reader = await access.open(location);
  try {
    const head = await reader.read(0, Math.min(reader.size, 8));
    if (!looksLikeTiff(head)) throw new SlideError('damaged', 'is no TIFF file', { file: reader.name });
    return await openTiff(reader);
  } catch (error) {
    await reader.close();
    throw error;
  }
}
