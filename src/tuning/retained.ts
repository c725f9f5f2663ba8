// What a map keeps of the sharpness of some tiles.
import { bestPlane } from '../planner/contract/accuracy.js';
import { contentMask } from '../planner/contract/content.js';

/** Sharpness that planes retain of the tiles with content that are judged; scores are whole: [tile][plane]. */
export function retainedOf(
  scores: Float64Array,
  planeCount: number,
  planes: ArrayLike<number>,
  judged: ArrayLike<number>,
): number {
  const all = knownScores(scores);
  const content = contentMask(all, planeCount);
  let [kept, possible] = [0, 0];
  for (let tile = 0; tile < content.length; tile++) {
    if (!content[tile] || !judged[tile]) continue;
    kept += all[tile * planeCount + planes[tile]];
    possible += all[tile * planeCount + bestPlane(all, planeCount, tile)];
  }
  return possible === 0 ? 1 : kept / possible;
}

/** What a slide lacks has no sharpness. */
export function knownScores(scores: Float64Array): Float64Array {
  return scores.map((score) => score || 0);
}
