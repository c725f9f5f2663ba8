// sharp without the cache of libvips, which answers the second reading of a file with what is left of the first: "out of order read"
// for a page of a TIFF, or the pixels of a file that has been replaced since. The switch is one for the whole process. Loaded when it
// is first needed: that takes a tenth of a second.

export async function uncachedSharp() {
  const { default: sharp } = await import('sharp');
  sharp.cache(false);
  return sharp;
}
