// JPEG 2000 tiles (ITU-T T.800), by OpenJPEG (WebAssembly, 8 to 30 ms a tile of 256 pixels): sharp's libvips has none. OpenJPEG says
// only by messages that a stream is damaged, and keeps the pixels before: each tile has a decoder of its own, and messages are heard.
import { createRequire } from 'node:module';
import { SlideError } from '../errors.js';
import type { EncodedTile, TileEncoding } from '../slide/encoded-tile.js';
import type { Raster } from '../slide/raster.js';
import { checkCodestream } from './codestream.js';

type Decoder = {
  getEncodedBuffer(length: number): Uint8Array;
  decode(): void;
  getFrameInfo(): {
    readonly width: number;
    readonly height: number;
    readonly componentCount: number;
    readonly bitsPerSample: number;
    readonly isSigned: boolean;
  };
  /** A view of its memory, gone with it. */
  getDecodedBuffer(): Uint8Array;
  delete(): void;
};
type OpenJpeg = { readonly J2KDecoder: new () => Decoder };
type Listeners = { readonly print: (text: string) => void; readonly printErr: (text: string) => void };

const said: string[] = [];
let ready: Promise<OpenJpeg> | undefined;

/** RGB or grey pixels of a tile; `damaged` where its stream is not a whole one of the tile's size. */
export async function decodeJpeg2000({ bytes, encoding }: EncodedTile): Promise<Raster> {
  checkCodestream(bytes, encoding);
  ready ??= start();
  const { width, height, channels } = encoding;
  const data = decode(await ready, bytes, encoding);
  if (encoding.photometric === 'ycbcr') convertToRgb(data);
  return { width, height, channels, sample: 'uint8', data };
}

function start(): Promise<OpenJpeg> {
  const create = createRequire(import.meta.url)('@cornerstonejs/codec-openjpeg/decodewasmjs');
  const listen = (text: string) => {
    if (!text.includes('[INFO]')) said.push(text);
  };
  return (create as (listeners: Listeners) => Promise<OpenJpeg>)({ print: listen, printErr: listen });
}

function decode(library: OpenJpeg, bytes: Uint8Array, { width, height, channels }: TileEncoding): Uint8Array {
  said.length = 0;
  try {
    const decoder = new library.J2KDecoder();
    decoder.getEncodedBuffer(bytes.length).set(bytes);
    decoder.decode();
    const { componentCount, bitsPerSample, isSigned, ...size } = decoder.getFrameInfo();
    const whole = size.width === width && size.height === height && componentCount === channels;
    const data = whole && bitsPerSample === 8 && !isSigned ? Uint8Array.from(decoder.getDecodedBuffer()) : undefined;
    decoder.delete();
    if (said.length === 0 && data?.length === width * height * channels) return data;
  } catch (error) {
    // Whatever is thrown leaves the library's memory as it was in the middle: the next tile gets another.
    ready = undefined;
    if (!said.length) said.push(String((error as Error)?.message ?? error));
  }
  throw new SlideError(
    'damaged',
    `the JPEG 2000 stream is damaged: ${said.find((text) => text.trim() !== '') ?? 'it has no pixels'}`,
  );
}

/** YCbCr to RGB, in place (ITU-R BT.601, full range, as in T.871). */
function convertToRgb(data: Uint8Array): void {
  const clamp = (value: number) => Math.max(0, Math.min(255, Math.round(value)));
  for (let i = 0; i < data.length; i += 3) {
    const [y, cb, cr] = [data[i], data[i + 1] - 128, data[i + 2] - 128];
    data[i] = clamp(y + 1.402 * cr);
    data[i + 1] = clamp(y - 0.344136 * cb - 0.714136 * cr);
    data[i + 2] = clamp(y + 1.772 * cb);
  }
}
