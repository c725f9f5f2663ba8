// Comparisons: whatever a method scores by, it is judged by the judge, and its audit by its own measure.
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compareMethods } from '../../../src/api/compare/compare-methods.js';
import { planSlide } from '../../../src/api/plan-slide.js';
import { synthesizeSlide } from '../../../src/api/synthesize-slide.js';
import { flattenSlide } from '../../../src/flatten-slide.js';
import type { FocusMeasureName } from '../../../src/focus/focus-measure.js';
import { bestPlane, exactAccuracy } from '../../../src/planner/contract/accuracy.js';
import { contentMask } from '../../../src/planner/contract/content.js';
import { openSlide } from '../../../src/slide-source/open-slide.js';
import { temporaryFolder } from '../../cli/run-zflat.js';

const { folder, remove } = temporaryFolder();
const slide = `${folder}/smear.ome.tiff`;
const at = (name: string) => `${folder}/${name}`;
const planeCount = 5;

beforeAll(async () => {
  await synthesizeSlide(slide, { width: 1024, height: 1024, tileSize: 64, planeCount, clumpDensity: 3, seed: 5 });
});
afterAll(remove);

/** All scores by a measure: [tile][plane]. */
async function scoresBy(measure: FocusMeasureName): Promise<Float64Array> {
  const source = await openSlide(slide);
  try {
    return (await planSlide(source, { method: 'exhaustive', measure })).outcome.scores;
  } finally {
    await source.close();
  }
}

describe('a comparison', () => {
  it('should always be judged by the judge, and its audit by the measure that it audits by', async () => {
    const { report, maps } = await compareMethods(slide, { measure: 'brenner', judge: 'box-difference', seed: 3 });
    const [method, exhaustive] = report.methods;
    const [byJudge, byOwn] = [await scoresBy('box-difference'), await scoresBy('brenner')];
    expect([report.judge, method.measure, exhaustive.measure]).toEqual(['box-difference', 'brenner', 'box-difference']);
    expect(method.accuracy).toEqual(exactAccuracy(byJudge, planeCount, maps[0].planes));
    expect(method.auditTruth).toEqual(exactAccuracy(byOwn, planeCount, maps[0].planes));
    expect(method.auditTruth).not.toEqual(method.accuracy);
    expect(exhaustive).toMatchObject({ accuracy: { retained: 1, agreement: 1 }, audit: null, auditTruth: null });
  });

  it('should be judged by its own measure unless another is named, and say what was in force', async () => {
    const { report } = await compareMethods(slide, { measure: 'laplacian', target: 0.99, preset: 'smears.json' });
    const [method, exhaustive] = report.methods;
    expect([report.judge, exhaustive.measure]).toEqual(['laplacian', 'laplacian']);
    expect(method.auditTruth).toEqual(method.accuracy);
    const named = { method: 'adaptive', measure: 'laplacian', judge: 'laplacian', target: 0.99, preset: 'smears.json' };
    expect(report.options).toMatchObject({ ...named, level: 0, seed: 1, maxCost: null, scoreLevel: null });
  });

  it('should never take another judge beside the exhaustive method, nor one that there is not', async () => {
    const given = { method: 'exhaustive', measure: 'laplacian' } as const;
    const other = compareMethods(slide, { ...given, judge: 'box-difference' });
    await expect(other).rejects.toMatchObject({ code: 'usage', message: expect.stringContaining('--judge') });
    const unknown = compareMethods(slide, { judge: 'eye' as FocusMeasureName });
    await expect(unknown).rejects.toMatchObject({ code: 'usage' });
    const { report } = await compareMethods(slide, given);
    expect(report.methods.map(({ measure, accuracy }) => [measure, accuracy.retained])).toEqual([['laplacian', 1]]);
  });
});

describe('a comparison with a reference', () => {
  it('should always cut a reference that has other tiles anew', async () => {
    await flattenSlide(slide, at('own tiles.ome.tiff'), { method: 'exhaustive', grain: 'tile' });
    const same = await compareMethods(slide, { reference: at('own tiles.ome.tiff') });
    for (const side of [112, 400]) {
      const other = at(`tiles of ${side}.tif`);
      const tiles = { tile: true, tileWidth: side, tileHeight: side, compression: 'deflate' } as const;
      await sharp(at('own tiles.ome.tiff')).tiff(tiles).toFile(other);
      const { report, region } = await compareMethods(slide, { reference: other });
      // Other decoders of JPEG differ by a grey value here and there.
      expect(Math.abs((report.reference?.sharpness ?? 0) - 1)).toBeLessThan(0.01);
      expect(report.reference?.tiles).toBe(same.report.reference?.tiles);
      const { width, height } = region.flattened;
      expect(region.reference).toMatchObject({ width, height });
    }
  });

  it('should always measure the reference by the judge, on the tiles of the slide', async () => {
    await flattenSlide(slide, at('sharpest.ome.tiff'), { method: 'exhaustive', grain: 'tile' });
    const same = await compareMethods(slide, { seed: 3, reference: at('sharpest.ome.tiff') });
    expect(same.report.reference).toMatchObject({ sharpness: 1, tiles: same.report.methods[0].accuracy.tiles });
    const { width, height } = same.region.flattened;
    expect(same.region.reference).toMatchObject({ width, height });

    await flattenSlide(slide, at('sharpest by brenner.ome.tiff'), {
      method: 'exhaustive',
      measure: 'brenner',
      grain: 'tile',
    });
    const { report, maps } = await compareMethods(slide, { reference: at('sharpest by brenner.ome.tiff') });
    const [byJudge, byBrenner] = [await scoresBy('box-difference'), await scoresBy('brenner')];
    const content = contentMask(byJudge, planeCount);
    const tiles = [...content.keys()].filter((tile) => content[tile]);
    const judged = (plane: number, tile: number) => byJudge[tile * planeCount + plane];
    const of = (planes: (tile: number) => number) => tiles.reduce((sum, tile) => sum + judged(planes(tile), tile), 0);
    const own = (tile: number) => bestPlane(byBrenner, planeCount, tile);
    const sharper = tiles.filter((tile) => judged(own(tile), tile) > judged(maps[0].planes[tile], tile));
    expect(report.reference?.sharpness).toBeCloseTo(of(own) / of((tile) => bestPlane(byJudge, planeCount, tile)), 9);
    expect(report.reference?.sharper).toBe(sharper.length / tiles.length);
    expect(report.reference?.sharpness).toBeLessThan(1);
  });

  it('should only take one plane of the same size, and say so', async () => {
    await expect(compareMethods(slide, { reference: slide })).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining('one plane'),
    });
    const small = { width: 512, height: 1024, tileSize: 64, planeCount: 1, seed: 5 };
    await synthesizeSlide(at('small.ome.tiff'), small);
    await expect(compareMethods(slide, { reference: at('small.ome.tiff') })).rejects.toMatchObject({
      code: 'mismatch',
      place: { file: at('small.ome.tiff') },
      message: expect.stringContaining('512 x 1024 pixels'),
    });
    await expect(compareMethods(slide, { reference: at('missing.ome.tiff') })).rejects.toMatchObject({
      code: 'unreadable',
    });
  });
});
