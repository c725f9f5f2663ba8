// How the tiles of one level of the result are stored: as the source stores them wherever that can be kept up for the whole level.
import { canEncode } from '../codecs/codec.js';
import { locating } from '../errors.js';
import { type JpegFrame, readJpegFrame } from '../jpeg/frame.js';
import { type JpegHeader, parseJpegHeader } from '../jpeg/header.js';
import { estimateQuality } from '../jpeg/quality.js';
import { differenceOf } from '../jpeg/quilt-tile.js';
import { unreadableCoding } from '../jpeg/scan-layout.js';
import type { EncodedTile, TileEncoding } from '../slide/encoded-tile.js';
import type { Level } from '../slide/pyramid.js';
import type { SlideSource } from '../slide/slide-source.js';
import { tileCount } from '../slide/tile-grid.js';
import type { TileCheck } from '../slide/tile-run.js';
import { tileCheck } from './tile-check.js';

/** Why a tile could not be copied, nor put together without being encoded. */
export type EncodeReason =
  | 'mixed planes' // its part of the map names several planes, which can't be quilted
  | 'planes stored without tiles'
  | 'planes stored differently' // in codec, photometry or sampling
  | 'codec is only read'
  | 'samples stored high byte first'
  | 'level missing in the source'
  | 'tile missing in the source';

/** What a level has to store beside tiles of one plane. */
export type LevelNeeds = { readonly mixed: boolean; readonly missing: boolean };

export type LevelStorage = {
  readonly encoding: TileEncoding;
  /** Of JPEG tiles that have to be encoded, 1 to 100. */
  readonly quality: number;
  /** Set where no tile of the level can be copied. */
  readonly obstacle: EncodeReason | undefined;
  /** Planes can be mixed MCU by MCU. */
  readonly quiltable: boolean;
  /** Of tiles that are to be copied. */
  readonly check: TileCheck;
};

/** Quality of JPEG tiles whose source gives none to go by: above it, files grow faster than differences shrink. */
const fallbackQuality = 95;

/** DC differences of 8-bit samples have 0 to 11 bits (T.81, table F.1): with a code for each, any two MCUs can be neighbours. */
const dcCategories = 12;

/**
 * Chooses for the level as a whole: its directory has one codec, one photometry, one set of shared tables. `wanted` is the quality of what
 * must be encoded, where somebody chose one.
 */
export async function chooseStorage(
  source: SlideSource,
  level: Level,
  needs: LevelNeeds,
  wanted?: number,
): Promise<LevelStorage> {
  const { retiled, planes } = source.info;
  const encodings = planes.map(({ plane }) => source.tileEncoding(level.level, plane));
  const [first] = encodings;
  const samples = first.codec === 'jpeg' && !retiled ? await sampleJpegs(source, level) : [];
  const quiltable = samples.length > 0 && samples.every(({ header }) => canMix(header, samples[0].header));
  const anyEncoded = needs.missing || (needs.mixed && !quiltable);
  const obstacle: EncodeReason | undefined = retiled
    ? 'planes stored without tiles'
    : encodings.some((encoding) => !storedAlike(first, encoding))
      ? 'planes stored differently'
      : first.bigEndian
        ? 'samples stored high byte first'
        : anyEncoded && !writable(first)
          ? 'codec is only read'
          : undefined;
  const quality = wanted ?? (samples.length > 0 ? estimateQuality(samples[0].header) : fallbackQuality);
  const check = () => undefined;
  if (obstacle)
    return { encoding: nearestWritable(first, retiled === 'lossy'), quality, obstacle, quiltable: false, check };

  // Tables of a complete stream would stay in a decoder's memory and spoil the abbreviated tile after it: one kind a level.
  const alike = encodings.every(({ jpegTables }) => sameBytes(jpegTables, first.jpegTables));
  const shared = alike && !anyEncoded && (!needs.mixed || samples.every(({ header }) => hasAllDcCodes(header)));
  const encoding = {
    ...first,
    jpegTables: shared ? first.jpegTables : undefined,
    // Tags are often wrong about it.
    subsampling: samples.length > 0 && first.photometric === 'ycbcr' ? samples[0].frame.subsampling : first.subsampling,
  };
  return { encoding, quality, obstacle, quiltable, check: tileCheck(encoding) };
}

/** JPEG encoders write no RGB. */
export function writable({ codec, photometric }: TileEncoding): boolean {
  return canEncode(codec) && !(codec === 'jpeg' && photometric === 'rgb');
}

/** An encoding for the same pixels that zflat can write: lossless, unless the source was not. */
export function nearestWritable(encoding: TileEncoding, lossy: boolean): TileEncoding {
  const stored = { ...encoding, bigEndian: false, jpegTables: undefined };
  if (lossy || encoding.codec === 'jpeg' || encoding.codec === 'jpeg2000') {
    const photometric = encoding.channels === 3 ? 'ycbcr' : encoding.photometric;
    return { ...stored, codec: 'jpeg', photometric, predictor: 1, subsampling: [1, 1] };
  }
  return { ...stored, codec: 'deflate', predictor: 2 };
}

function storedAlike(a: TileEncoding, b: TileEncoding): boolean {
  return (
    a.codec === b.codec &&
    a.photometric === b.photometric &&
    a.predictor === b.predictor &&
    a.bigEndian === b.bigEndian &&
    String(a.subsampling) === String(b.subsampling)
  );
}

function canMix(a: JpegHeader, b: JpegHeader): boolean {
  return unreadableCoding(a) === undefined && unreadableCoding(b) === undefined && differenceOf(a, b) === undefined;
}

function hasAllDcCodes({ components }: JpegHeader): boolean {
  return components.every(({ dcTable }) => new Set(dcTable?.symbols).size >= dcCategories);
}

type JpegSample = { readonly header: JpegHeader; readonly frame: JpegFrame };

/** What the first tile that each plane has at the level says of itself. */
async function sampleJpegs(source: SlideSource, { level, grid }: Level): Promise<JpegSample[]> {
  const samples: JpegSample[] = [];
  for (const { plane } of source.info.planes) {
    for (let index = 0; index < tileCount(grid); index++) {
      const address = { level, plane, row: Math.floor(index / grid.columns), column: index % grid.columns };
      if (!source.hasTile(address)) continue;
      const { bytes, encoding } = (await source.readTile(address)) as EncodedTile;
      const read = () => ({ header: parseJpegHeader(bytes, encoding.jpegTables), frame: readJpegFrame(bytes) });
      samples.push(await locating({ file: source.fileOf(plane), ...address }, read));
      break;
    }
  }
  return samples;
}

/** Equal bytes, or both missing. */
export function sameBytes(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  return a === b || (a !== undefined && b !== undefined && Buffer.compare(a, b) === 0);
}
