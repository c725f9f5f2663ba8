// How a complete JPEG stream is stored, as the tile of a slide that it can be.
import type { TileEncoding } from '../slide/encoded-tile.js';
import type { Size } from '../slide/geometry.js';
import { colourOf, type JpegHeader } from './header.js';

/** The encoding of tiles of this size whose streams have such a header; `unsupported` for colours that zflat does not know. */
export function streamEncoding(header: JpegHeader, tile: Size): TileEncoding {
  const colour = colourOf(header);
  const [luma, chroma] = header.components;
  return {
    width: tile.width,
    height: tile.height,
    channels: colour === 'grey' ? 1 : 3,
    sample: 'uint8',
    codec: 'jpeg',
    photometric: colour === 'grey' ? 'black-is-zero' : colour,
    predictor: 1,
    bigEndian: false,
    subsampling: colour === 'ycbcr' ? [luma.h / chroma.h, luma.v / chroma.v] : [1, 1],
    jpegTables: undefined,
  };
}
