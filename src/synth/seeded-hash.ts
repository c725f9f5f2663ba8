// Numbers that are a pure function of a seed and a position, so that no order of rendering can change them: an integer
// hash as a counter-based generator (idea: Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011).

/** A 32-bit integer well mixed, 0 to 2^32 - 1; constants of the "lowbias32" finaliser (C. Wellons, hash-prospector, 2018). */
export function mix32(n: number): number {
  n = Math.imul(n ^ (n >>> 16), 0x7feb352d);
  n = Math.imul(n ^ (n >>> 15), 0x846ca68b);
  return (n ^ (n >>> 16)) >>> 0;
}

/** A 32-bit hash of a seed and a position, both integers. */
export function hashAt(seed: number, x: number, y: number): number {
  return mix32(mix32(mix32(seed) + x) + y);
}

/** A hash as a number from 0 (included) to 1 (excluded). */
export function unit(hash: number): number {
  return hash / 4294967296;
}

/** The seed of one named purpose, so that what two purposes draw is independent (FNV-1a over the name). */
export function seedFor(seed: number, purpose: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < purpose.length; i++) hash = Math.imul(hash ^ purpose.charCodeAt(i), 0x01000193);
  return mix32(mix32(seed) ^ hash);
}

/** Draws numbers from 0 (included) to 1 (excluded), one after the other. */
export type RandomSequence = () => number;

/** The sequence that belongs to a seed. */
export function randomSequence(seed: number): RandomSequence {
  const key = mix32(seed);
  let count = 0;
  return () => unit(mix32(key + count++));
}

/** A number from `low` (included) to `high` (excluded). */
export function between(random: RandomSequence, low: number, high: number): number {
  return low + random() * (high - low);
}
