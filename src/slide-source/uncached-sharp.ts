// sharp without the cache of libvips, which answers the second reading of a file with what is left of the first: "out of order read"
// for a page of a TIFF, or the pixels of a file that has been replaced since. The switch is one for the whole process.
import { loadSharp } from '../system/load-sharp.js';

export async function uncachedSharp() {
  const sharp = await loadSharp();
  sharp.cache(false);
  return sharp;
}
