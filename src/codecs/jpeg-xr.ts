// JPEG XR pictures (ITU-T T.832), by Microsoft's library in WebAssembly: 11.6 ms for 512 x 512 pixels. Only sub-blocks of CZI files are
// stored so; they are decoded as a whole.
import { createRequire } from 'node:module';
import { SlideError } from '../errors.js';
import type { Size } from '../slide/geometry.js';
import { type PixelFormat, type Raster, samplesOf } from '../slide/raster.js';

type Decoded = Size & {
  readonly pixelInfo: { readonly bitsPerPixel: number; readonly bgr: boolean };
  readonly bytes: Uint8Array;
};

type Decoder = { decode(bytes: Uint8Array): Decoded };
type Start = (settings: { print: () => void; printErr: () => void }) => Promise<Decoder>;

/** The container has a directory as TIFF has (T.832, annex A), in which this tag says where the codestream begins. */
const imageOffsetTag = 0xbcc0;
/** What a codestream begins with; a byte of versions, three of flags, then its size (T.832, IMAGE_HEADER). */
const signature = 'WMPHOTO\0';
/** A container of one or two pictures has a dozen entries. */
const maxEntries = 256;

let ready: Promise<Decoder> | undefined;

/** The picture, which must be of this size and kind; `damaged` where it is not, or can't be decoded. */
export async function decodeJpegXr(bytes: Uint8Array, size: Size, format: PixelFormat): Promise<Raster> {
  checkSize(codedSize(bytes), size);
  ready ??= start();
  const decoder = await ready;
  let decoded: Decoded;
  try {
    decoded = decoder.decode(bytes);
  } catch (cause) {
    // What a damaged stream left of its memory is not known: the next picture gets a new decoder.
    ready = undefined;
    throw new SlideError('damaged', 'the JPEG XR stream is damaged or cut short', { cause });
  }
  checkSize(decoded, size);
  const bits = format.channels * (format.sample === 'uint16' ? 16 : 8);
  const { bitsPerPixel, bgr } = decoded.pixelInfo;
  if (bitsPerPixel !== bits) {
    throw new SlideError('damaged', `expected ${bits} bits a pixel, the JPEG XR stream has ${bitsPerPixel}`);
  }
  if (bgr) swapRedAndBlue(decoded.bytes);
  return { ...size, channels: format.channels, sample: format.sample, data: samplesOf(format.sample, decoded.bytes) };
}

/** Blue, green, red becomes red, green, blue, and the other way round, in place. */
export function swapRedAndBlue(samples: Uint8Array): void {
  for (let i = 0; i + 2 < samples.length; i += 3) {
    const first = samples[i];
    samples[i] = samples[i + 2];
    samples[i + 2] = first;
  }
}

async function start(): Promise<Decoder> {
  const create = createRequire(import.meta.url)('jpegxr') as Start;
  const events = ['uncaughtException', 'unhandledRejection'] as const;
  const before = events.map((event) => new Set<unknown>(process.listeners(event as 'uncaughtException')));
  const starting = create({ print: () => {}, printErr: () => {} });
  // It takes over errors of the whole process, which are none of its business.
  for (const [i, event] of events.entries()) {
    for (const listener of process.listeners(event as 'uncaughtException')) {
      if (!before[i].has(listener)) process.off(event, listener);
    }
  }
  return starting;
}

/** The size in the header of the codestream, known before room is made for the pixels. */
function codedSize(bytes: Uint8Array): Size {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  try {
    const at = codestream(view);
    const long = (view.getUint8(at + 10) & 0x80) === 0;
    const side = (index: number) =>
      1 + (long ? view.getUint32(at + 12 + 4 * index) : view.getUint16(at + 12 + 2 * index));
    return { width: side(0), height: side(1) };
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new SlideError('damaged', 'the JPEG XR stream ends in its header', { cause });
  }
}

/** Where the codestream begins; some writers leave the container out. */
function codestream(view: DataView): number {
  let at = 0;
  if (view.getUint16(0, true) === 0x4949 && view.getUint8(2) === 0xbc) {
    const directory = view.getUint32(4, true);
    const entries = Math.min(view.getUint16(directory, true), maxEntries);
    for (let entry = directory + 2; entry < directory + 2 + 12 * entries; entry += 12) {
      if (view.getUint16(entry, true) === imageOffsetTag) at = view.getUint32(entry + 8, true);
    }
  }
  const found = Array.from(signature, (_, i) => String.fromCharCode(view.getUint8(at + i))).join('');
  if (found !== signature) throw new SlideError('damaged', 'is no JPEG XR stream');
  return at;
}

function checkSize(found: Size, { width, height }: Size): void {
  if (found.width === width && found.height === height) return;
  const problem = `expected a JPEG XR picture of ${width} x ${height} pixels, got ${found.width} x ${found.height}`;
  throw new SlideError('damaged', problem);
}
