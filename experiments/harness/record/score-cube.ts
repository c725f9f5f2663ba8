// Score cubes, and what experiments change of them.
import type { ScoreCube } from '../../../src/planner/contract/score-cube.js';

export { answerFromCube, type ScoreCube } from '../../../src/planner/contract/score-cube.js';

/** The same slide as if its compressed lengths could not be compared. */
export function withoutLengths(cube: ScoreCube): ScoreCube {
  const lengths = { comparable: false, reason: 'left out for the experiment' } as const;
  return { ...cube, problem: { ...cube.problem, lengths } };
}
