// Drives a planner from streams: a round of probes goes out, answers come in any order, each to its own slot.
import { lastValueFrom, tap } from 'rxjs';
import {
  answerLength,
  type PlanProblem,
  type ProbeReason,
  probePixels,
  probeReasons,
  type Rounds,
} from '../planner/plan-rounds.js';
import type { EngineListener } from './engine-event.js';
import { mapBounded } from './map-bounded.js';
import type { ProbeScorer } from './score-probe.js';

/** What planning took. */
export type PlanCounts = {
  readonly probes: Readonly<Record<ProbeReason, number>>;
  readonly pixelsDecoded: number;
  readonly rounds: number;
};

export type RunPlanOptions = {
  readonly concurrency: number;
  readonly signal?: AbortSignal | undefined;
  readonly onEvent?: EngineListener | undefined;
};

/** Runs a plan to its end. Memory: one number a slot of the round under way. */
export async function runPlan<Outcome>(
  problem: PlanProblem,
  rounds: Rounds<Outcome>,
  score: ProbeScorer,
  { concurrency, signal, onEvent }: RunPlanOptions,
): Promise<{ readonly outcome: Outcome; readonly counts: PlanCounts }> {
  const probes = Object.fromEntries(probeReasons.map((reason) => [reason, 0])) as Record<ProbeReason, number>;
  let pixelsDecoded = 0;
  let round = 0;
  let scored = 0;
  let step = rounds.next();
  for (; !step.done; round++) {
    const asked = step.value;
    onEvent?.({ type: 'round', round, probes: asked.length });
    const starts = slotStarts(problem, asked);
    const answers = new Float64Array(starts[asked.length]);
    const answered = mapBounded(asked, (probe) => score(probe, signal), concurrency, signal).pipe(
      tap(({ index, result }) => {
        answers.set(result, starts[index]);
        onEvent?.({ type: 'scored', probes: ++scored });
      }),
    );
    await lastValueFrom(answered, { defaultValue: undefined });
    for (const probe of asked) {
      probes[probe.reason]++;
      pixelsDecoded += probePixels(problem, probe);
    }
    step = rounds.next(answers);
  }
  return { outcome: step.value, counts: { probes, pixelsDecoded, rounds: round } };
}

/** Where the answer of each probe starts; the last entry is the length of all. */
function slotStarts(problem: PlanProblem, asked: readonly Parameters<typeof answerLength>[1][]): Uint32Array {
  const starts = new Uint32Array(asked.length + 1);
  for (const [i, probe] of asked.entries()) starts[i + 1] = starts[i] + answerLength(problem, probe);
  return starts;
}
