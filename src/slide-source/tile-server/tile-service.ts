// One plane of a slide as pictures, a tile each, of a server or in folders; what kind they are of shows when one is fetched.
import { SlideError } from '../../errors.js';
import type { Rect, Size } from '../../slide/geometry.js';
import { type TileGrid, tileRect } from '../../slide/tile-grid.js';

export type TileServerLevel = Size & { readonly level: number };

export type TileService = {
  /** What the plane is called in messages. */
  readonly file: string;
  /** From fine to coarse; the first is level 0. */
  readonly levels: readonly TileServerLevel[];
  /** Of all levels, without overlap. */
  readonly tile: Size;
  /** Pixels that a tile shows of each neighbour. */
  readonly overlap: number;
  /** What a person should know of it. */
  readonly notes: readonly string[];
  /** The picture of a tile, at most so many bytes. */
  fetch(level: number, row: number, column: number, maxBytes: number, signal?: AbortSignal): Promise<Uint8Array>;
};

/** Bytes that a picture of this size may have: as many as without compression, in four channels, and room for profiles. */
export function maxPictureBytes({ width, height }: Size): number {
  return 4 * width * height + (1 << 18);
}

/** The part of a level that the picture of a tile shows, overlap included. */
export function shownBy(grid: TileGrid, row: number, column: number, overlap: number): Rect {
  const { x, y, width, height } = tileRect(grid, row, column);
  const [left, top] = [Math.min(x, overlap), Math.min(y, overlap)];
  const right = Math.min(grid.width, x + width + overlap);
  const bottom = Math.min(grid.height, y + height + overlap);
  return { x: x - left, y: y - top, width: right - x + left, height: bottom - y + top };
}

/**
 * Throws `damaged` unless a picture has the size of what it shows or, at the right and bottom edge, of a whole tile. Servers round
 * coarser levels each in their way: there, a pixel more or less at the edge is none.
 */
export function checkPictureSize(found: Size, shown: Size, whole: Size, level: number): void {
  const slack = level > 0 ? 1 : 0;
  const fits = (side: number, part: number, all: number) =>
    side === all || (part < all && side <= all && Math.abs(side - part) <= slack);
  if (fits(found.width, shown.width, whole.width) && fits(found.height, shown.height, whole.height)) return;
  const problem = `expected a picture of ${shown.width} x ${shown.height} pixels, got ${found.width} x ${found.height}`;
  const hint = 'its tiles are not those that its description tells of';
  throw new SlideError('contradictory', problem, { hint });
}
