// Pictures that stand for themselves, as servers send them: what kind they are of, how large, and their pixels.

import { SlideError } from '../errors.js';
import { readJpegFrame } from '../jpeg/frame.js';
import type { Size } from '../slide/geometry.js';
import type { Raster } from '../slide/raster.js';
import { loadSharp } from '../system/load-sharp.js';

export type PictureFacts = Size & { readonly kind: 'jpeg' | 'png'; readonly channels: 1 | 3 };

const pngSignature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** Reads the header alone, so that nothing is decoded that is larger than it should be; `damaged` where there is none. */
export function readPictureFacts(bytes: Uint8Array): PictureFacts {
  if (bytes[0] === 0xff && bytes[1] === 0xd8) {
    const { width, height, components } = readJpegFrame(bytes);
    if (components !== 1 && components !== 3) throw refuse(`is a JPEG picture of ${components} components`);
    return { kind: 'jpeg', width, height, channels: components };
  }
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (buffer.length >= 26 && buffer.subarray(0, 8).equals(pngSignature)) {
    // ISO/IEC 15948, 11.2.2: width, height, bits of a sample, and whether there is colour.
    const [depth, colour] = [buffer[24], buffer[25]];
    if (depth > 8) throw refuse(`is a PNG picture of ${depth}-bit samples`);
    return {
      kind: 'png',
      width: buffer.readUInt32BE(16),
      height: buffer.readUInt32BE(20),
      channels: colour & 2 ? 3 : 1,
    };
  }
  const start = buffer.subarray(0, 1024).toString('latin1').trimStart();
  const what = start === '' ? 'is empty' : start.startsWith('<') ? 'is a web page or XML' : 'is no JPEG or PNG picture';
  throw new SlideError('unreadable', `what should be a tile ${what}`, { hint: 'open its address in a browser' });
}

/**
 * The pixels of a picture whose facts were read, in grey or colour whichever it is stored in. By sharp, whose exact DCT shifts no colour
 * of what will be encoded once more; the fast one of codecs/jpeg.ts, for scores, is off by two values on even glass.
 */
export async function decodePicture(
  bytes: Uint8Array,
  { width, height, channels: own }: PictureFacts,
  channels: 1 | 3,
): Promise<Raster> {
  if (own === 3 && channels === 1) throw refuse('is in colour, where others of the plane are grey');
  const sharp = await loadSharp();
  const { data } = await sharp(bytes, { limitInputPixels: width * height, failOn: 'warning', ignoreIcc: true })
    .removeAlpha()
    .toColourspace(channels === 1 ? 'b-w' : 'srgb')
    .raw()
    .toBuffer({ resolveWithObject: true })
    .catch((cause: Error) => {
      throw new SlideError('damaged', `a picture can't be decoded: ${cause.message.trim().split('\n')[0]}`, { cause });
    });
  if (data.length !== width * height * channels)
    throw new SlideError('damaged', 'a picture contradicts its own header');
  return { width, height, channels, sample: 'uint8', data };
}

function refuse(problem: string): SlideError {
  return new SlideError('unsupported', `a tile ${problem}`, { hint: 'zflat reads tiles of 8-bit RGB or grey' });
}
