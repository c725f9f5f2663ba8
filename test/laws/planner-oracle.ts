// The slow and obvious way: the sharpest plane of every tile, the lowest on a tie.
import type { ScoreCube } from '../../experiments/harness/record/score-cube.js';

export function planSharpest({ scores, problem: { planeCount } }: ScoreCube): number[] {
  return Array.from({ length: scores.length / planeCount }, (_, tile) => {
    const curve = Array.from(scores.subarray(tile * planeCount, (tile + 1) * planeCount), (score) =>
      Number.isNaN(score) ? 0 : score,
    );
    return curve.indexOf(Math.max(...curve));
  });
}
