import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Canvas } from '../../../src/drawing/heatmap/canvas.js';
import { drawText, fitText, textWidth } from '../../../src/drawing/heatmap/draw-text.js';
import { glyphsOf } from '../../../src/drawing/heatmap/stroke-font.js';

const [box] = glyphsOf('漢');
const printable = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i));
const names = fc.string({ unit: 'grapheme', maxLength: 60 });

describe('glyphsOf', () => {
  it('should have every sign of ASCII, and µ × · – — ± ° ≤ ≥ ‘ ’ “ ”', () => {
    const lacking = [...printable, ...'µ×·–—±°≤≥‘’“”'].filter((sign) => glyphsOf(sign)[0] === box || sign === '`');
    expect(lacking).toEqual(['`']);
  });

  it('should draw every letter its own way', () => {
    const shapes = printable.filter((sign) => sign !== '`').map((sign) => JSON.stringify(glyphsOf(sign)));
    expect(new Set(shapes).size).toBe(shapes.length);
  });

  it('should leave out accents, and show a box for what it lacks', () => {
    expect(glyphsOf('é')).toEqual(glyphsOf('e'));
    expect(glyphsOf('≠')).not.toEqual(glyphsOf('='));
    expect(glyphsOf('漢字')).toEqual([box, box]);
    expect(glyphsOf('a\n')).toHaveLength(2);
  });
});

describe('drawText', () => {
  it('should always paint within the width of the text, a stroke more at each side', () => {
    fc.assert(
      fc.property(names, fc.integer({ min: 10, max: 26 }), (text, size) => {
        const canvas = new Canvas({ width: 1000, height: 60 }, [255, 255, 255]);
        drawText(canvas, text, 30, 30, { size, colour: [0, 0, 0] });
        const columns = paintedColumns(canvas);
        const slack = 0.12 * size + 1.5;
        expect(Math.min(30, ...columns)).toBeGreaterThanOrEqual(30 - slack);
        expect(Math.max(30, ...columns)).toBeLessThanOrEqual(30 + textWidth(text, size) + slack);
      }),
      { numRuns: 50 },
    );
  });

  it('should end at x where it is aligned to the right', () => {
    const canvas = new Canvas({ width: 200, height: 40 }, [255, 255, 255]);
    drawText(canvas, '12 HH', 150, 30, { size: 16, colour: [0, 0, 0], align: 'right' });
    expect(Math.abs(Math.max(...paintedColumns(canvas)) - 150)).toBeLessThanOrEqual(2);
  });
});

describe('fitText', () => {
  it('should never be wider than asked, and keep both ends', () => {
    fc.assert(
      fc.property(names, fc.integer({ min: 60, max: 400 }), (text, width) => {
        const fitted = fitText(text, 16, width);
        expect(textWidth(fitted, 16)).toBeLessThanOrEqual(width);
        if (textWidth(text, 16) <= width) expect(fitted).toBe(text);
        else {
          const [head, tail] = fitted.split('...');
          expect(text.startsWith(head) && text.endsWith(tail)).toBe(true);
        }
      }),
    );
    expect(fitText('slide-0001-of-the-batch.ome.tiff', 16, 160)).toMatch(/^slide.*\.\.\..*tiff$/);
  });
});

function paintedColumns({ data, width }: Canvas): number[] {
  const columns = new Set<number>();
  for (let i = 0; i < data.length; i += 3) if (data[i] < 255) columns.add((i / 3) % width);
  return [...columns];
}
