// Distribution plots: every slide is a dot inside the frame, none on another, and no name of a tick runs into the next.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { medianOf, stripPlot } from '../../src/report/strip-plot.js';
import { formatPercent, formatTimes } from '../../src/system/format-figures.js';

const shares = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 60 });
const plotOf = (values: readonly number[]) =>
  stripPlot({
    title: 'Cost',
    values: values.map((value, i) => ({ name: `slide ${i}`, value })),
    format: formatPercent,
    unit: 'share',
  }).text;
const dotsOf = (text: string) =>
  [...text.matchAll(/<circle class="dot" cx="([^"]*)" cy="([^"]*)" r="([^"]*)"><title>(.*?)<\/title>/g)].map(
    ([, x, y, r, title]) => ({ x: +x, y: +y, r: +r, title }),
  );
const ticksOf = (text: string) =>
  [...text.matchAll(/<text x="([^"]*)" y="82"[^>]*>([^<]*)</g)].map(([, x, name]) => ({ x: +x, name }));

describe('a distribution plot', () => {
  it('should always have a dot for every slide, inside the frame, in order and told by name', () => {
    fc.assert(
      fc.property(shares, (values) => {
        const dots = dotsOf(plotOf(values));
        expect(dots).toHaveLength(values.length);
        for (const { x, y, r } of dots) expect(x - r >= 0 && x + r <= 300 && y - r >= 0 && y + r <= 62.2).toBe(true);
        const told = [...values].sort((a, b) => a - b).map(formatPercent);
        const inOrder = dots.slice().sort((a, b) => a.x - b.x);
        expect(inOrder.map(({ title }) => title.replace(/^slide \d+: /, '')).sort()).toEqual(told.sort());
      }),
    );
  });

  it('should never put one dot on another of the same value', () => {
    const dots = dotsOf(plotOf([0.5, 0.5, 0.5, 0.2, 0.9]));
    const same = dots.filter(({ title }) => title.endsWith('50 %')).sort((a, b) => b.y - a.y);
    expect(new Set(same.map(({ x }) => x)).size).toBe(1);
    for (let i = 1; i < same.length; i++) expect(same[i - 1].y - same[i].y).toBeGreaterThanOrEqual(2 * same[i].r - 0.2);
  });

  it('should always name a tick, and never let one name run into the next', () => {
    fc.assert(
      fc.property(shares, fc.constantFrom(1, 0.01, 1e-4), (values, spread) => {
        const ticks = ticksOf(plotOf(values.map((value) => 1 - spread * value)));
        expect(ticks.length).toBeGreaterThan(0);
        for (let i = 1; i < ticks.length; i++) {
          expect(ticks[i].x - ticks[i - 1].x).toBeGreaterThan(7 * ticks[i].name.length);
          expect(ticks[i].name).not.toBe(ticks[i - 1].name);
        }
      }),
    );
    expect(ticksOf(plotOf([0.24, 0.24])).map(({ name }) => name)).toEqual(['24 %']);
  });

  it('should only show where half of the slides lie where there are enough, and tell it in words too', () => {
    expect(plotOf([0.1, 0.2, 0.3])).not.toMatch(/class="half"|half of them/);
    const text = plotOf([0.1, 0.2, 0.3, 0.4, 0.5]);
    expect(text).toContain('class="half"');
    expect(text).toContain('Cost of 5 slides: from 10 % to 50 %, median 30 %, half of them between 20 % and 40 %');
  });

  it('should leave out what is not known, and be empty where nothing is', () => {
    expect(dotsOf(plotOf([Number.NaN, 0.5]))).toHaveLength(1);
    expect(plotOf([Number.NaN])).toBe('');
    const times = stripPlot({ title: 'Speed', values: [{ name: 'a', value: 38 }], format: formatTimes, unit: 'times' });
    expect(times.text).toContain('38 times');
  });
});

describe('the median', () => {
  it('should be the middle, or the mean of the two in the middle', () => {
    expect([medianOf([1, 2, 10]), medianOf([1, 2, 4, 10]), medianOf([])]).toEqual([2, 3, Number.NaN]);
  });
});
