// Drives a planner from streams: a round of probes goes out, answers come in any order, each to its own slot, the next round goes out.
import { concat, defer, EMPTY, expand, map, type Observable, type ObservableInput, of, scan, tap } from 'rxjs';
import { answerLength, type PlanProblem, type Rounds, type TileProbe } from '../planner/contract/plan-rounds.js';
import type { FollowOptions, RunEvent } from './engine-event.js';
import { finished } from './engine-events.js';
import { mapBounded } from './map-bounded.js';
import { countRound, noCounts, type PlanCounts } from './plan-counts.js';
import type { ProbeAnswer } from './score-probe.js';

export type PlanRun<Outcome> = { readonly outcome: Outcome; readonly counts: PlanCounts };

/** Answers a probe with one value; its signal is set when nobody wants the answer any more. */
export type Scorer = (probe: TileProbe, signal: AbortSignal) => ObservableInput<ProbeAnswer>;

export type RunPlanOptions = FollowOptions & { readonly concurrency: number };

/** Runs a plan to its end: see planEvents. */
export function runPlan<Outcome>(
  problem: PlanProblem,
  rounds: Rounds<Outcome>,
  score: Scorer,
  { concurrency, ...followed }: RunPlanOptions,
): Promise<PlanRun<Outcome>> {
  return finished(planEvents(problem, rounds, score, concurrency), followed);
}

/**
 * A plan as a stream of its events, subscribed to once, as rounds run once. Leaving it stops what is under way. Nothing is tried again
 * here: a read whose failure may pass is tried again where bytes are read, and whatever else failed would fail again. Memory: one number
 * a slot of the round under way.
 */
export function planEvents<Outcome>(
  problem: PlanProblem,
  rounds: Rounds<Outcome>,
  score: Scorer,
  concurrency: number,
): Observable<RunEvent<PlanRun<Outcome>>> {
  const answersTo = (asked: readonly TileProbe[]): Observable<Step<Outcome>> => {
    const slots = new AnswerSlots(problem, asked);
    const scores = mapBounded(asked, score, concurrency).pipe(
      tap(({ index, result }) => slots.fill(index, result)),
      map(() => scored),
    );
    const next = defer(() => of(rounds.next(slots.numbers)));
    return concat(scores, next);
  };
  const first = defer(() => of<Step<Outcome>>(rounds.next()));
  return first.pipe(
    expand((step) => (step === scored || step.done ? EMPTY : answersTo(step.value))),
    scan((telling, step) => tell(telling, step, problem), { counts: noCounts, scores: 0 } as Telling<Outcome>),
    map(({ event }) => event),
  );
}

/** A probe was answered. */
const scored = 'scored' as const;

/** What happens: the planner asks a round, a probe of it is answered, or the planner is done. */
type Step<Outcome> = typeof scored | IteratorResult<readonly TileProbe[], Outcome>;

/** What is told of a step, and what must be known to tell of the next. */
type Telling<Outcome> = {
  readonly counts: PlanCounts;
  readonly scores: number;
  readonly event: RunEvent<PlanRun<Outcome>>;
};

function tell<Outcome>(
  { counts, scores }: Telling<Outcome>,
  step: Step<Outcome>,
  problem: PlanProblem,
): Telling<Outcome> {
  if (step === scored) return { counts, scores: scores + 1, event: { type: 'scored', probes: scores + 1 } };
  if (step.done) return { counts, scores, event: { type: 'finished', result: { outcome: step.value, counts } } };
  const event = { type: 'round', round: counts.rounds, probes: step.value.length } as const;
  return { counts: countRound(counts, problem, step.value), scores, event };
}

/** The numbers of a round, those of one probe behind those of another: whichever comes first, each has its place. */
class AnswerSlots {
  readonly numbers: Float64Array;
  readonly #starts: Uint32Array;

  constructor(problem: PlanProblem, asked: readonly TileProbe[]) {
    this.#starts = new Uint32Array(asked.length);
    let length = 0;
    for (const [i, probe] of asked.entries()) {
      this.#starts[i] = length;
      length += answerLength(problem, probe);
    }
    this.numbers = new Float64Array(length);
  }

  fill(index: number, answer: ProbeAnswer): void {
    this.numbers.set(answer, this.#starts[index]);
  }
}
