// How few planes of a tile need a look block by block: decided on the sample, where what each rule would lose is known.

import { type AuditedBlocks, auditBlocks, type BlockAccuracy } from './block-audit.js';
import type { BlockSample, SampledTile } from './block-sample.js';
import { decideTile, type TileChoice } from './decide-tile.js';
import { allPlaces, listedPlanes, shortlist } from './shortlist.js';

/** A plane is listed that gains more than so many times the noise a level above; the fewest looks first: experiments/eye. */
const multiples = [2, 1, 0.5, 0.25] as const;
/** Of the loss that the target allows, the part that a rule may take: experiments/eye. */
const safety = 0.5;

/** Which planes of a tile are looked at: those listed above this noise of the level above, or all of them. */
export type LookRule = { readonly noiseAbove: number } | 'all planes';

export type RuledSample = { readonly rule: LookRule; readonly accuracy: BlockAccuracy };

/** The cheapest rule that keeps to the target on the sample, and what it keeps. `planeOf`: the plane of a tile so far. */
export function chooseRule(sample: BlockSample, planeOf: (tile: number) => number, target: number): RuledSample {
  const { inclusion, noise, noiseAbove } = sample;
  const known = sample.tiles.flatMap((sampled) => {
    const own = planeOf(sampled.tile);
    const best = decideTile(sampled.stack, own, noise);
    return best ? [{ ...sampled, own, best }] : [];
  });
  const judge = (choose: (tile: (typeof known)[number]) => TileChoice) => {
    const audited: AuditedBlocks[] = known.map((tile) => ({ ...tile, chosen: choose(tile) }));
    return auditBlocks(audited, inclusion, noise);
  };
  // A target of 1 leaves nothing to chance
  const canList = target < 1 && known.some(({ above }) => above.length > 0);
  for (const multiple of canList ? multiples : []) {
    const limit = multiple * noiseAbove;
    const accuracy = judge((tile) => chooseListed(tile, tile.own, limit, noise) ?? tile.best);
    // Of tiles that were drawn nothing is lost: what counts is what a rule loses on those that were not
    if (accuracy.blocks === 0 || 1 - accuracy.retained <= safety * (1 - target))
      return { rule: { noiseAbove: limit }, accuracy };
  }
  return { rule: 'all planes', accuracy: judge(({ best }) => best) };
}

/** What a sampled tile would have chosen, had it been looked at on the planes listed alone. */
function chooseListed(
  { stack, above }: SampledTile,
  own: number,
  limit: number,
  noise: number,
): TileChoice | undefined {
  // A sliver at the edge that the rounded size above leaves out is not listed at all
  const listed = new Set(
    above.length > 0 ? listedPlanes(shortlist(above, allPlaces(above[0].length), own, limit), own) : [own],
  );
  const seen = stack.planes.map((_, i) => i).filter((i) => listed.has(stack.planes[i]));
  return decideTile(
    { ...stack, planes: seen.map((i) => stack.planes[i]), scores: seen.map((i) => stack.scores[i]) },
    own,
    noise,
  );
}
