// A picture of tissue as densities: what sharp reads (PNG, JPEG, TIFF ...), transparency on white.
import sharp from 'sharp';
import { SlideError } from '../errors.js';
import type { Size } from '../slide/geometry.js';
import { glassColour } from './sensor.js';

/** Red, green and blue density of every pixel. */
export type Picture = Size & { readonly density: Float32Array };

/** The middle of the picture, `leastSide` (less is refused) to `greatestSide` pixels wide and high. */
export async function readPicture(file: string, leastSide: number, greatestSide: number): Promise<Picture> {
  const { data, info } = await sharp(file)
    .flatten({ background: '#ffffff' })
    .toColourspace('srgb')
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
    .catch((cause: unknown) => {
      throw new SlideError('unreadable', 'can not read this picture as a texture', { file, cause });
    });
  if (Math.min(info.width, info.height) < leastSide) {
    throw new SlideError(
      'unsupported',
      `expected a texture of ${leastSide} x ${leastSide} pixels or more, got ${info.width} x ${info.height}`,
      { file },
    );
  }
  const width = Math.min(info.width, greatestSide);
  const height = Math.min(info.height, greatestSide);
  const left = (info.width - width) >> 1;
  const top = (info.height - height) >> 1;
  const density = new Float32Array(width * height * 3);
  let to = 0;
  for (let y = top; y < top + height; y++) {
    for (let x = left; x < left + width; x++) {
      for (let channel = 0; channel < 3; channel++) {
        const value = data[(y * info.width + x) * info.channels + channel];
        density[to++] = Math.max(0, Math.log(glassColour[channel] / (value + 0.5)));
      }
    }
  }
  return { width, height, density };
}
