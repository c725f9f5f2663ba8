// A picture of tissue as densities: what sharp reads (PNG, JPEG, TIFF ...), transparency on white.

import { SlideError } from '../errors.js';
import type { Size } from '../slide/geometry.js';
import { loadSharp } from '../system/load-sharp.js';
import { glassColour } from './sensor.js';

/** Red, green and blue density of every pixel. */
export type Picture = Size & { readonly density: Float32Array };

/** The middle of the picture, `leastSide` (less is refused) to `greatestSide` pixels wide and high. */
export async function readPicture(file: string, leastSide: number, greatestSide: number): Promise<Picture> {
  const unreadable = (cause: unknown) => {
    throw new SlideError('unreadable', 'can not read this picture as a texture', { file, cause });
  };
  const sharp = await loadSharp();
  const whole = await sharp(file).metadata().catch(unreadable);
  if (Math.min(whole.width, whole.height) < leastSide) {
    const size = `${whole.width} x ${whole.height}`;
    throw new SlideError(
      'unsupported',
      `expected a texture of ${leastSide} x ${leastSide} pixels or more, got ${size}`,
      {
        file,
      },
    );
  }
  const width = Math.min(whole.width, greatestSide);
  const height = Math.min(whole.height, greatestSide);
  const data = await sharp(file)
    .extract({ left: (whole.width - width) >> 1, top: (whole.height - height) >> 1, width, height })
    .flatten({ background: '#ffffff' })
    .toColourspace('srgb')
    .raw()
    .toBuffer()
    .catch(unreadable);
  const density = new Float32Array(width * height * 3);
  for (let i = 0; i < density.length; i++) density[i] = Math.max(0, Math.log(glassColour[i % 3] / (data[i] + 0.5)));
  return { width, height, density };
}
