// All scores of a slide, recorded once: planners are replayed on them in milliseconds, with any seed and any option.
import { tilesUnder } from '../../slide/pyramid.js';
import { tileIndex } from '../../slide/tile-grid.js';
import { type PlanProblem, probedLevel, type TileProbe } from './plan-rounds.js';

export type ScoreCube = {
  readonly name: string;
  readonly problem: PlanProblem;
  /** F at the decision level, [tile][plane]. */
  readonly scores: Float64Array;
  /** Evidence of coarser levels, by level: [tile of the decision level][plane]; NaN where a part has no pixels. */
  readonly evidence: ReadonlyMap<number, Float64Array>;
};

/** Answers a probe as the slide would. */
export function answerFromCube({ problem, scores, evidence }: ScoreCube): (probe: TileProbe) => Float64Array {
  const { level, planeCount } = problem;
  return (probe) => {
    const at = (row: number, column: number) => tileIndex(level.grid, row, column) * planeCount + probe.plane;
    if (probe.level === level.level) return Float64Array.of(scores[at(probe.row, probe.column)]);
    const coarse = probedLevel(problem, probe);
    const numbers = evidence.get(probe.level) as Float64Array;
    const block = tilesUnder(level, coarse, probe.row, probe.column);
    const answers: number[] = [];
    for (let row = block.row; row < block.rowEnd; row++) {
      for (let column = block.column; column < block.columnEnd; column++) answers.push(numbers[at(row, column)]);
    }
    return Float64Array.from(answers);
  };
}
