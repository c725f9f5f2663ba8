// A tile as its file stores it, with all that is needed to decode it.
import type { Size } from './geometry.js';
import type { PixelFormat } from './raster.js';

/** Compression of a tile's bytes, lossless but for `jpeg` and, mostly, `jpeg2000`. */
export type CodecName = 'jpeg' | 'jpeg2000' | 'deflate' | 'lzw' | 'zstd' | 'raw';

/** How samples are to be read as colour (TIFF tag PhotometricInterpretation). */
export type Photometric = 'white-is-zero' | 'black-is-zero' | 'rgb' | 'ycbcr';

/** Equal for all tiles of one directory. */
export type TileEncoding = Size &
  PixelFormat & {
    readonly codec: CodecName;
    readonly photometric: Photometric;
    /** 1 none, 2 horizontal differences (TIFF 6.0, section 14). */
    readonly predictor: 1 | 2;
    /** 16-bit samples stand high byte first. */
    readonly bigEndian: boolean;
    /** JPEG: chroma is stored this many times coarser, across and down; 1, 1 for grey and RGB. */
    readonly subsampling: readonly [number, number];
    /** JPEG: tables that abbreviated tiles of this directory share (TIFF Technical Note 2). */
    readonly jpegTables?: Uint8Array | undefined;
  };

export type EncodedTile = {
  readonly bytes: Uint8Array;
  readonly encoding: TileEncoding;
};
