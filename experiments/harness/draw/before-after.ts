// A region of one plane of a slide beside the same region of flattened slides, and a heatmap of the whole: the picture of the README.
import sharp, { type SharpOptions } from 'sharp';

export type Region = { readonly left: number; readonly top: number; readonly width: number; readonly height: number };

const gap = 12;

/** `page`: of the plane to show, where the slide is one TIFF. Writes a PNG. */
export async function drawBeforeAfter(
  slide: string,
  page: number,
  flattened: readonly string[],
  heatmap: string,
  region: Region,
  output: string,
): Promise<void> {
  const crop = (input: string, options: SharpOptions = {}) =>
    sharp(input, { limitInputPixels: false, ...options })
      .extract(region)
      .removeAlpha()
      .png()
      .toBuffer();
  const { width, height } = region;
  const map = await sharp(heatmap).resize({ height, fit: 'inside' }).png().toBuffer({ resolveWithObject: true });
  const parts = [await crop(slide, { page }), ...(await Promise.all(flattened.map((file) => crop(file)))), map.data];
  const left = (i: number) => i * (width + gap);
  await sharp({
    create: { width: left(parts.length - 1) + map.info.width, height, channels: 3, background: 'white' },
  })
    .composite(parts.map((input, i) => ({ input, left: left(i), top: 0 })))
    .png({ palette: true, colours: 200 })
    .toFile(output);
}
