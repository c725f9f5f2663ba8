// Flags of the command line as the options that the library takes.

import type { PlanSlideOptions } from '../api/plan-slide.js';
import type { FocusMeasureName } from '../focus/focus-measure.js';
import type { PlanGrain, TuningParameters } from '../planner/contract/plan-options.js';
import type { PlanMethod } from '../planner/planners.js';
import type { OpenOptions } from '../slide-source/open-options.js';
import type { Running } from './run-command.js';

export type NetworkFlags = { readonly header?: readonly (readonly [string, string])[]; readonly timeout: number };

export type OpenFlags = NetworkFlags & {
  readonly channel?: number | string;
  readonly timepoint: number;
  readonly scene?: number | string;
  readonly zStep?: number;
  readonly tileSize?: number;
};

export type PlanFlags = {
  readonly method: PlanMethod;
  readonly level: number;
  readonly scoreLevel?: number;
  readonly measure: FocusMeasureName;
  readonly subsample: number;
  readonly target: number;
  readonly prove?: boolean;
  readonly maxCost?: number;
  readonly seed: number;
  readonly grain?: PlanGrain;
  /** Of a preset: no flag sets these. */
  readonly preset?: string;
} & Partial<TuningParameters>;

export type RunFlags = { readonly concurrency: number; readonly json?: boolean; readonly progress: boolean };

/** How files are fetched; token and password come from the environment, so that no list of processes shows them. */
export function networkOptions({ header, timeout }: NetworkFlags): OpenOptions['network'] {
  const { ZFLAT_TOKEN: token, ZFLAT_PMA_USER: user, ZFLAT_PMA_PASSWORD: password = '' } = process.env;
  const pma = user ? { user, password } : undefined;
  return { headers: header, token: token || undefined, timeoutMs: 1000 * timeout, pma };
}

export function openOptions(flags: OpenFlags): OpenOptions {
  const { channel, timepoint, scene, zStep, tileSize } = flags;
  return { channel, timepoint, scene, zStepUm: zStep, tileSize, network: networkOptions(flags) };
}

export function planOptions(flags: PlanFlags & RunFlags, running: Running): PlanSlideOptions {
  const { method, level, scoreLevel, measure, subsample, target, prove, maxCost, seed, grain, concurrency } = flags;
  const { preset, safety, samplePerRoot, leastSample, mostSample } = flags;
  return {
    method,
    level,
    scoreLevel,
    measure,
    subsample,
    target,
    prove,
    maxCost,
    seed,
    grain,
    preset,
    safety,
    samplePerRoot,
    leastSample,
    mostSample,
    concurrency,
    ...running,
  };
}
