// Text in the stroke font: every letter is the distance to its strokes, turned into coverage of pixels.
import type { Canvas } from './canvas.js';
import type { Colour } from './colour-scale.js';
import { type Glyph, glyphSpacing, glyphsOf, unitsPerSize } from './stroke-font.js';

export type TextStyle = {
  /** Nominal height in pixels; capitals are 10/14 of it. */
  readonly size: number;
  readonly colour: Colour;
  /** Which end of the text x is: 'left' unless given. */
  readonly align?: 'left' | 'right';
};

/** Thickness of strokes, in parts of the size. */
const strokeWeight = 0.095;

/** Draws one line of text that stands on y. */
export function drawText(canvas: Canvas, text: string, x: number, y: number, style: TextStyle): void {
  const unit = style.size / unitsPerSize;
  let pen = style.align === 'right' ? x - textWidth(text, style.size) : x;
  for (const glyph of glyphsOf(text)) {
    drawGlyph(canvas, glyph, Math.round(pen), y, style);
    pen += (glyph.width + glyphSpacing) * unit;
  }
}

/** How wide a line of text is, in pixels. */
export function textWidth(text: string, size: number): number {
  const letters = glyphsOf(text);
  const units = letters.reduce((sum, { width }) => sum + width + glyphSpacing, 0);
  return Math.max(0, units - glyphSpacing) * (size / unitsPerSize);
}

/** The text, its middle left out where it would be wider than `width`: names differ at their ends. */
export function fitText(text: string, size: number, width: number): string {
  if (textWidth(text, size) <= width) return text;
  const letters = Array.from(text);
  for (let kept = letters.length - 1; kept > 0; kept--) {
    const tail = Math.floor(kept / 2);
    const cut = `${letters.slice(0, kept - tail).join('')}...${letters.slice(letters.length - tail).join('')}`;
    if (textWidth(cut, size) <= width) return cut;
  }
  return '';
}

/** Grid lines of the font that fall on whole pixels, so that horizontal strokes are crisp: see Glyph. */
function heightOf(y: number, size: number): number {
  const unit = size / unitsPerSize;
  const capital = Math.round(10 * unit);
  const small = Math.round(6 * unit);
  if (y <= 4) return -capital + (y / 4) * (capital - small);
  return y <= 10 ? -small + ((y - 4) / 6) * small : (y - 10) * unit;
}

function drawGlyph(canvas: Canvas, glyph: Glyph, x: number, y: number, { size, colour }: TextStyle): void {
  const unit = size / unitsPerSize;
  const radius = (strokeWeight * size) / 2;
  const margin = Math.ceil(radius + 1);
  const left = -margin - 1;
  const top = Math.floor(heightOf(-1, size)) - margin;
  const width = Math.ceil(glyph.width * unit) + 2 * margin + 2;
  const height = Math.ceil(heightOf(13, size)) + margin - top + 1;
  // Bounded by one letter. Overlapping strokes take the greater coverage, so that joints are not darker.
  const coverage = new Float64Array(width * height);
  for (const stroke of glyph.strokes) {
    for (let i = 0; i + 3 < stroke.length; i += 2) {
      const x0 = stroke[i] * unit - left;
      const y0 = heightOf(stroke[i + 1], size) - top;
      const x1 = stroke[i + 2] * unit - left;
      const y1 = heightOf(stroke[i + 3], size) - top;
      coverSegment(coverage, width, [x0, y0, x1, y1], radius);
    }
  }
  for (let i = 0; i < coverage.length; i++) {
    if (coverage[i] > 0) canvas.blend(x + left + (i % width), y + top + Math.floor(i / width), colour, coverage[i]);
  }
}

type Segment = readonly [x0: number, y0: number, x1: number, y1: number];

/** Pixel centres lie on whole numbers. */
function coverSegment(coverage: Float64Array, width: number, [x0, y0, x1, y1]: Segment, radius: number): void {
  const reach = radius + 0.5;
  const dx = x1 - x0;
  const dy = y1 - y0;
  const squared = dx * dx + dy * dy;
  const lastRow = Math.min(coverage.length / width - 1, Math.floor(Math.max(y0, y1) + reach));
  for (let y = Math.max(0, Math.ceil(Math.min(y0, y1) - reach)); y <= lastRow; y++) {
    const lastColumn = Math.min(width - 1, Math.floor(Math.max(x0, x1) + reach));
    for (let x = Math.max(0, Math.ceil(Math.min(x0, x1) - reach)); x <= lastColumn; x++) {
      const along = squared === 0 ? 0 : ((x - x0) * dx + (y - y0) * dy) / squared;
      const t = Math.min(1, Math.max(0, along));
      const ex = x - x0 - t * dx;
      const ey = y - y0 - t * dy;
      const covered = Math.min(1, Math.max(0, reach - Math.sqrt(ex * ex + ey * ey)));
      const at = y * width + x;
      if (covered > coverage[at]) coverage[at] = covered;
    }
  }
}
