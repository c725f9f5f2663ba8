// Smooth noise without a period: hashed values on the integer lattice, joined by smoothstep (value noise; Perlin's lattice
// idea, "An image synthesizer", SIGGRAPH 1985, with values instead of gradients).
import { hashAt } from './seeded-hash.js';

/** From -1 to 1, with features about one unit wide; continuous, and the same for the same seed and place. */
export function valueNoise(seed: number, x: number, y: number): number {
  const left = Math.floor(x);
  const top = Math.floor(y);
  const across = smoothstep(x - left);
  const down = smoothstep(y - top);
  const upper = mean(hashAt(seed, left, top), hashAt(seed, left + 1, top), across);
  const lower = mean(hashAt(seed, left, top + 1), hashAt(seed, left + 1, top + 1), across);
  return mean(upper, lower, down) / 2147483648 - 1;
}

/** From 0 (at 0 and below) to 1 (at 1 and above), level at both ends. */
export function smoothstep(x: number): number {
  const t = Math.min(Math.max(x, 0), 1);
  return t * t * (3 - 2 * t);
}

function mean(a: number, b: number, share: number): number {
  return a + (b - a) * share;
}
