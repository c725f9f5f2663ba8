// OME-Zarr, for the registry: a folder, or its URL.
import type { SlideFormat } from '../../slide-source/slide-format.js';
import { looksLikeZarr } from './zarr-folder.js';
import { isZarrUrl } from './zarr-url.js';

/** Found is the folder, or its URL. */
export const omeZarr: SlideFormat<string> = {
  name: 'OME-Zarr 0.4 and 0.5',
  files:
    'a folder with .zattrs or zarr.json, or its URL, which ends in .zarr; blosc, zstd, gzip, zlib, lz4 and raw chunks, also in shards',
  planes: 'the z axis; one channel, or three that omero shows as red, green and blue; one timepoint',
  copied: 'no: chunks are decoded, and tiles encoded once',
  async recognise(input) {
    if (input.kind === 'location') return isZarrUrl(input.location) ? input.location : undefined;
    return input.kind === 'folder' && looksLikeZarr(input.names) ? input.folder : undefined;
  },
  async open(place, options) {
    const { openOmeZarr } = await import('./ome-zarr-source.js');
    return openOmeZarr(place, options);
  },
};
