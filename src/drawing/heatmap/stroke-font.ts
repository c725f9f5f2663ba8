// A small single-stroke font drawn for zflat, so that pictures need no installed fonts and are the same on every machine.
import { capitals, digits, signs, smallLetters } from './stroke-glyphs.js';

/**
 * A letter as strokes on a grid: y 0 is the top of capitals, 4 that of small letters, 10 the line they stand on, 13 the lowest
 * descender.
 */
export type Glyph = {
  readonly width: number;
  /** Polylines, each x, y, x, y, …; curves are flattened. */
  readonly strokes: readonly Float64Array[];
};

/** The grid units that make up the nominal size of a font. */
export const unitsPerSize = 14;

/** From the pen's right edge to the next glyph's left one, in grid units. */
export const glyphSpacing = 2.3;

/** Straight pieces that stand for a curve. */
const curveSteps = 6;

/** Stands for what the font lacks. */
const missing = parseGlyph('4.8 M0 1 4.8 1 4.8 10 0 10 0 1');
const space: Glyph = { width: 2.6, strokes: [] };

const glyphs = new Map<string, Glyph>(
  [capitals, smallLetters, digits, signs].flatMap((table) =>
    table
      .trim()
      .split('\n')
      .map((line): [string, Glyph] => [line[0], parseGlyph(line.slice(2))]),
  ),
);

/** The glyphs of a text: letters lose accents the font lacks, and what it can't show at all is a box. */
export function glyphsOf(text: string): Glyph[] {
  const letters = text.normalize('NFKD').replace(/(\p{Letter})\p{Mark}+/gu, '$1');
  return Array.from(letters, (letter) => (/\s/.test(letter) ? space : (glyphs.get(letter) ?? missing)));
}

function parseGlyph(definition: string): Glyph {
  const [, width, path] = /^(\S+) (.*)$/.exec(definition) as unknown as [string, string, string];
  const strokes = path.split('M').slice(1).map(parseStroke);
  return { width: Number(width), strokes };
}

function parseStroke(path: string): Float64Array {
  const points: number[] = [];
  for (const [, command, list] of path.matchAll(/([LQ]?)([^LQ]+)/g)) {
    const numbers = list.trim().split(/\s+/).map(Number);
    if (command === 'Q') points.push(...flattenCurve(points.slice(-2), numbers));
    else points.push(...numbers);
  }
  return Float64Array.from(points);
}

function flattenCurve([x0, y0]: readonly number[], [x1, y1, x2, y2]: readonly number[]): number[] {
  return Array.from({ length: curveSteps }, (_, step) => {
    const t = (step + 1) / curveSteps;
    const s = 1 - t;
    return [s * s * x0 + 2 * s * t * x1 + t * t * x2, s * s * y0 + 2 * s * t * y1 + t * t * y2];
  }).flat();
}
