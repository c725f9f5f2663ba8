// Slides of the experiments, flattened.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type FlattenResult, flattenSlide } from '../../../src/flatten-slide.js';
import type { PlanGrain } from '../../../src/planner/contract/plan-options.js';
import { cacheFolder } from '../record/cached.js';

const folder = join(cacheFolder, 'flattened');

/** Flattens a slide anew, with defaults but for the grain. */
export async function flattened(
  name: string,
  input: string,
  grain: PlanGrain,
): Promise<FlattenResult & { readonly path: string }> {
  await mkdir(folder, { recursive: true });
  const path = join(folder, `${name}-${grain}.ome.tiff`);
  return { ...(await flattenSlide(input, path, { grain, force: true })), path };
}
