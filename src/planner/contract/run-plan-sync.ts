// Drives a planner without streams, answered by a function: for recorded scores, in tests and experiments.
import type { Rounds, TileProbe } from './plan-rounds.js';

/** Runs to the end. `answer` gives the numbers of one probe (see answerLength). */
export function runPlanSync<Outcome>(
  rounds: Rounds<Outcome>,
  answer: (probe: TileProbe) => ArrayLike<number>,
): Outcome {
  let step = rounds.next();
  while (!step.done) step = rounds.next(answersTo(step.value, answer));
  return step.value;
}

function answersTo(probes: readonly TileProbe[], answer: (probe: TileProbe) => ArrayLike<number>): Float64Array {
  const joined: number[] = [];
  for (const probe of probes) {
    const numbers = answer(probe);
    for (let i = 0; i < numbers.length; i++) joined.push(numbers[i]);
  }
  return Float64Array.from(joined);
}
