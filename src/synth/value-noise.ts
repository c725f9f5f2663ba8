// Smooth noise without a period: hashed values on the integer lattice, joined by smoothstep (value noise; Perlin's lattice
// idea, "An image synthesizer", SIGGRAPH 1985, with values instead of gradients).
import { mix32 } from './seeded-hash.js';

/** From -1 to 1, with features about one unit wide; continuous, and the same for the same seed and place. */
export function valueNoise(seed: number, x: number, y: number): number {
  const left = Math.floor(x);
  const top = Math.floor(y);
  const across = smoothstep(x - left);
  const down = smoothstep(y - top);
  // hashAt of the four corners, with what they share worked out once
  const key = mix32(seed);
  const leftKey = mix32(key + left);
  const rightKey = mix32(key + left + 1);
  const upper = mean(mix32(leftKey + top), mix32(rightKey + top), across);
  const lower = mean(mix32(leftKey + top + 1), mix32(rightKey + top + 1), across);
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
