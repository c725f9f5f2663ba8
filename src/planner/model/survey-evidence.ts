// What a survey hands to the model: evidence of every tile, and how far it is trusted.
import type { Asking } from '../contract/score-table.js';
import type { EvidenceSource } from './evidence-source.js';

export type Survey = {
  /** For people: "compressed lengths", "level 2". */
  readonly name: string;
  /** Kinds of evidence, the most trusted first: each tile is foretold by the first that has any for it. */
  readonly sources: readonly EvidenceSource[];
  /** How much more than the loss expected is reckoned with: see Belief. */
  readonly caution: number;
  /** Where better evidence was left out to save its cost (in parts of exhaustive): how to get it after all. */
  readonly completion?: { readonly cost: number; readonly run: () => Asking<Survey> };
  /** What a person should know of how evidence was chosen. */
  readonly notes: readonly string[];
};
