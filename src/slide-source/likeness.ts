// How alike two pictures of one field are, however out of focus: coarse structure, compared where it stands.
import type { Luma } from '../slide/raster.js';

/** A part of a picture as cells, each the mean of many pixels, less the mean of the cells around it. */
export type Patch = {
  readonly width: number;
  readonly height: number;
  readonly cells: Float32Array;
};

/** unmeasured: cells on each side of one that its surroundings have: shading of the illumination is wider. */
const surroundings = 6;

/** The luma of a part of a picture in cells of `side` pixels; undefined where it has none. */
export function patchOf({ width: pixels, height: rows, data }: Luma, side: number): Patch | undefined {
  const [width, height] = [Math.floor(pixels / side), Math.floor(rows / side)];
  if (width === 0 || height === 0) return undefined;
  const means = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let sum = 0;
      for (let j = 0; j < side; j++) {
        const row = (y * side + j) * pixels + x * side;
        for (let i = 0; i < side; i++) sum += data[row + i];
      }
      means[y * width + x] = sum / side ** 2;
    }
  }
  return { width, height, cells: lessSurroundings(means, width, height) };
}

/** Variance of the cells of all patches. */
export function structureOf(patches: readonly Patch[]): number {
  const count = patches.reduce((sum, { cells }) => sum + cells.length, 0);
  return patches.reduce((sum, { cells }) => sum + cells.reduce((part, value) => part + value * value, 0), 0) / count;
}

/**
 * Correlation of two pictures, of the same parts of each, from 0 to 1: the greatest of those moved by up to a cell each way, for planes
 * drift. Its sign is dropped: what is bright above the focus may be dark below.
 */
export function likeness(a: readonly Patch[], b: readonly Patch[]): number {
  let greatest = 0;
  for (let dy = -1; dy <= 1; dy++) {
    for (let dx = -1; dx <= 1; dx++) greatest = Math.max(greatest, Math.abs(correlation(a, b, dx, dy)));
  }
  return greatest;
}

function correlation(a: readonly Patch[], b: readonly Patch[], dx: number, dy: number): number {
  let [products, first, second] = [0, 0, 0];
  for (const [index, { width, height, cells }] of a.entries()) {
    const other = b[index].cells;
    for (let y = Math.max(0, -dy); y < Math.min(height, height - dy); y++) {
      for (let x = Math.max(0, -dx); x < Math.min(width, width - dx); x++) {
        const p = cells[y * width + x];
        const q = other[(y + dy) * width + x + dx];
        products += p * q;
        first += p * p;
        second += q * q;
      }
    }
  }
  return first > 0 && second > 0 ? products / Math.sqrt(first * second) : 0;
}

/** Each cell less the mean of those around it. */
function lessSurroundings(means: Float32Array, width: number, height: number): Float32Array {
  const across = boxMeans(means, width, height, 1, width);
  const around = boxMeans(across, height, width, width, 1);
  return means.map((value, i) => value - around[i]);
}

/** Means along lines: `length` values, `step` apart, in `lines` lines that start `stride` apart. */
function boxMeans(values: Float32Array, length: number, lines: number, step: number, stride: number): Float32Array {
  const result = new Float32Array(values.length);
  for (let line = 0; line < lines; line++) {
    const at = (i: number) => line * stride + i * step;
    let sum = 0;
    let [from, to] = [0, 0];
    for (let i = 0; i < length; i++) {
      for (; to < Math.min(length, i + surroundings + 1); to++) sum += values[at(to)];
      for (; from < i - surroundings; from++) sum -= values[at(from)];
      result[at(i)] = sum / (to - from);
    }
  }
  return result;
}
