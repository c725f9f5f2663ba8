// The TIFF tags and field types that zflat reads or writes (TIFF 6.0; Technical Notes 1 and 2; BigTIFF; ICC.1).

export const tag = {
  newSubfileType: 254,
  imageWidth: 256,
  imageLength: 257,
  bitsPerSample: 258,
  compression: 259,
  photometricInterpretation: 262,
  imageDescription: 270,
  stripOffsets: 273,
  orientation: 274,
  samplesPerPixel: 277,
  rowsPerStrip: 278,
  stripByteCounts: 279,
  xResolution: 282,
  yResolution: 283,
  planarConfiguration: 284,
  resolutionUnit: 296,
  software: 305,
  predictor: 317,
  tileWidth: 322,
  tileLength: 323,
  tileOffsets: 324,
  tileByteCounts: 325,
  subIfds: 330,
  sampleFormat: 339,
  jpegTables: 347,
  yCbCrSubSampling: 530,
  referenceBlackWhite: 532,
  xmp: 700,
  imageDepth: 32997,
  iccProfile: 34675,
} as const;

/** Type codes of directory entries. */
export const fieldType = { ascii: 2, short: 3, long: 4, rational: 5, undefined: 7, long8: 16, ifd8: 18 } as const;

/** Values of tag Compression, by the name of the codec; the first is the one written. */
export const compressionCodes = {
  raw: [1],
  lzw: [5],
  jpeg: [7],
  // As it is, or without the colour transform of JPEG 2000 (see tile-encoding).
  jpeg2000: [34712, 33005, 33003],
  deflate: [8, 32946],
  zstd: [50000],
} as const;

/** What people call other values of tag Compression. */
export const compressionNames: Readonly<Record<number, string>> = {
  2: 'CCITT',
  3: 'CCITT G3',
  4: 'CCITT G4',
  6: 'old-style JPEG',
  22610: 'JPEG-XR',
  32773: 'PackBits',
  33007: 'ALT-JPEG',
  34661: 'JBIG',
  34892: 'lossy JPEG (DNG)',
  34925: 'LZMA',
  50001: 'WebP',
  50002: 'JPEG XL',
};
