// Comparisons: whatever a method scores by, it is judged by the judge, and its audit by its own measure.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compareMethods } from '../src/compare-methods.js';
import type { FocusMeasureName } from '../src/focus/focus-measure.js';
import { planSlide } from '../src/plan-slide.js';
import { exactAccuracy } from '../src/planner/accuracy.js';
import { openSlide } from '../src/sources/open-slide.js';
import { synthesizeSlide } from '../src/synthesize-slide.js';
import { temporaryFolder } from './cli/run-zflat.js';

const { folder, remove } = temporaryFolder();
const slide = `${folder}/smear.ome.tiff`;
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
