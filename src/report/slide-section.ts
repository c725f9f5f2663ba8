// What slide a page is about.

import { html, type Markup } from '../drawing/markup.js';
import { selectionText } from '../slide/slide-selection.js';
import { formatCount } from '../system/format-figures.js';
import { factTable } from './render-page.js';
import type { SlideSummary } from './run-report.js';

/** More files than this are counted, the first and last of them named. */
const mostFiles = 12;

export function slideSection(slide: SlideSummary): Markup {
  const { width, height, tileWidth, tileHeight, levels, planes, codec, format } = slide;
  const taken = selectionText(slide.selection);
  return html`<h2>The slide</h2>
${factTable([
  ['Format', format],
  [slide.files.length === 1 ? 'File' : `${formatCount(slide.files.length)} files`, filesText(slide.files)],
  ['Size', `${formatCount(width)} × ${formatCount(height)} pixels${physicalSize(slide)}`],
  ['Tiles', `${formatCount(tileWidth)} × ${formatCount(tileHeight)} pixels, ${codec}`],
  ['Levels', levels.join(', ')],
  ['Planes', formatCount(planes)],
  ['Heights', heightsText(slide.zUm)],
  ...(taken ? [['Taken', taken] as const] : []),
])}`;
}

function filesText(files: readonly string[]): string {
  return files.length <= mostFiles ? files.join(', ') : `${files[0]} to ${files[files.length - 1]}`;
}

function physicalSize({ width, height, micronsPerPixel }: SlideSummary): string {
  if (!micronsPerPixel) return '';
  const { x, y } = micronsPerPixel;
  const millimetres = (pixels: number, um: number) => Number(((pixels * um) / 1000).toPrecision(3));
  const pixel = x === y ? formatCount(x) : `${formatCount(x)} × ${formatCount(y)}`;
  return ` of ${pixel} µm: ${millimetres(width, x)} × ${millimetres(height, y)} mm`;
}

/** Even heights by their ends and step, others one by one; one that is unknown is a question mark. */
export function heightsText(zUm: readonly (number | null)[]): string {
  if (zUm.every((height) => height === null)) return 'unknown';
  const known = zUm.filter((height) => height !== null);
  const step = known[1] - known[0];
  const even = known.length === zUm.length && known.every((height, i) => Math.abs(height - known[0] - i * step) < 1e-4);
  if (known.length > 2 && even) {
    return `${formatCount(known[0])} to ${formatCount(known[known.length - 1])} µm in steps of ${formatCount(step)} µm`;
  }
  return `${zUm.map((height) => (height === null ? '?' : formatCount(height))).join(', ')} µm`;
}
