// How much the focus of a block changes from plane to plane where nothing changes: what a choice of planes has to gain to be no chance.
import { selectInPlace } from '../numeric/select.js';
import type { ScoredBlocks } from './choose-blocks.js';

/** Noise is read from the share of blocks whose best focus is lowest: background, where there is any; unmeasured. */
const quietShare = 0.25;
/** From the median of |a second difference over planes| to the standard deviation of one number: 1.4826 for a median of normal ones (Rousseeuw & Croux 1993). */
const perBend = 1.4826 / Math.sqrt(6);

/**
 * The standard deviation of a block's focus, from tiles scored on all planes; at least `floor`. With fewer than three planes, `floor`.
 */
export function blockNoise(stacks: readonly Pick<ScoredBlocks, 'scores'>[], floor: number): number {
  const blocks = stacks.flatMap(({ scores }) =>
    Array.from(scores[0] ?? [], (_, block) => {
      const curve = scores.map((plane) => plane[block]);
      return { curve, best: Math.max(...curve) };
    }),
  );
  blocks.sort((a, b) => a.best - b.best);
  const quiet = blocks.slice(0, Math.ceil(quietShare * blocks.length));
  const bends = Float64Array.from(
    quiet.flatMap(({ curve }) => curve.slice(2).map((above, z) => Math.abs(curve[z] - 2 * curve[z + 1] + above))),
  );
  return bends.length === 0 ? floor : Math.max(floor, perBend * selectInPlace(bends, bends.length >> 1));
}
