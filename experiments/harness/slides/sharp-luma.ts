// What a synthetic slide would show with everything in focus, without noise or loss.
import type { SynthesizeOptions } from '../../../src/api/synthesize-slide.js';
import { halveRaster, type Luma, lumaOf, pasteRaster, type Raster } from '../../../src/slide/raster.js';
import { createSynthSlide } from '../../../src/synth/synth-slide.js';
import { cached } from '../record/cached.js';

/** The whole picture in colour at a level, kept once made; level 0 has sides that halve without rest. */
export async function sharpPicture(name: string, recipe: SynthesizeOptions, level: number): Promise<Raster> {
  if (level > 0) return halveRaster(await sharpPicture(name, recipe, level - 1));
  return cached(`truths/${name}.sharp`, async () => {
    const scene = await createSynthSlide({ ...recipe, noise: 0 });
    const { width, height, tileWidth, tileHeight, columns, rows } = scene.grid;
    const whole: Raster = { width, height, channels: 3, sample: 'uint8', data: new Uint8Array(width * height * 3) };
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        const [x, y] = [column * tileWidth, row * tileHeight];
        const shown = { x: 0, y: 0, width: Math.min(tileWidth, width - x), height: Math.min(tileHeight, height - y) };
        pasteRaster(whole, x, y, scene.renderSharpTile(row, column), shown);
      }
    }
    return whole;
  });
}

export async function sharpLuma(name: string, recipe: SynthesizeOptions, level: number): Promise<Luma> {
  return lumaOf(await sharpPicture(name, recipe, level));
}
