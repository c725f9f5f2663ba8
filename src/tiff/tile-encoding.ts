// What a directory's tags say of how its tiles are stored, both ways: read into a TileEncoding, and written from one.
import { SlideError } from '../errors.js';
import type { CodecName, Photometric, TileEncoding } from '../slide/encoded-tile.js';
import type { PixelFormat, SampleType } from '../slide/raster.js';
import { compressionCodes, compressionNames } from './tags.js';
import type { TiffDirectory } from './tiff-directory.js';

const photometricCodes: Record<Photometric, number> = { 'white-is-zero': 0, 'black-is-zero': 1, rgb: 2, ycbcr: 6 };

/** How the tiles (or strips) of a directory are stored; `unsupported`, saying what and why, where zflat can't read them. */
export function tileEncoding(directory: TiffDirectory): TileEncoding {
  const { chunks, file, predictor, planarConfiguration, samplesPerPixel } = directory;
  const refuse = (problem: string, hint: string) => new SlideError('unsupported', problem, { file, hint });
  const codec = codecOf(directory.compression);
  if (!codec) {
    const name = compressionNames[directory.compression] ?? `code ${directory.compression}`;
    throw refuse(
      `tiles are compressed as ${name}`,
      'zflat reads JPEG, JPEG 2000, deflate, LZW, zstd and uncompressed tiles',
    );
  }
  if (planarConfiguration === 2 && samplesPerPixel > 1) {
    throw refuse('red, green and blue are stored as separate images', 'save it with interleaved samples');
  }
  const pixel = pixelFormat(directory);
  if (!pixel) {
    const { bitsPerSample, sampleFormat } = directory;
    const kind = ['', 'unsigned', 'signed', 'floating point'][sampleFormat] ?? 'unknown';
    const found = `${samplesPerPixel} ${kind} samples of ${bitsPerSample[0]} bits`;
    throw refuse(`a pixel has ${found}`, 'zflat reads 8-bit RGB and 8- or 16-bit grey');
  }
  if (codec === 'jpeg2000' && pixel.sample !== 'uint8') {
    throw refuse(`tiles are JPEG 2000 of ${pixel.sample} samples`, 'zflat reads JPEG 2000 of 8 bits');
  }
  const photometric = photometricOf(directory, codec, pixel);
  if (!photometric) {
    throw refuse(`pixels are stored as photometric ${directory.photometric}`, 'zflat reads grey, RGB and YCbCr');
  }
  if (predictor !== 1 && predictor !== 2) {
    throw refuse(`tiles use predictor ${predictor}`, 'zflat reads none and horizontal differences');
  }
  return {
    width: chunks.width,
    height: chunks.height,
    ...pixel,
    codec,
    photometric,
    predictor: codec === 'jpeg' || codec === 'jpeg2000' || codec === 'raw' ? 1 : predictor,
    bigEndian: directory.bigEndian && pixel.sample.endsWith('16'),
    subsampling: photometric === 'ycbcr' && codec === 'jpeg' ? directory.subsampling : [1, 1],
    jpegTables: codec === 'jpeg' ? directory.jpegTables : undefined,
  };
}

/** The values of the tags that say how tiles are stored; undefined where the tag is left out. */
export function encodingTags(encoding: TileEncoding) {
  const { codec, photometric, channels, sample, predictor, subsampling, jpegTables } = encoding;
  const bits = sample.endsWith('16') ? 16 : 8;
  return {
    compression: codec === 'jpeg2000' ? jpeg2000Code(encoding) : compressionCodes[codec][0],
    photometric: photometricCodes[photometric],
    bitsPerSample: Array<number>(channels).fill(bits),
    samplesPerPixel: channels,
    sampleFormat: Array<number>(channels).fill(sample.startsWith('u') ? 1 : 2),
    predictor: predictor === 2 ? [2] : undefined,
    subsampling: photometric === 'ycbcr' ? subsampling : undefined,
    jpegTables,
  };
}

/** Aperio's codes tell whether colours are YCbCr or RGB (after the codestream's own transform); grey has the code of all others. */
function jpeg2000Code({ photometric, channels }: TileEncoding): number {
  if (channels === 1) return 34712;
  return photometric === 'ycbcr' ? 33003 : 33005;
}

function codecOf(compression: number): CodecName | undefined {
  const entry = Object.entries(compressionCodes).find(([, codes]) =>
    (codes as readonly number[]).includes(compression),
  );
  return entry?.[0] as CodecName | undefined;
}

function pixelFormat({ samplesPerPixel, bitsPerSample, sampleFormat }: TiffDirectory): PixelFormat | undefined {
  const [bits] = bitsPerSample;
  const known = (bits === 8 || bits === 16) && (sampleFormat === 1 || sampleFormat === 2 || sampleFormat === 4);
  if (!known || bitsPerSample.some((other) => other !== bits)) return undefined;
  const sample = `${sampleFormat === 2 ? 'int' : 'uint'}${bits}` as SampleType;
  if (samplesPerPixel === 1) return { channels: 1, sample };
  return samplesPerPixel === 3 && sample === 'uint8' ? { channels: 3, sample } : undefined;
}

function photometricOf(
  { photometric, compression }: TiffDirectory,
  codec: CodecName,
  pixel: PixelFormat,
): Photometric | undefined {
  if (pixel.channels === 1)
    return photometric === 0 ? 'white-is-zero' : photometric === 1 ? 'black-is-zero' : undefined;
  // The code says more than the tag, which readers of these codes ignore.
  if (codec === 'jpeg2000') return compression === 33003 ? 'ycbcr' : 'rgb';
  if (photometric === 2) return 'rgb';
  return photometric === 6 && codec === 'jpeg' ? 'ycbcr' : undefined;
}
