// What a caller can set of planning, and the defaults.

/** What a plane is chosen for: a whole tile, or a block of 16 pixels inside it. */
export type PlanGrain = 'tile' | 'block';
export const planGrains: readonly PlanGrain[] = ['tile', 'block'];

/** How planes are chosen: see planners. */
export type PlanMethod = 'adaptive' | 'quadtree' | 'exhaustive';
export const planMethods: readonly PlanMethod[] = ['adaptive', 'quadtree', 'exhaustive'];

/**
 * Tuning parameters, which lie beneath: for experiments and for presets (zflat tune). How defaults were found:
 * experiments/accuracy-vs-cost.
 */
export type TuningParameters = {
  /** Of the loss that the target allows, the part that may still be expected when a search stops: above 0, at most 1. */
  readonly safety: number;
  /** Tiles drawn for calibration, and as many for an audit: this many square roots of all tiles … */
  readonly samplePerRoot: number;
  /** … but at least and at most so many (both included). */
  readonly leastSample: number;
  readonly mostSample: number;
};

export type PlanOptions = TuningParameters & {
  /** Retained sharpness to keep, above 0 to 1 (included). */
  readonly target: number;
  /** Go on until the lower end of the audit's interval, not only its estimate, is at the target. */
  readonly prove: boolean;
  /** The most that deciding may cost, in parts of what the exhaustive method decodes; Infinity for no limit. */
  readonly maxCost: number;
  /** The level whose pixels are scored or surveyed, where it is not to be chosen by calibration. */
  readonly scoreLevel: number | undefined;
  /** Every n-th pixel each way is scored: 1, 2, 4 or 8. */
  readonly subsample: number;
  /** Draws of calibration and audit follow from it: the same seed, the same map. */
  readonly seed: number;
};

/** Found on the slides of experiments/accuracy-vs-cost. */
export const defaultTuningParameters: TuningParameters = {
  safety: 0.5,
  samplePerRoot: 0.4,
  leastSample: 4,
  mostSample: 32,
};

/** unmeasured: what is asked for is a person's choice. */
export const defaultPlanOptions: PlanOptions = {
  ...defaultTuningParameters,
  target: 0.999,
  prove: false,
  maxCost: Number.POSITIVE_INFINITY,
  scoreLevel: undefined,
  subsample: 1,
  seed: 1,
};
