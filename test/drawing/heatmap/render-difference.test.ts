import { describe, expect, it } from 'vitest';
import { renderDifference } from '../../../src/drawing/heatmap/render-difference.js';
import { decodePicture, expectGoldenPicture } from '../../golden-picture.js';
import { sampleSlide, seededNumbers } from './sample-slides.js';

const slide = sampleSlide({
  width: 24 * 256 - 90,
  height: 8 * 256,
  tile: 256,
  planes: 7,
  clumps: 20,
  largest: 0.12,
  thumbnailWidth: 14,
});
const words = { title: 'sample.ome.tiff', facts: ['adaptive against exhaustive'] };

describe('renderDifference', () => {
  it('should look as it did', async () => {
    const next = seededNumbers(3);
    const planes = slide.map.planes.map((plane) => {
      const luck = next();
      return luck < 0.03 ? (plane + 4) % 7 : luck < 0.12 ? Math.max(0, plane - 1) : plane;
    });
    const content = slide.map.confidence.map((confidence) => Number(confidence > 0.5));
    const reference = { ...slide.map, planes };
    await expectGoldenPicture('difference', await renderDifference({ ...slide, ...words, reference, content }));
  });

  it('should not change with the direction of the difference, nor on tiles without content', async () => {
    const { map } = slide;
    const higher = { ...map, planes: map.planes.map((plane, tile) => plane + (tile % 4)) };
    const pixels = async (input: Partial<Parameters<typeof renderDifference>[0]>) =>
      (await decodePicture(await renderDifference({ ...slide, ...words, reference: map, ...input }))).data;
    const differing = await pixels({ reference: higher });
    expect(differing.equals(await pixels({ map: higher }))).toBe(true);
    expect(differing.equals(await pixels({}))).toBe(false);
    const content = Uint8Array.from(map.planes, (_, tile) => Number(tile % 4 === 0));
    const elsewhere = await pixels({ reference: higher, content });
    expect(elsewhere.equals(await pixels({ content }))).toBe(true);
  });

  it('should refuse maps of different grids', async () => {
    const reference = { ...slide.map, columns: 12, rows: 28 };
    await expect(renderDifference({ ...slide, ...words, reference })).rejects.toThrow(/12 x 28/);
  });
});
