// The key to the marks of looks, with counts; where tiles are too small to mark, a small map of where it looked instead.
import type { DepthMap } from '../../slide/depth-map.js';
import type { Rect } from '../../slide/geometry.js';
import type { TileGrid } from '../../slide/tile-grid.js';
import { formatCount } from '../../system/format-figures.js';
import type { Canvas } from './canvas.js';
import { mixColours, scaleColour } from './colour-scale.js';
import { ink, mutedInk, type Panel, panelWidth, paper, ruleInk, textSize } from './draw-figure.js';
import { drawText } from './draw-text.js';
import { type LookShare, lookShare, paintLookMark } from './look-marks.js';
import { layMapFrame } from './map-frame.js';

const lineHeight = 32;
const headerHeight = 28;
const swatch = 24;

/** How many tiles were looked at on all, some or no planes and, where tiles are `marked`, by which marks they are told. */
export function looksKey({ looked, planeCount }: DepthMap, marked: boolean): Panel {
  const counts: Record<LookShare, number> = { all: 0, some: 0, none: 0 };
  for (const count of looked) counts[lookShare(count, planeCount)]++;
  const meanings = { all: 'every plane', some: 'some planes', none: 'none' };
  const shares = (['all', 'some', 'none'] as const).filter((share) => counts[share] > 0);
  const indent = marked ? swatch + 12 : 0;
  return {
    height: headerHeight + shares.length * lineHeight - 8,
    draw: (canvas, x, y) => {
      drawText(canvas, 'planes looked at', x, y + 13, { size: textSize, colour: mutedInk });
      drawText(canvas, 'tiles', x + panelWidth, y + 13, { size: textSize, colour: mutedInk, align: 'right' });
      for (const [i, share] of shares.entries()) {
        const top = y + headerHeight + i * lineHeight;
        if (marked) drawSwatch(canvas, { x, y: top, width: swatch, height: swatch }, share);
        drawText(canvas, meanings[share], x + indent, top + 18, { size: textSize, colour: ink });
        const tiles = formatCount(counts[share]);
        drawText(canvas, tiles, x + panelWidth, top + 18, { size: textSize, colour: ink, align: 'right' });
      }
    },
  };
}

function drawSwatch(canvas: Canvas, tile: Rect, share: LookShare): void {
  const ground = scaleColour(0.7);
  canvas.fillRect(tile, ground);
  paintLookMark(canvas, tile, tile.width, share, ground);
}

/** Where it looked: the darker, the more planes of the tiles there were scored. */
export function looksInset({ looked, planeCount }: DepthMap, grid: TileGrid): Panel {
  const frame = layMapFrame(grid, { width: panelWidth, height: 240 });
  return {
    height: headerHeight + frame.height + 26,
    draw: (canvas, x, y) => {
      drawText(canvas, 'where it looked', x, y + 13, { size: textSize, colour: mutedInk });
      const top = y + headerHeight;
      const across = grid.width / grid.tileWidth / frame.width;
      const down = grid.height / grid.tileHeight / frame.height;
      for (let line = 0; line < frame.height; line++) {
        for (let pixel = 0; pixel < frame.width; pixel++) {
          const share = meanLooks(pixel * across, line * down, across, down);
          canvas.blend(x + pixel, top + line, mixColours(paper, ink, share), 1);
        }
      }
      canvas.frameRect({ x, y: top, width: frame.width, height: frame.height }, ruleInk);
      const words = 'white: nowhere, black: every plane';
      drawText(canvas, words, x, top + frame.height + 22, { size: textSize - 2, colour: mutedInk });
    },
  };

  /** Mean share of planes looked at, over the tiles that a pixel covers; lengths in tiles. */
  function meanLooks(left: number, top: number, width: number, height: number): number {
    const columnEnd = Math.min(grid.columns, Math.max(Math.ceil(left + width), Math.floor(left) + 1));
    const rowEnd = Math.min(grid.rows, Math.max(Math.ceil(top + height), Math.floor(top) + 1));
    let sum = 0;
    let tiles = 0;
    for (let row = Math.floor(top); row < rowEnd; row++) {
      for (let column = Math.floor(left); column < columnEnd; column++, tiles++)
        sum += looked[row * grid.columns + column];
    }
    return sum / (tiles * planeCount);
  }
}
