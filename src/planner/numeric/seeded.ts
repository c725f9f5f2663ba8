// Randomness that is a function of a seed and a few indices: no state, so no order of calls can change it.

/**
 * A number in [0, 1) from whole numbers, a seed and what it is for; neighbouring ones give unrelated numbers (the constants are those of
 * MurmurHash3).
 */
export function uniform(...indices: number[]): number {
  let hash = 0x85ebca6b;
  for (const index of indices) hash = mix(hash ^ Math.imul(index | 0, 0xc2b2ae35));
  return mix(hash) / 2 ** 32;
}

/** The finaliser of MurmurHash3 (Appleby, public domain): every bit of the input moves half the bits of the output. */
function mix(value: number): number {
  let hash = value;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
