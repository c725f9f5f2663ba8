// Drives a planner without streams, answered by a function: for recorded scores, in tests and experiments.
import type { Rounds, TileProbe } from './plan-rounds.js';

/** Runs to the end. `answer` gives the numbers of one probe (see answerLength). */
export function runPlanSync<Outcome>(
  rounds: Rounds<Outcome>,
  answer: (probe: TileProbe) => ArrayLike<number>,
): Outcome {
  let step = rounds.next();
  while (!step.done) {
    const answers = step.value.map(answer);
    const joined = new Float64Array(answers.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const numbers of answers) {
      joined.set(numbers, at);
      at += numbers.length;
    }
    step = rounds.next(joined);
  }
  return step.value;
}
