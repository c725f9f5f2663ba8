// Charts: whatever is drawn, it lies inside its frame and can be read by a machine; ticks are numbers that people would choose.

import fc from 'fast-check';
import { XMLValidator } from 'fast-xml-parser';
import { describe, expect, it } from 'vitest';
import { scaleOf, tickLabel, ticksOf } from '../../../src/drawing/plot/axis.js';
import { svgFile } from '../../../src/drawing/plot/drawing.js';
import { lineChart } from '../../../src/drawing/plot/line-chart.js';

const label = 'cost';
const values = fc.double({ min: 1e-6, max: 1e6, noNaN: true });
const ends = fc.tuple(values, values).filter(([a, b]) => a < 0.999 * b);

describe('the ticks of an axis', () => {
  it('should always be a few, in order, inside it, and have different names', () => {
    fc.assert(
      fc.property(ends, fc.boolean(), (range, log) => {
        const axis = { label, log, range };
        const ticks = ticksOf(scaleOf(axis, [], 0, 100), axis);
        expect(ticks.length).toBeGreaterThanOrEqual(log && range[1] < 2 * range[0] ? 1 : 2);
        expect(ticks.length).toBeLessThanOrEqual(13);
        for (const [i, tick] of ticks.entries()) {
          expect(tick).toBeGreaterThanOrEqual(range[0] * (1 - 1e-9));
          expect(tick).toBeLessThanOrEqual(range[1] * (1 + 1e-9));
          if (i > 0) expect(tick).toBeGreaterThan(ticks[i - 1]);
        }
      }),
    );
  });

  it('should be 1, 2 and 5 times powers of ten on a short logarithmic axis, powers alone on a long one', () => {
    const on = (low: number, high: number) => {
      const axis = { label, log: true, range: [low, high] as const };
      return ticksOf(scaleOf(axis, [], 0, 100), axis);
    };
    expect(on(0.04, 1.2)).toEqual([0.05, 0.1, 0.2, 0.5, 1]);
    expect(on(1e-5, 0.02)).toEqual([1e-5, 1e-4, 1e-3, 1e-2]);
    expect([0.1, 12, 1e-4, 0, 2.5e-7].map(tickLabel)).toEqual(['0.1', '12', '1e−4', '0', '2.5e−7']);
  });

  it('should leave values out that a logarithmic axis has no place for', () => {
    expect(scaleOf({ label, log: true }, [0, 3, Number.NaN, 7], 0, 1).domain()).toEqual([3, 7]);
  });
});

describe('a chart', () => {
  const plot = { width: 300, height: 200 };

  it('should always have its points inside its frame, and all of its words', () => {
    const points = fc.array(fc.tuple(values, values), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(points, fc.boolean(), (found, log) => {
        const series = [{ name: 'a & b', points: found, titles: found.map((_, i) => `<${i}>`) }];
        const drawing = lineChart({ title: 'T', x: { label, log }, y: { label: 'loss', log }, series, plot });
        const svg = svgFile(drawing, 'Title', 'What it shows');
        expect(XMLValidator.validate(svg)).toBe(true);
        expect(svg).not.toMatch(/NaN|Infinity|undefined/);
        const places = [...drawing.body.text.matchAll(/translate\(([-\d.]+) ([-\d.]+)\)/g)].map(([, x, y]) => [+x, +y]);
        // The last is that of the legend.
        expect(places).toHaveLength(found.length + 1);
        for (const [x, y] of places.slice(0, -1)) {
          expect(x >= 62 && x <= 362 && y >= 34 && y <= 234).toBe(true);
        }
        expect(svg).toContain('a &amp; b');
        expect(svg).toContain(`<title>&lt;${found.length - 1}&gt;</title>`);
        expect(svg).toContain('aria-label="What it shows"');
      }),
    );
  });

  it('should only draw what lies beyond its range at the end of it', () => {
    const axis = { label, range: [0, 10] as const };
    const series = [{ name: 'a', points: [[-5, 5] as const, [20, 1000] as const] }];
    const { body } = lineChart({ title: 'T', x: axis, y: axis, series, plot, legend: false });
    const places = [...body.text.matchAll(/translate\(([-\d.]+) ([-\d.]+)\)/g)].map(([, x, y]) => [+x, +y]);
    expect(places).toEqual([
      [62, 134],
      [362, 34],
    ]);
  });

  it('should always put more to the right and up, whatever the scale', () => {
    for (const log of [true, false]) {
      const series = [{ name: 'a', points: [[1, 1] as const, [10, 20] as const, [100, 300] as const] }];
      const { body } = lineChart({ title: 'T', x: { label, log }, y: { label, log }, series, plot, legend: false });
      const [first, , last] = [...body.text.matchAll(/translate\(([-\d.]+) ([-\d.]+)\)/g)].map(([, x, y]) => [+x, +y]);
      expect([first, last]).toEqual([
        [62, 234],
        [362, 34],
      ]);
    }
  });
});
