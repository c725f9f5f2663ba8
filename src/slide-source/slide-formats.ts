// What open-slide can read: one row a format.

/** One way in which a slide can be stored; `zflat formats` prints the table. */
export type SlideFormat = {
  readonly name: string;
  /** File names. */
  readonly files: string;
  /** How its planes are found. */
  readonly planes: string;
  /** Whether tiles are copied byte for byte. */
  readonly copied: string;
};

export const slideFormats: readonly SlideFormat[] = [
  {
    name: 'OME-TIFF',
    files: '*.ome.tif, *.ome.tiff, *.ome.btf, *.companion.ome; one file or a set',
    planes: 'TiffData of the OME-XML, any DimensionOrder; one channel and timepoint',
    copied: 'yes where stored in tiles; strips are tiled and encoded once',
  },
  {
    name: 'Hamamatsu NDPI',
    files: '*.ndpi, JPEG of 8 bits',
    planes: 'height above the middle plane (tag 65424); one of several scanned regions (--scene)',
    copied:
      'coefficients, never decoded to pixels: tiles are cut at MCUs; byte for byte where --tile-size is the width of its restart segments',
  },
  {
    name: 'Aperio SVS with z layers',
    files: '*.svs, one file, JPEG or JPEG 2000',
    planes: 'the directories of each size, in their order or by OffsetZ (taken for micrometres)',
    copied: 'yes',
  },
  {
    name: 'Leica SCN',
    files: '*.scn',
    planes: 'attribute z of the description, spacingZ apart; one of several scanned areas (--scene)',
    copied: 'yes',
  },
  {
    name: 'Ventana BIF',
    files: '*.bif whose camera frames do not overlap',
    planes: 'tag ImageDepth: nominal focus first, then those nearer to the slide, then those farther; Z-spacing apart',
    copied: 'yes',
  },
  {
    name: 'Zeiss CZI',
    files:
      '*.czi, uncompressed, zstd, JPEG, JPEG XR or LZW, of 8-bit colour and 8- or 16-bit grey; on a disk or by URL',
    planes: 'dimension Z, heights from the focus positions; one scene (--scene), channel and timepoint',
    copied:
      'where JPEG pictures lie on a grid: whole ones, or cut at MCUs; else, as camera frames overlap, they are put together by their mosaic index, and tiles encoded once',
  },
  {
    name: 'one TIFF pyramid per plane',
    files: 'a folder, a pattern or a list of *.tif, *.tiff, *.svs, *.btf',
    planes: 'natural order of the numbers in the names, or heights such as -3.0um',
    copied: 'yes where stored in tiles; strips are tiled and encoded once',
  },
  {
    name: 'one picture per plane',
    files: 'a folder, a pattern or a list of *.jpg, *.jpeg, *.png',
    planes: 'natural order of the numbers in the names, or heights such as -3.0um',
    copied: 'no: pictures have no tiles, so they are tiled and encoded once',
  },
  {
    name: 'DICOM whole-slide images',
    files:
      '*.dcm or without extension: a folder, a DICOMDIR, one file of a series or a list; JPEG and uncompressed frames',
    planes: 'focal planes of an instance, in full or sparse tilings, or an instance per plane; by their Z offsets',
    copied: 'yes',
  },
  {
    name: 'OME-Zarr 0.4 and 0.5',
    files:
      'a folder with .zattrs or zarr.json, or its URL, which ends in .zarr; blosc, zstd, gzip, zlib, lz4 and raw chunks, also in shards',
    planes: 'the z axis; one channel, or three that omero shows as red, green and blue; one timepoint',
    copied: 'no: chunks are decoded, and tiles encoded once',
  },
  {
    name: 'any of these TIFF and DICOM slides on a web server',
    files:
      'http:// or https:// URLs of one file, of a set or series, or of a file per plane; the server must answer range requests',
    planes: 'as in the same files on a disk',
    copied: 'yes where stored in tiles, and only those needed are fetched; strips and pictures are refused',
  },
  {
    name: 'slides of PMA.core and PMA.start',
    files: 'pma://server/path, pma://localhost/path for PMA.start; ?quality=75 or ?format=png at its end',
    planes: 'the layers of its image, in their order; --z-step says how far apart',
    copied: "the server's JPEG tiles, yes, those at the edge extended by whole blocks; PNG is encoded once",
  },
  {
    name: 'Deep Zoom or IIIF per plane',
    files: '*.json: {"planes": [{"zUm": 0, "deepZoom": "p0.dzi"}, …]}, or "iiif": URL of a service of version 2 or 3',
    planes: 'those that the list names, from the lowest zUm up, else in its order',
    copied: 'JPEG tiles without overlap, yes, those at the edge extended; overlaps are cropped, and encoded once',
  },
];
