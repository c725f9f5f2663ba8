// What a run tells while it works; progress lines, logs and services listen.

/**
 * Events come in the order in which things happen, from one verb those that it has; a listener adds up what it wants to know, as the
 * progress line does. Counts of tiles are whole numbers, of all there are and not of those since the last event.
 */
export type EngineEvent =
  /** A slide is open: flattening, mapping, comparing and verifying tell its name and how many focal planes it has. */
  | { readonly type: 'opened'; readonly name: string; readonly planes: number }
  /** A round of `probes` tiles goes out to be scored: `round` counts from 0 in each plan. Ranking, an image is a round. */
  | { readonly type: 'round'; readonly round: number; readonly probes: number }
  /** A tile was read, decoded and measured: the `probes`-th of the plan, of all its rounds so far. */
  | { readonly type: 'scored'; readonly probes: number }
  /** Tiles of all levels, so many, are written from here on; verifying, they are compared. */
  | { readonly type: 'writing'; readonly tiles: number }
  /** Another tile is written: the `tiles`-th of `of`. */
  | { readonly type: 'written'; readonly tiles: number; readonly of: number }
  /** Tuning: of the `slide`-th of `slides`, counted from 1, `tiles` of `of` are scored, and kept for the next time. */
  | {
      readonly type: 'recording';
      readonly name: string;
      readonly slide: number;
      readonly slides: number;
      readonly tiles: number;
      readonly of: number;
    }
  /** Tuning: a planner was replayed on what was recorded, the `runs`-th time of `of`. */
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
