// What the engine tells while it works; progress lines and logs listen.

export type EngineEvent =
  | { readonly type: 'opened'; readonly name: string; readonly planes: number }
  /** A round of questions goes out. */
  | { readonly type: 'round'; readonly round: number; readonly probes: number }
  /** A tile was read, decoded and measured. */
  | { readonly type: 'scored'; readonly probes: number }
  | { readonly type: 'writing'; readonly tiles: number }
  | { readonly type: 'written'; readonly tiles: number; readonly of: number }
  /** Of one of several slides: a tile was scored to be kept. */
  | {
      readonly type: 'recording';
      readonly name: string;
      readonly slide: number;
      readonly slides: number;
      readonly tiles: number;
      readonly of: number;
    }
  /** A planner was replayed on what was recorded. */
  | { readonly type: 'replaying'; readonly runs: number; readonly of: number }
  | { readonly type: 'note'; readonly text: string };

export type EngineListener = (event: EngineEvent) => void;
