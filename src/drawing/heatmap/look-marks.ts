// Marks of looks: a corner of the tile, the larger the more planes of it were scored.
import type { Rect } from '../../slide/geometry.js';
import type { Canvas } from './canvas.js';
import { type Colour, lightness } from './colour-scale.js';

/** How much of a tile was scored at the decision level. */
export type LookShare = 'none' | 'some' | 'all';

export function lookShare(looked: number, planeCount: number): LookShare {
  if (looked === 0) return 'none';
  return looked < planeCount ? 'some' : 'all';
}

/** Smaller tiles are not marked: the marks would hide them. */
export const leastMarkedCell = 6;

/** On larger tiles marks grow no more. */
const largestMarkedCell = 56;
/** Legs of the marked triangle, in parts of the tile: never so long that it reaches the middle. */
const legs: Readonly<Record<LookShare, number>> = { none: 0, some: 0.26, all: 0.5 };
/** Marks of tiles at least this large keep clear of the tile's edge. */
const leastInsetCell = 12;
/** Colours lighter than this are marked dark, others white. */
const lightGround = 110;
const markOpacity = 0.85;
const darkInk: Colour = [16, 20, 28];
const lightInk: Colour = [255, 255, 255];

/**
 * Marks a tile that is painted on the given colour; `cell` is the size of a whole tile in pixels, `tile` may be cut. A hollow mark leaves
 * what lies under it to be seen.
 */
export function paintLookMark(
  canvas: Canvas,
  tile: Rect,
  cell: number,
  share: LookShare,
  ground: Colour,
  hollow = false,
): void {
  const inset = cell >= leastInsetCell ? 2 : 0;
  const wanted = Math.round(Math.min(cell, largestMarkedCell) * legs[share]);
  const side = Math.min(wanted, tile.width - inset, tile.height - inset);
  const ink = lightness(ground) > lightGround ? darkInk : lightInk;
  for (let line = 0; line < side; line++) {
    const width = side - line;
    const at = { x: tile.x + inset, y: tile.y + inset + line, height: 1 };
    if (!hollow || line === 0 || width <= 2) canvas.fillRect({ ...at, width }, ink, markOpacity);
    else for (const x of [at.x, at.x + width - 1]) canvas.fillRect({ ...at, x, width: 1 }, ink, markOpacity);
  }
}
