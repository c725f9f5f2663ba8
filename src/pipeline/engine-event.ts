// What a run tells while it works; progress lines, logs and services listen.

/** Events come in the order in which things happen; a listener adds up what it wants to know (as the progress line does, see src/cli/progress.ts). */
export type EngineEvent =
  /** First of all: the slide is open. */
  | { readonly type: 'opened'; readonly name: string; readonly planes: number }
  /** A round of questions goes out: `round` counts from 0 in each plan, `probes` are those of this round. */
  | { readonly type: 'round'; readonly round: number; readonly probes: number }
  /** A tile was read, decoded and measured; `probes` counts all of the plan so far. */
  | { readonly type: 'scored'; readonly probes: number }
  /** Tiles are written from here on (or, where a slide is verified, compared): so many in all. */
  | { readonly type: 'writing'; readonly tiles: number }
  /** Another tile is written: the `tiles`-th of `of`. */
  | { readonly type: 'written'; readonly tiles: number; readonly of: number }
  /** Of one of several slides, counted from 1: `tiles` of `of` are scored, and kept for the next time. */
  | {
      readonly type: 'recording';
      readonly name: string;
      readonly slide: number;
      readonly slides: number;
      readonly tiles: number;
      readonly of: number;
    }
  /** A planner was replayed on what was recorded: the `runs`-th time of `of`. */
  | { readonly type: 'replaying'; readonly runs: number; readonly of: number }
  /** A sentence for a person: what was decided otherwise than asked, or left out, and why. */
  | { readonly type: 'note'; readonly text: string };

export type EngineListener = (event: EngineEvent) => void;

/** How a run is followed and stopped: options of every function of zflat that works on a slide. */
export type FollowOptions = {
  /** Ends the run with `aborted`; then it leaves nothing behind. */
  readonly signal?: AbortSignal | undefined;
  /** Hears every event, at once: the run goes on when it returns, and fails with what it throws. */
  readonly onEvent?: EngineListener | undefined;
};

/** What engineEvents gives a run: options that it takes as they are. */
export type FollowedRun = { readonly signal: AbortSignal; readonly onEvent: EngineListener };

/** A run as a stream of these: what it tells, then its result as the last event, once. */
export type RunEvent<Result> = EngineEvent | { readonly type: 'finished'; readonly result: Result };
