// A picture cut into scraps with soft, wavering borders that add up to the picture again: a Voronoi diagram around points in
// staggered rows, jittered; each pixel shared out among the nearest (a soft minimum of squared distances).
import { clearDensityImage, type DensityImage } from './density-image.js';
import type { Picture } from './read-picture.js';
import { hashAt, mix32, unit } from './seeded-hash.js';
import { Sprite } from './sprite.js';
import { valueNoise } from './value-noise.js';

/** A scrap and where its centre lies in the picture, whole pixels. */
export type Fragment = { readonly x: number; readonly y: number; readonly sprite: Sprite };

/** Pixels from scrap to scrap: as large as a group of cells, so that several lie in a tile. */
export const fragmentSpacing = 64;

/** Share of the spacing by which centres are jittered to each side. */
const jitter = 0.24;

/** Pixels over which one scrap gives way to the next, and pixels their border wavers. */
const feather = 2.5;
const waver = 9;

/** Pixels from a scrap's centre to its farthest corner. */
export const fragmentReach = Math.ceil(fragmentSpacing * (Math.SQRT1_2 + 2 * jitter)) + waver;

/** The points that scraps grow around, one in each cell of a grid that reaches one cell beyond the picture on all sides. */
type Centres = { readonly columns: number; readonly x: Int32Array; readonly y: Int32Array };

/** The scraps of a picture; those at its border are filled up with its mirror image. */
export function cutFragments(picture: Picture, seed: number): Fragment[] {
  const centres = jitterCentres(picture, seed);
  const fragments: Fragment[] = [];
  for (let index = 0; index < centres.x.length; index++) {
    const x = centres.x[index];
    const y = centres.y[index];
    if (x < 0 || y < 0 || x >= picture.width || y >= picture.height) continue;
    const sprite = new Sprite(fragmentReach, () => drawFragment(picture, seed, centres, index));
    fragments.push({ x, y, sprite });
  }
  return fragments;
}

function jitterCentres({ width, height }: Picture, seed: number): Centres {
  const columns = Math.ceil(width / fragmentSpacing) + 2;
  const rows = Math.ceil(height / fragmentSpacing) + 2;
  const x = new Int32Array(columns * rows);
  const y = new Int32Array(columns * rows);
  for (let index = 0; index < x.length; index++) {
    const row = Math.floor(index / columns);
    // every other row is moved by half, so that scraps are no squares
    const column = (index % columns) + (row & 1 ? 0.25 : -0.25);
    const hash = hashAt(seed, index, 0);
    x[index] = Math.round((column - 0.5 + jitter * (2 * unit(hash) - 1)) * fragmentSpacing);
    y[index] = Math.round((row - 0.5 + jitter * (2 * unit(mix32(hash + 1)) - 1)) * fragmentSpacing);
  }
  return { columns, x, y };
}

function drawFragment(picture: Picture, seed: number, centres: Centres, index: number): DensityImage {
  const image = clearDensityImage(fragmentReach);
  let to = 0;
  for (let dy = -fragmentReach; dy <= fragmentReach; dy++) {
    const y = centres.y[index] + dy;
    for (let dx = -fragmentReach; dx <= fragmentReach; dx++, to += 3) {
      const x = centres.x[index] + dx;
      const weight = weightAt(seed, centres, index, x, y);
      if (weight === 0) continue;
      const from = (mirrored(y, picture.height) * picture.width + mirrored(x, picture.width)) * 3;
      for (let channel = 0; channel < 3; channel++) image.data[to + channel] = weight * picture.density[from + channel];
    }
  }
  return image;
}

/** The share of a pixel that belongs to the scrap: 0 to 1, and 1 over all scraps. */
function weightAt(
  seed: number,
  { columns, x: centreX, y: centreY }: Centres,
  index: number,
  x: number,
  y: number,
): number {
  const wavedX = x + waver * valueNoise(seed + 1, x / 20, y / 20);
  const wavedY = y + waver * valueNoise(seed + 2, x / 20, y / 20);
  const column = Math.floor(wavedX / fragmentSpacing) + 1;
  const row = Math.floor(wavedY / fragmentSpacing) + 1;
  if (Math.abs(column - (index % columns)) > 1 || Math.abs(row - Math.floor(index / columns)) > 1) return 0;
  let sum = 0;
  let own = 0;
  for (let r = Math.max(0, row - 1); r <= row + 1; r++) {
    for (let c = Math.max(0, column - 1); c <= Math.min(columns - 1, column + 1); c++) {
      const other = r * columns + c;
      if (other >= centreX.length) continue;
      const squaredDistance = (wavedX - centreX[other]) ** 2 + (wavedY - centreY[other]) ** 2;
      const weight = Math.exp(-squaredDistance / (2 * fragmentSpacing * feather));
      sum += weight;
      if (other === index) own = weight;
    }
  }
  return own / sum;
}

function mirrored(position: number, length: number): number {
  const inside = position < 0 ? -1 - position : position;
  return inside < length ? inside : 2 * length - 1 - inside;
}
