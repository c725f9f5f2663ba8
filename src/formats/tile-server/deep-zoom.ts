// The description of a Deep Zoom image (*.dzi): one plane as a pyramid of pictures in folders, `<name>_files/<level>/<column>_<row>.<format>`
// (schemas.microsoft.com/deepzoom/2008 and 2009). Its levels count the other way: the last is the finest, 0 a single pixel.
import { SlideError } from '../../errors.js';
import type { Size } from '../../slide/geometry.js';
import { textOf, wholeOf } from '../../system/json-value.js';
import { parseXml } from '../../system/xml-parser.js';

export type DeepZoomImage = Size & {
  readonly tileSize: number;
  /** Pixels that tiles show of each neighbour. */
  readonly overlap: number;
  /** The ending of its files' names. */
  readonly format: string;
};

const formats = /^(jpe?g|png)$/i;
/** What JPEG can hold; a longer side is a mistake. */
const longestSide = 65_500;

/** Reads a description; `damaged` where it is none, `unsupported` for pictures zflat does not read. */
export function parseDeepZoom(xml: string, file: string): DeepZoomImage {
  const damaged = (problem: string, cause?: unknown) =>
    new SlideError('damaged', problem, { file, cause, hint: 'give the .dzi file of a Deep Zoom image' });
  let image: Element | undefined;
  try {
    image = element(parseXml(xml), 'Image');
  } catch (cause) {
    throw damaged(`its Deep Zoom description can't be read: ${(cause as Error).message}`, cause);
  }
  const size = element(image, 'Size');
  if (!image || !size) throw damaged('is no Deep Zoom description');
  const number = (from: Element, name: string, least: number) => {
    const value = wholeOf(from[name], least);
    if (value === undefined) throw damaged(`its ${name} is ${JSON.stringify(from[name])}`);
    return value;
  };
  const tileSize = number(image, 'TileSize', 1);
  const overlap = number(image, 'Overlap', 0);
  if (overlap >= tileSize || tileSize + 2 * overlap > longestSide) {
    throw damaged(`its tiles are said to have ${tileSize} pixels and to overlap by ${overlap}`);
  }
  const format = textOf(image.Format);
  if (!format || !formats.test(format)) {
    const hint = 'zflat reads Deep Zoom images of JPEG and PNG tiles';
    throw new SlideError('unsupported', `its tiles are ${JSON.stringify(image.Format)} pictures`, { file, hint });
  }
  if (element(image, 'DisplayRects')) {
    const hint = 'zflat reads Deep Zoom images that have all their tiles';
    throw new SlideError('unsupported', 'is a sparse Deep Zoom image', { file, hint });
  }
  return { width: number(size, 'Width', 1), height: number(size, 'Height', 1), tileSize, overlap, format };
}

/** How often the image is halved until it is one pixel: the number that Deep Zoom gives its finest level. */
export function finestLevel({ width, height }: Size): number {
  // Not by Math.log2, which is off by a rounding for some sizes.
  let level = 0;
  while (2 ** level < Math.max(width, height)) level++;
  return level;
}

type Element = Readonly<Record<string, unknown>>;

function element(parent: unknown, name: string): Element | undefined {
  const found = (parent as Element | undefined)?.[name];
  const first = Array.isArray(found) ? found[0] : found;
  if (first === '') return {};
  return typeof first === 'object' && first !== null ? (first as Element) : undefined;
}
