// Evidence of where a tile is sharp that costs less than looking at it.

/**
 * Lengths [plane][tile] in bytes as evidence [tile][plane]. What an empty tile takes is taken off (the 2nd percentile of the
 * tiles' shortest lengths): only then does one margin mean the same on full and on sparse tiles.
 */
export function lengthEvidence(bytes: Float64Array, planeCount: number): Float64Array {
  const tiles = bytes.length / planeCount;
  const shortest = Float64Array.from({ length: tiles }, (_, tile) => {
    let least = Number.POSITIVE_INFINITY;
    for (let plane = 0; plane < planeCount; plane++) least = Math.min(least, bytes[plane * tiles + tile]);
    return least;
  }).sort();
  const empty = 0.9 * shortest[Math.floor(0.02 * (tiles - 1))];
  const evidence = new Float64Array(bytes.length);
  for (let tile = 0; tile < tiles; tile++) {
    for (let plane = 0; plane < planeCount; plane++) {
      evidence[tile * planeCount + plane] = Math.max(1, bytes[plane * tiles + tile] - empty);
    }
  }
  return evidence;
}
