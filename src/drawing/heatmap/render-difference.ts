// The difference of two maps of one slide: where they chose the same plane, planes side by side, or planes further apart.
import type { DepthMap } from '../../slide/depth-map.js';
import type { Raster } from '../../slide/raster.js';
import type { TileGrid } from '../../slide/tile-grid.js';
import { formatCount } from '../../system/format-figures.js';
import type { Canvas } from './canvas.js';
import type { Colour } from './colour-scale.js';
import {
  drawFigure,
  ink,
  layFigure,
  mutedInk,
  type Panel,
  panelWidth,
  paper,
  ruleInk,
  textSize,
} from './draw-figure.js';
import { drawText } from './draw-text.js';
import { faintThumbnail } from './faint-thumbnail.js';
import { requireGridOf } from './map-frame.js';
import { paintTiles, type TilePaint } from './paint-tiles.js';

export type DifferenceInput = {
  readonly map: DepthMap;
  /** The map it is held against, of the same grid. */
  readonly reference: DepthMap;
  /** The grid of both maps. */
  readonly grid: TileGrid;
  /** Row-major, 0 for tiles without content: they are left unpainted and uncounted. All tiles count unless given. */
  readonly content?: ArrayLike<number> | undefined;
  /** The whole slide, at any size. */
  readonly thumbnail?: Raster | undefined;
  readonly title: string;
  readonly facts: readonly string[];
};

type DifferenceClass = { readonly meaning: string; readonly colour: Colour; readonly opacity: number };

// Lighter to darker, so that they are told apart without colour too (after the OrRd scheme of C. Brewer's ColorBrewer, 2002).
const classes: readonly DifferenceClass[] = [
  { meaning: 'same plane', colour: [186, 210, 235], opacity: 0.5 },
  { meaning: 'one plane apart', colour: [253, 164, 84], opacity: 0.88 },
  { meaning: 'two or more apart', colour: [166, 12, 38], opacity: 0.92 },
];
const withoutContent: DifferenceClass = { meaning: 'no content', colour: paper, opacity: 0.55 };

/** Draws the difference as a PNG, laid out as the heatmap is. */
export async function renderDifference(input: DifferenceInput): Promise<Uint8Array> {
  const { map, reference, grid, content, thumbnail, title, facts } = input;
  for (const one of [map, reference]) requireGridOf(one, grid);
  const all = [...classes, withoutContent];
  const classOf = Uint8Array.from(map.planes, (plane, tile) =>
    content && !content[tile] ? classes.length : Math.min(2, Math.abs(plane - reference.planes[tile])),
  );
  const paint: TilePaint = {
    colours: all.map(({ colour }) => colour),
    colourOf: classOf,
    // Tiles are compared, by the plane that most of their blocks have.
    blocks: new Map(),
    perTile: { columns: 1, rows: 1 },
    opacity: Float32Array.from(classOf, (index) => all[index].opacity),
  };
  const counts = all.map((_, index) => classOf.reduce((sum, other) => sum + Number(other === index), 0));
  const layout = layFigure(grid);
  const paintMap = (canvas: Canvas, x: number, y: number) =>
    paintTiles(canvas, layout.frame, x, y, faintThumbnail(thumbnail, layout.frame), paint);
  return drawFigure({ title, facts, layout, paintMap, panels: [differenceKey(counts)] }).toPng();
}

const lineHeight = 34;
const headerHeight = 28;
const swatch = 24;

/** The classes and their tiles; `counts` has one more, for tiles without content. */
function differenceKey(counts: readonly number[]): Panel {
  const shown = counts[classes.length] > 0 ? [...classes, withoutContent] : classes;
  return {
    height: headerHeight + shown.length * lineHeight - 10,
    draw: (canvas, x, y) => {
      drawText(canvas, 'difference', x, y + 13, { size: textSize, colour: mutedInk });
      drawText(canvas, 'tiles', x + panelWidth, y + 13, { size: textSize, colour: mutedInk, align: 'right' });
      for (const [i, { meaning, colour, opacity }] of shown.entries()) {
        const square = { x, y: y + headerHeight + i * lineHeight, width: swatch, height: swatch };
        canvas.fillRect(square, colour, opacity);
        canvas.frameRect(square, ruleInk);
        const baseline = square.y + 18;
        drawText(canvas, meaning, x + swatch + 12, baseline, { size: textSize, colour: ink });
        drawText(canvas, formatCount(counts[i]), x + panelWidth, baseline, {
          size: textSize,
          colour: ink,
          align: 'right',
        });
      }
    },
  };
}
