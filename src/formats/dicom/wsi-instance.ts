// What one instance of a VL Whole Slide Microscopy Image (PS3.3, A.32.8) says of itself: its kind, its matrix and tiles, where its
// frames lie, how they are stored.
import type { ByteReader } from '../../bytes/byte-reader.js';
import { SlideError } from '../../errors.js';
import type { CodecName, Photometric, TileEncoding } from '../../slide/encoded-tile.js';
import type { MicronsPerPixel, Size } from '../../slide/geometry.js';
import type { SampleType } from '../../slide/raster.js';
import type { DataSet } from './data-set.js';
import { FramePositions, positionOf } from './frame-positions.js';
import { type DicomHeader, readDicomHeader } from './read-header.js';
import { tag } from './tags.js';
import { codecOf, compressionName } from './transfer-syntax.js';

/** SOP class of VL Whole Slide Microscopy Image Storage (PS3.4, B.5). */
export const wholeSlideClass = '1.2.840.10008.5.1.4.1.1.77.1.6';

export type WsiKind = 'volume' | 'label' | 'overview' | 'thumbnail';

export type OpticalPath = { readonly identifier: string; readonly description: string | undefined };

/** Part of an image that is split over several instances (PS3.3, C.7.6.16.2.2.4). */
export type Concatenation = { readonly uid: string; readonly number: number; readonly total: number | undefined };

export type WsiInstance = {
  readonly file: string;
  /** The path or URL that it is opened by. */
  readonly location: string;
  readonly header: DicomHeader;
  readonly kind: WsiKind;
  readonly seriesUid: string;
  readonly instanceNumber: number | undefined;
  /** The total pixel matrix. */
  readonly matrix: Size;
  readonly tile: Size;
  readonly frameCount: number;
  /** Frames follow each other in the order of the standard; else each says where it lies. */
  readonly full: boolean;
  readonly positions: FramePositions;
  /** Focal planes of a full matrix; undefined where it does not say. */
  readonly focalPlanes: number | undefined;
  /** Of the first plane, in micrometres. */
  readonly zUm: number | undefined;
  /** Between planes, in micrometres. */
  readonly zStepUm: number | undefined;
  readonly opticalPaths: readonly OpticalPath[];
  /** Of a full matrix. */
  readonly opticalPathCount: number;
  readonly concatenation: Concatenation | undefined;
  /** Made by the scanner from several planes. */
  readonly extendedFocus: boolean;
  readonly micronsPerPixel: MicronsPerPixel | undefined;
};

/** Reads a file that looks like DICOM; undefined where it holds something other than a whole-slide image. */
export async function readWsiInstance(reader: ByteReader): Promise<WsiInstance | undefined> {
  const positions = new FramePositions();
  const header = await readDicomHeader(reader, {
    tag: tag.perFrameGroups,
    read: (groups) => positions.add(groups),
  });
  return header.data.text(tag.sopClass) === wholeSlideClass
    ? describeInstance(header, positions, reader.location)
    : undefined;
}

function describeInstance(header: DicomHeader, positions: FramePositions, location: string): WsiInstance {
  const { data, file } = header;
  const shared = data.item(tag.sharedGroups);
  const required = (name: string, element: number, least = 1) => {
    const value = data.number(element);
    if (value !== undefined && Number.isInteger(value) && value >= least) return value;
    const found = value === undefined ? 'missing' : value;
    throw new SlideError('contradictory', `expected ${name}, got ${found}`, { file });
  };
  const kind = kindOf(data);
  const tile = { width: required('Columns', tag.columns), height: required('Rows', tag.rows) };
  const frameCount = data.get(tag.numberOfFrames) ? required('NumberOfFrames', tag.numberOfFrames) : 1;
  const matrix =
    kind === 'volume'
      ? {
          width: required('TotalPixelMatrixColumns', tag.matrixColumns),
          height: required('TotalPixelMatrixRows', tag.matrixRows),
        }
      : tile;
  const whole = frameCount === 1 && matrix.width <= tile.width && matrix.height <= tile.height;
  const organization = data.text(tag.dimensionOrganization);
  const full = organization === 'TILED_FULL' || (positions.count === 0 && whole);
  const origin = data.item(tag.matrixOrigin)?.number(tag.zOffset);
  const sharedZ = positionOf(shared).zUm;
  const stepMm = shared?.item(tag.pixelMeasures)?.number(tag.sliceSpacing);
  const single = positions.count === 1 ? positions.at(0).zUm : Number.NaN;
  return {
    file,
    location,
    header,
    kind,
    seriesUid: data.text(tag.seriesUid) ?? '',
    instanceNumber: data.number(tag.instanceNumber),
    matrix,
    tile,
    frameCount,
    full,
    positions,
    focalPlanes: data.get(tag.matrixFocalPlanes)
      ? required('TotalPixelMatrixFocalPlanes', tag.matrixFocalPlanes)
      : undefined,
    zUm: [origin, sharedZ, single].find((z) => z !== undefined && !Number.isNaN(z)),
    zStepUm: stepMm !== undefined && stepMm > 0 ? stepMm * 1000 : undefined,
    opticalPaths: opticalPathsOf(data),
    opticalPathCount: data.number(tag.opticalPathCount) ?? Math.max(1, data.items(tag.opticalPaths).length),
    concatenation: concatenationOf(data),
    extendedFocus: data.text(tag.extendedDepthOfField) === 'YES',
    micronsPerPixel: pixelSize(data, shared, matrix),
  };
}

