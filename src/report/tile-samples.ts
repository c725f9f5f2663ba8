// Which tiles a comparison shows: those that lost most, and an even sample for focus curves.
import { bestPlane } from '../planner/contract/accuracy.js';
import { judgedTiles } from '../planner/contract/content.js';
import type { DepthMap } from '../slide/depth-map.js';
import type { CurveSample, WorstTile } from './run-report.js';

/** Tiles that are shown at most. */
const mostWorst = 10;
const mostCurves = 12;

/** The plane that a scan of one plane would have: in the middle of the stack, the upper of two. */
export function middlePlaneOf(planeCount: number): number {
  return planeCount >> 1;
}

/** Tiles with content whose chosen plane is not the sharpest, those first that keep least; `scores` are whole: [tile][plane]. */
export function findWorstTiles(scores: Float64Array, { planes, planeCount, columns }: DepthMap): WorstTile[] {
  const judged = judgedTiles(scores, planeCount);
  const middle = middlePlaneOf(planeCount);
  const losers: { readonly tile: WorstTile; readonly loss: number }[] = [];
  let lost = 0;
  for (let tile = 0; tile < planes.length; tile++) {
    if (!judged[tile]) continue;
    const best = bestPlane(scores, planeCount, tile);
    const of = (plane: number) => scores[tile * planeCount + plane];
    const loss = of(best) - of(planes[tile]);
    if (!(loss > 0)) continue;
    lost += loss;
    const place = { row: Math.floor(tile / columns), column: tile % columns, chosen: planes[tile], best };
    const kept = of(planes[tile]) / of(best);
    losers.push({ tile: { ...place, kept, middleKept: of(middle) / of(best), shareOfLoss: 0 }, loss });
  }
  losers.sort((a, b) => a.tile.kept - b.tile.kept);
  return losers.slice(0, mostWorst).map(({ tile, loss }) => ({ ...tile, shareOfLoss: loss / lost }));
}

/** Focus curves of tiles with content: the middle one of each of as many equal parts of them, row by row. */
export function sampleCurves(scores: Float64Array, { planes, planeCount, columns }: DepthMap): CurveSample[] {
  const judged = judgedTiles(scores, planeCount);
  const tiles = Array.from(judged.keys()).filter((tile) => judged[tile]);
  const count = Math.min(mostCurves, tiles.length);
  return Array.from({ length: count }, (_, i) => {
    const tile = tiles[Math.floor(((i + 0.5) * tiles.length) / count)];
    const best = bestPlane(scores, planeCount, tile);
    const curve = scores.subarray(tile * planeCount, (tile + 1) * planeCount);
    return {
      row: Math.floor(tile / columns),
      column: tile % columns,
      chosen: planes[tile],
      best,
      relative: Array.from(curve, (score) => Math.round((1e4 * score) / curve[best]) / 1e4),
    };
  });
}
