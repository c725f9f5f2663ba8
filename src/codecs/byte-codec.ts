// Codecs that turn bytes into bytes: what is left is to undo the predictor and the byte order.

/** Lossless compression of the bytes of a tile. */
export type ByteCodec = {
  /** The `length` bytes of a tile; throws where the stream is damaged. Fewer or more bytes are the caller's to refuse. */
  readonly decompress: (bytes: Uint8Array, length: number) => Promise<Uint8Array>;
  /** Missing where zflat only reads the codec. */
  readonly compress?: (bytes: Uint8Array) => Promise<Uint8Array>;
};