/** PS3.3, C.8.12.4.1.1: value 3 of the image type. */
function kindOf(data: DataSet): WsiKind {
  const [, , flavour] = data.texts(tag.imageType);
  if (flavour === 'LABEL') return 'label';
  if (flavour === 'OVERVIEW' || flavour === 'LOCALIZER') return 'overview';
  return flavour === 'THUMBNAIL' ? 'thumbnail' : 'volume';
}

function opticalPathsOf(data: DataSet): OpticalPath[] {
  return data.items(tag.opticalPaths).map((path, index) => ({
    identifier: path.text(tag.opticalPathIdentifier) ?? String(index),
    description: path.text(tag.opticalPathDescription),
  }));
}

function concatenationOf(data: DataSet): Concatenation | undefined {
  const uid = data.text(tag.concatenationUid);
  if (uid === undefined) return undefined;
  return {
    uid,
    number: data.number(tag.inConcatenationNumber) ?? 1,
    total: data.number(tag.inConcatenationTotal),
  };
}

/** Pixel spacing, of rows before that of columns (PS3.3, 10.7.1.3), else the imaged volume over the matrix; both in millimetres. */
function pixelSize(data: DataSet, shared: DataSet | undefined, matrix: Size): MicronsPerPixel | undefined {
  const [down, across] = shared?.item(tag.pixelMeasures)?.numbers(tag.pixelSpacing) ?? [];
  if (down > 0 && across > 0) return { x: micrometres(across), y: micrometres(down) };
  const width = data.number(tag.imagedVolumeWidth) ?? 0;
  const height = data.number(tag.imagedVolumeHeight) ?? 0;
  if (!(width > 0 && height > 0)) return undefined;
  return { x: micrometres(width / matrix.width), y: micrometres(height / matrix.height) };
}

/** Without the noise of binary fractions. */
function micrometres(millimetres: number): number {
  return Math.round(millimetres * 1e12) / 1e9;
}

/** PS3.3, C.7.6.3.1.2, those that zflat reads. */
const photometrics: Readonly<Record<string, Photometric | undefined>> = {
  MONOCHROME1: 'white-is-zero',
  MONOCHROME2: 'black-is-zero',
  RGB: 'rgb',
  YBR_FULL: 'ycbcr',
  YBR_FULL_422: 'ycbcr',
};

/** How the frames of an instance are stored; `unsupported`, saying what and why, where zflat can't read them. */
export function frameEncoding({ header, file, tile }: WsiInstance): TileEncoding {
  const { data, transferSyntax } = header;
  const refuse = (problem: string, hint: string) => new SlideError('unsupported', problem, { file, hint });
  const codec = codecOf(transferSyntax);
  if (!codec) {
    const hint = 'zflat reads JPEG and uncompressed frames; convert it, for example with dcmdjpeg or gdcmconv --raw';
    throw refuse(`frames are compressed as ${compressionName(transferSyntax)}`, hint);
  }
  const samples = data.number(tag.samplesPerPixel) ?? 1;
  const named = data.text(tag.photometric) ?? 'missing';
  const photometric = photometrics[named];
  const sample = sampleType(data, codec);
  const fits =
    samples === 1 ? photometric?.endsWith('-is-zero') : samples === 3 && /^(rgb|ycbcr)$/.test(photometric ?? '');
  if (!sample || !fits || (samples === 3 && sample !== 'uint8')) {
    const bits = `${data.number(tag.bitsStored)} bits in ${data.number(tag.bitsAllocated)}`;
    throw refuse(`a pixel has ${samples} samples of ${bits}, ${named}`, 'zflat reads 8-bit RGB and 8- or 16-bit grey');
  }
  if (codec === 'raw' && photometric === 'ycbcr') throw refuse('uncompressed frames in YCbCr', 'save them as RGB');
  if (codec === 'raw' && samples === 3 && data.number(tag.planarConfiguration) === 1) {
    throw refuse('red, green and blue are stored as separate images', 'save it with interleaved samples');
  }
  return {
    ...tile,
    channels: samples === 3 ? 3 : 1,
    sample,
    codec,
    photometric: photometric as Photometric,
    predictor: 1,
    bigEndian: false,
    subsampling: [1, 1],
  };
}

/** Samples that fill their bits from the lowest: 8 bits, or 9 to 16 in two bytes. */
function sampleType(data: DataSet, codec: CodecName): SampleType | undefined {
  const allocated = data.number(tag.bitsAllocated);
  const stored = data.number(tag.bitsStored) ?? allocated;
  const high = data.number(tag.highBit) ?? (stored ?? 0) - 1;
  const signed = data.number(tag.pixelRepresentation) === 1;
  if (stored === undefined || high !== stored - 1) return undefined;
  if (allocated === 8 && stored === 8) return codec === 'jpeg' && signed ? undefined : signed ? 'int8' : 'uint8';
  if (allocated !== 16 || codec === 'jpeg' || stored <= 8 || stored > 16) return undefined;
  // Signed samples of fewer bits would have to be extended.
  return signed ? (stored === 16 ? 'int16' : undefined) : 'uint16';
}
