// What a header and the JPEG streams below it say together of the colours. The header governs, as it does in libtiff, unless an Adobe
// marker says otherwise, or chroma is subsampled, which RGB has not.
import { SlideError } from '../errors.js';
import type { TileEncoding } from '../slide/encoded-tile.js';
import { readJpegFrame } from './frame.js';
import { listSegments, marker } from './segments.js';

export type AgreedColours = {
  readonly encoding: TileEncoding;
  /** What a person should know; undefined where header and stream agree. */
  readonly note: string | undefined;
};

/** The encoding with the colours and the subsampling that hold; `contradictory` for a stream that says RGB and subsamples it. */
export function agreedColours(declared: TileEncoding, stream: Uint8Array): AgreedColours {
  const { components, subsampling } = readJpegFrame(stream);
  if (declared.channels !== 3 || components !== 3) return { encoding: declared, note: undefined };
  const { adobe, jfif } = colourMarkers(stream);
  const subsampled = subsampling.some((times) => times !== 1);
  if (adobe === 'rgb' && subsampled) {
    const hint = 'RGB has no chroma: convert the slide anew';
    throw new SlideError('contradictory', 'its JPEG streams say RGB, with subsampled chroma', { hint });
  }
  const photometric = adobe ?? (subsampled ? 'ycbcr' : declared.photometric);
  const encoding: TileEncoding = {
    ...declared,
    photometric,
    subsampling: photometric === 'ycbcr' ? subsampling : [1, 1],
  };
  if (photometric === 'rgb' && declared.photometric === 'ycbcr') {
    return { encoding, note: 'its header says YCbCr, its JPEG streams RGB: taken as RGB' };
  }
  if (photometric === 'ycbcr' && declared.photometric === 'rgb') {
    const why = adobe ? 'its JPEG streams YCbCr' : 'its JPEG streams have subsampled chroma, as YCbCr has';
    return { encoding, note: `its header says RGB, ${why}: taken as YCbCr` };
  }
  const guessed = photometric === 'rgb' && jfif;
  const note = 'its header says RGB, its JPEG streams are JFIF, which is YCbCr: taken as RGB, as the header says';
  return { encoding, note: guessed ? note : undefined };
}

/** What the markers of a stream say of its colours. */
function colourMarkers(stream: Uint8Array): { adobe: 'rgb' | 'ycbcr' | undefined; jfif: boolean } {
  let adobe: 'rgb' | 'ycbcr' | undefined;
  let jfif = false;
  for (const { marker: kind, from, to } of listSegments(stream)) {
    const name = Buffer.from(stream.subarray(from, from + 5)).toString('latin1');
    if (kind === marker.app0 && name === 'JFIF\0') jfif = true;
    // Decoders take an unknown transform for YCbCr.
    if (kind === marker.app14 && name === 'Adobe' && to - from >= 12) adobe = stream[from + 11] === 0 ? 'rgb' : 'ycbcr';
  }
  return { adobe, jfif };
}
