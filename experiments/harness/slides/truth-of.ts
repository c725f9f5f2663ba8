// The true plane of every tile of a synthetic slide, as its recipe knows it.
import { readFile } from 'node:fs/promises';
import { createSynthSlide, type SlideTruth } from '../../../src/synth/synth-slide.js';
import { cached } from '../record/cached.js';
import type { ExperimentSlide } from './slides.js';

/** Undefined for slides without a recipe. */
export async function truthOf({ name, recipe }: ExperimentSlide): Promise<SlideTruth | undefined> {
  return recipe && cached(`truth/${name}.truth`, async () => (await createSynthSlide(recipe)).trueDepth());
}

/** The truth of ../shared/data/synthetic-gravel, which another program made. */
export async function truthFromJson(path: string, planeCount: number): Promise<SlideTruth> {
  const { columns, rows, best, tissue } = JSON.parse(await readFile(path, 'utf8')) as {
    columns: number;
    rows: number;
    best: number[];
    tissue: number[];
  };
  return { columns, rows, planeCount, planes: Int16Array.from(best), tissue: Float32Array.from(tissue) };
}

/**
 * Squared error of every plane to the picture with everything in focus, both without noise, [tile][plane]; NaN on tiles that show
 * `leastTissue` specimen or less.
 */
export async function errorsOf({ name, recipe }: ExperimentSlide, truth: SlideTruth, leastTissue: number) {
  if (!recipe) return undefined;
  return cached(`truth/${name}.errors`, async () => {
    const scene = await createSynthSlide({ ...recipe, noise: 0 });
    const { planeCount, columns, tissue } = truth;
    const errors = new Float64Array(tissue.length * planeCount).fill(Number.NaN);
    for (const [tile, share] of tissue.entries()) {
      if (share <= leastTissue) continue;
      const [row, column] = [Math.floor(tile / columns), tile % columns];
      const sharp = scene.renderSharpTile(row, column).data;
      for (let plane = 0; plane < planeCount; plane++) {
        const { data } = scene.renderTile(plane, row, column);
        let error = 0;
        for (let i = 0; i < data.length; i++) error += (data[i] - sharp[i]) ** 2;
        errors[tile * planeCount + plane] = error;
      }
    }
    return errors;
  });
}
