import { expect, test, vi } from 'vitest';
import { createSynthSlide, type SynthSlide } from '../../src/synth/synth-slide.js';

vi.setConfig({ testTimeout: 120_000 });

/** The oracle: every plane rendered and compared. */
function planeOfLeastError(slide: SynthSlide, row: number, column: number): number {
  const sharp = slide.renderSharpTile(row, column).data;
  const errors = slide.planes.map(({ plane }) => {
    const seen = slide.renderTile(plane, row, column).data;
    let error = 0;
    for (let i = 0; i < seen.length; i++) error += (seen[i] - sharp[i]) ** 2;
    return error;
  });
  return errors.indexOf(Math.min(...errors));
}

test.each(['gravel', 'step', 'layers'] as const)(
  'on %s the truth should be the plane with least error to the picture with all in focus',
  async (terrain) => {
    const slide = await createSynthSlide({ terrain, width: 1280, height: 1024, planeCount: 5, noise: 0, seed: 41 });
    let specimen = 0;
    for (let row = 0; row < slide.grid.rows; row++) {
      for (let column = 0; column < slide.grid.columns; column++) {
        const { plane } = slide.tileTruth(row, column);
        if (plane === undefined) continue;
        specimen++;
        expect(plane).toBe(planeOfLeastError(slide, row, column));
      }
    }
    expect(specimen).toBeGreaterThan(8);
  },
);

test('noise should not change the truth', async () => {
  const options = { terrain: 'gravel', width: 1024, height: 1024, planeCount: 5, seed: 42 } as const;
  const clean = (await createSynthSlide({ ...options, noise: 0 })).trueDepth();
  const noisy = (await createSynthSlide({ ...options, noise: 20 })).trueDepth();
  expect(noisy).toEqual(clean);
});

test('at the edge only the part inside the slide should count', async () => {
  const small = await createSynthSlide({ terrain: 'gravel', width: 1024, height: 1024, tileSize: 1024, seed: 43 });
  const parts = await createSynthSlide({ terrain: 'gravel', width: 1024, height: 1024, tileSize: 256, seed: 43 });
  const padded = await createSynthSlide({ terrain: 'gravel', width: 1024, height: 1024, tileSize: 2048, seed: 43 });
  expect(padded.tileTruth(0, 0)).toEqual(small.tileTruth(0, 0));
  const { tissue } = parts.trueDepth();
  const mean = tissue.reduce((sum, value) => sum + value, 0) / tissue.length;
  expect(mean).toBeGreaterThan(0.01);
  expect(small.tileTruth(0, 0).tissue).toBeCloseTo(mean, 6);
});
