// What a survey hands to the model: evidence of every tile, and how cautious to be with it.
import type { PlanStep } from '../contract/score-table.js';
import type { EvidenceSource } from './evidence-source.js';

export type SurveyEvidence = {
  /** For people: "compressed lengths", "level 2". */
  readonly name: string;
  /** Kinds of evidence, the best first: each tile is predicted by the first that has any for it. */
  readonly sources: readonly EvidenceSource[];
  /** How much more than the loss expected is reckoned with: see SlideModel. */
  readonly caution: number;
  /** Where better evidence was left out to save its cost (in parts of exhaustive): how to get it after all. */
  readonly completion?: { readonly cost: number; readonly run: () => PlanStep<SurveyEvidence> };
  /** What a person should know of how evidence was chosen. */
  readonly notes: readonly string[];
};
