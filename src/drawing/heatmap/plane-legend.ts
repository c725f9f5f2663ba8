// The legend of planes, the highest on top: colour, index, height, and how many tiles chose it.
import type { FocalPlane } from '../../slide/focal-planes.js';
import { formatShare } from '../../system/format-figures.js';
import type { Canvas } from './canvas.js';
import { planeColour } from './colour-scale.js';
import { ink, mutedInk, type Panel, ruleInk, textSize } from './draw-figure.js';
import { drawText } from './draw-text.js';

const headerHeight = 26;
const tallestRow = 26;
const tallestLegend = 460;
/** Between labels, so that their lines stay apart. */
const leastLabelStep = 22;

const swatchWidth = 38;
const planeRight = 84;
const heightRight = 164;
const longestBar = 52;

/** `tilesOf` counts the tiles that chose each plane. */
export function planeLegend(planes: readonly FocalPlane[], tilesOf: ArrayLike<number>): Panel {
  const count = planes.length;
  const barsHeight = Math.min(tallestLegend, count * tallestRow);
  const rowTop = (row: number) => headerHeight + Math.round((row * barsHeight) / count);
  return { height: headerHeight + barsHeight, draw };

  function draw(canvas: Canvas, x: number, y: number): void {
    const header = { size: textSize, colour: mutedInk };
    const labels = heightLabels(planes);
    const known = labels.some((label) => label !== '');
    const barLeft = x + (known ? heightRight : planeRight) + 18;
    drawText(canvas, 'plane', x + planeRight, y + 13, { ...header, align: 'right' });
    if (known) drawText(canvas, 'µm', x + heightRight, y + 13, { ...header, align: 'right' });
    drawText(canvas, 'tiles', barLeft, y + 13, header);

    const total = Array.from(tilesOf).reduce((sum, tiles) => sum + tiles, 0);
    const most = Math.max(1, ...Array.from(tilesOf));
    const labelled = new Set(labelledPlanes(count, barsHeight / count));
    for (let plane = 0; plane < count; plane++) {
      const top = y + rowTop(count - 1 - plane);
      const height = y + rowTop(count - plane) - top;
      // Rows that are tall enough stand apart.
      const inner = height >= 14 ? height - 2 : height;
      canvas.fillRect({ x, y: top, width: swatchWidth, height: inner }, planeColour(plane, count));
      const length = Math.ceil((tilesOf[plane] / most) * longestBar);
      canvas.fillRect({ x: barLeft, y: top, width: length, height: inner }, ruleInk);
      if (!labelled.has(plane)) continue;
      const baseline = top + Math.round(inner / 2) + 6;
      drawText(canvas, String(plane), x + planeRight, baseline, { size: textSize, colour: ink, align: 'right' });
      drawText(canvas, labels[plane], x + heightRight, baseline, { size: textSize, colour: ink, align: 'right' });
      if (height < leastLabelStep) continue;
      const share = formatShare(tilesOf[plane] / total);
      drawText(canvas, share, barLeft + length + 6, baseline, { size: textSize - 2, colour: mutedInk });
    }
  }
}

/** The planes that are named: all, or every second, fifth, tenth …, and always the highest. */
export function labelledPlanes(count: number, rowHeight: number): number[] {
  const step = labelStep(rowHeight);
  const named = Array.from({ length: Math.ceil(count / step) }, (_, i) => i * step);
  const last = count - 1;
  const before = named[named.length - 1];
  if (before === last) return named;
  const roomForBoth = before === 0 || (last - before) * rowHeight >= leastLabelStep;
  return [...(roomForBoth ? named : named.slice(0, -1)), last];
}

/** The least of 1, 2, 5, 10, 20 … rows that is high enough for a label. */
function labelStep(rowHeight: number): number {
  for (let power = 1; ; power *= 10) {
    for (const step of [power, 2 * power, 5 * power]) if (step * rowHeight >= leastLabelStep) return step;
  }
}

/** Heights to as many decimals (up to 3) as the finest of them needs; empty where unknown. */
export function heightLabels(planes: readonly FocalPlane[]): string[] {
  const decimals = [0, 1, 2].find((digits) =>
    planes.every(({ zUm }) => zUm === undefined || Math.abs(zUm - Number(zUm.toFixed(digits))) < 5e-4),
  );
  return planes.map(({ zUm }) => (zUm === undefined ? '' : zUm.toFixed(decimals ?? 3)));
}
