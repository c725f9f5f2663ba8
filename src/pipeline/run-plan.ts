// Drives a planner from streams: a round of probes goes out, answers come in any order, each to its own slot.
import { lastValueFrom, tap } from 'rxjs';
import {
  answerLength,
  type PlanProblem,
  type ProbeReason,
  probePixels,
  probeReasons,
  type Rounds,
} from '../planner/contract/plan-rounds.js';
import type { EngineListener } from './engine-event.js';
import { mapBounded } from './map-bounded.js';
import type { ProbeScorer } from './score-probe.js';

/** Looks for one reason at one level. */
export type LookCount = {
  readonly reason: ProbeReason;
  readonly level: number;
  readonly probes: number;
  readonly pixels: number;
};

/** What planning took. */
export type PlanCounts = {
  readonly probes: Readonly<Record<ProbeReason, number>>;
  /** The same by level, too: reasons in their order, levels from fine to coarse; none that was not probed. */
  readonly looks: readonly LookCount[];
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
  const byLevel = new Map<string, LookCount>();
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
      const { reason, level } = probe;
      const pixels = probePixels(problem, probe);
      probes[reason]++;
      pixelsDecoded += pixels;
      const before = byLevel.get(`${reason} ${level}`) ?? { reason, level, probes: 0, pixels: 0 };
      byLevel.set(`${reason} ${level}`, { ...before, probes: before.probes + 1, pixels: before.pixels + pixels });
    }
    step = rounds.next(answers);
  }
  return { outcome: step.value, counts: { probes, looks: inOrder(byLevel.values()), pixelsDecoded, rounds: round } };
}

function inOrder(looks: Iterable<LookCount>): LookCount[] {
  const place = ({ reason }: LookCount) => probeReasons.indexOf(reason);
  return [...looks].sort((a, b) => place(a) - place(b) || a.level - b.level);
}

/** Where the answer of each probe starts; the last entry is the length of all. */
function slotStarts(problem: PlanProblem, asked: readonly Parameters<typeof answerLength>[1][]): Uint32Array {
  const starts = new Uint32Array(asked.length + 1);
  for (const [i, probe] of asked.entries()) starts[i + 1] = starts[i] + answerLength(problem, probe);
  return starts;
}
