// The registry: what zflat can read, in the order in which formats are asked whether an input is theirs.
import { aperioSvs } from '../formats/aperio-svs/aperio-format.js';
import { czi } from '../formats/czi/czi-format.js';
import { dicom } from '../formats/dicom/dicom-format.js';
import { imageJTiff } from '../formats/imagej-tiff/imagej-format.js';
import { leicaScn } from '../formats/leica-scn/leica-format.js';
import { ndpi } from '../formats/ndpi/ndpi-format.js';
import { omeTiff } from '../formats/ome-tiff/ome-tiff-format.js';
import { omeZarr } from '../formats/ome-zarr/ome-zarr-format.js';
import { planePictures, planeTiffs } from '../formats/plane-files/plane-files-format.js';
import { pma } from '../formats/pma/pma-format.js';
import { tileServer } from '../formats/tile-server/tile-server-format.js';
import { ventanaBif } from '../formats/ventana-bif/ventana-format.js';
import type { FormatRow, SlideFormat } from './slide-format.js';

/** NDPI comes before those that read it as a TIFF, a file per plane after all: it takes what is left. */
export const slideFormats: readonly SlideFormat[] = [
  ndpi,
  omeTiff,
  aperioSvs,
  leicaScn,
  ventanaBif,
  imageJTiff,
  czi,
  dicom,
  omeZarr,
  pma,
  tileServer,
  planeTiffs,
  planePictures,
];

const onServers: FormatRow = {
  name: 'any of these TIFF and DICOM slides on a web server',
  files:
    'http:// or https:// URLs of one file, of a set or series, or of a file per plane; the server must answer range requests',
  planes: 'as in the same files on a disk',
  copied: 'yes where stored in tiles, and only those needed are fetched; strips and pictures are refused',
};

/** The table of `zflat formats`. */
export const formatRows: readonly FormatRow[] = [...slideFormats, onServers].map(({ name, files, planes, copied }) => ({
  name,
  files,
  planes,
  copied,
}));
