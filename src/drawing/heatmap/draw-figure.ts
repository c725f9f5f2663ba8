// The page of a picture: title, a line of facts, the map, and panels that explain it, beside or below.
import type { Size } from '../../slide/geometry.js';
import type { TileGrid } from '../../slide/tile-grid.js';
import { Canvas } from './canvas.js';
import type { Colour } from './colour-scale.js';
import { drawText, fitText, textWidth } from './draw-text.js';
import { layMapFrame, type MapFrame } from './map-frame.js';

/** A part of the legend: its height, and how it is drawn with its upper left corner at x, y. */
export type Panel = {
  readonly height: number;
  readonly draw: (canvas: Canvas, x: number, y: number) => void;
};

/** Where the map lies and whether the panels stand beside it or, with very wide slides, below. */
export type FigureLayout = { readonly frame: MapFrame; readonly panels: 'beside' | 'below' };

export type Figure = {
  readonly title: string;
  /** Short sayings under the title, such as method, cost and accuracy. */
  readonly facts: readonly string[];
  readonly layout: FigureLayout;
  readonly paintMap: (canvas: Canvas, x: number, y: number) => void;
  readonly panels: readonly Panel[];
};

/** Width of a panel in pixels. */
export const panelWidth = 272;

export const paper: Colour = [255, 255, 255];
export const ink: Colour = [28, 36, 48];
export const mutedInk: Colour = [98, 109, 124];
export const ruleInk: Colour = [186, 193, 203];

/** Text of panels and facts. */
export const textSize = 16;
const titleSize = 23;
const margin = 32;
const panelGap = 36;
const panelSpacing = 34;
const leastWidth = 720;
const factLine = 26;

/** The boxes that a map must fit, in pixels. */
const boxBeside: Size = { width: 1120, height: 1400 };
const boxAbove: Size = { width: boxBeside.width + panelGap + panelWidth, height: 400 };
/** Slides this many times as wide as high have their panels below. */
const wide = 4;

/** Lays out a figure of a slide with this grid; at most about 1500 x 1650 pixels. */
export function layFigure(grid: TileGrid): FigureLayout {
  return grid.width > wide * grid.height
    ? { frame: layMapFrame(grid, boxAbove), panels: 'below' }
    : { frame: layMapFrame(grid, boxBeside), panels: 'beside' };
}

/** Draws a figure; its size follows from the layout. */
export function drawFigure({ title, facts, layout, paintMap, panels }: Figure): Canvas {
  const { frame } = layout;
  const places = placePanels(panels, layout);
  const inner = Math.max(leastWidth, frame.width, ...places.map(({ right }) => right));
  const lines = factLines(facts, inner);
  const mapTop = margin + titleSize + lines.length * factLine + 24;
  const bottom = Math.max(frame.height, ...places.map(({ bottom }) => bottom));
  const canvas = new Canvas({ width: margin + inner + margin, height: mapTop + bottom + margin }, paper);

  const baseline = margin + Math.round(titleSize * 0.75);
  drawText(canvas, fitText(title, titleSize, inner), margin, baseline, { size: titleSize, colour: ink });
  for (const [i, line] of lines.entries()) {
    drawText(canvas, line, margin, baseline + 4 + (i + 1) * factLine, { size: textSize, colour: mutedInk });
  }
  paintMap(canvas, margin, mapTop);
  canvas.frameRect({ x: margin, y: mapTop, width: frame.width, height: frame.height }, ruleInk);
  for (const { panel, x, y } of places) panel.draw(canvas, margin + x, mapTop + y);
  return canvas;
}

type PlacedPanel = { panel: Panel; x: number; y: number; right: number; bottom: number };

/** Lengths from the upper left corner of the map. */
function placePanels(panels: readonly Panel[], { frame, panels: where }: FigureLayout): PlacedPanel[] {
  let x = where === 'beside' ? frame.width + panelGap : 0;
  let y = where === 'beside' ? 0 : frame.height + panelGap;
  return panels.map((panel) => {
    const place = { panel, x, y, right: x + panelWidth, bottom: y + panel.height };
    if (where === 'beside') y += panel.height + panelSpacing;
    else x += panelWidth + 2 * panelGap;
    return place;
  });
}

/** Facts side by side, broken between them where the picture ends. */
function factLines(facts: readonly string[], width: number): string[] {
  const lines: string[] = [];
  for (const fact of facts.map((fact) => fitText(fact, textSize, width))) {
    const joined = lines.length === 0 ? fact : `${lines[lines.length - 1]}   ·   ${fact}`;
    if (lines.length > 0 && textWidth(joined, textSize) <= width) lines[lines.length - 1] = joined;
    else lines.push(fact);
  }
  return lines;
}
