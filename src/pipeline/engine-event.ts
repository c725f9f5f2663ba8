// What the engine tells while it works; progress lines and logs listen.

export type EngineEvent =
  | { readonly type: 'opened'; readonly name: string; readonly planes: number }
  /** A round of questions goes out. */
  | { readonly type: 'round'; readonly round: number; readonly probes: number }
  /** A tile was read, decoded and measured. */
  | { readonly type: 'scored'; readonly probes: number }
  | { readonly type: 'writing'; readonly tiles: number }
  | { readonly type: 'written'; readonly tiles: number; readonly of: number }
  | { readonly type: 'note'; readonly text: string };

export type EngineListener = (event: EngineEvent) => void;
