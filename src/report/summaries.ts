// The parts of a report, from what the engine knows.
import { nameOfLocation } from '../bytes/location.js';
import type { ProbeReason } from '../planner/contract/plan-rounds.js';
import { exhaustivePixels, type PlanOutcome, type PlanProblem } from '../planner/contract/plan-rounds.js';
import type { SlideInfo } from '../slide/slide-info.js';
import { tileCount } from '../slide/tile-grid.js';
import type { BlocksSummary, OutputSummary, PlanSummary, SlideSummary, TileCounts } from './run-report.js';

/** What the slide is. */
export function slideSummary(info: SlideInfo): SlideSummary {
  const [{ grid }] = info.levels;
  return {
    name: info.name,
    format: info.format,
    files: info.files.map((file) => nameOfLocation(file)),
    width: grid.width,
    height: grid.height,
    tileWidth: grid.tileWidth,
    tileHeight: grid.tileHeight,
    levels: info.levels.map(({ level }) => level),
    planes: info.planes.length,
    zUm: info.planes.map(({ zUm }) => zUm ?? null),
    codec: info.retiled ? `none (planes without tiles, ${info.retiled})` : info.encoding.codec,
    micronsPerPixel: info.micronsPerPixel ?? null,
    selection: info.selection ?? {},
    notes: info.notes,
  };
}

/** What a summary needs of a plan. */
export type PlanFigures = {
  readonly problem: PlanProblem;
  readonly outcome: PlanOutcome;
  readonly blocks: BlockFigures | undefined;
  readonly counts: {
    readonly probes: Readonly<Record<ProbeReason, number>>;
    readonly looks: PlanSummary['looks'];
    readonly pixelsDecoded: number;
    readonly rounds: number;
  };
  readonly bytesRead: number;
  readonly options: { readonly method: string };
};

/** How planes were chosen, and what that took. */
export function planSummary({
  problem,
  outcome,
  blocks,
  counts,
  bytesRead,
  options: { method },
}: PlanFigures): PlanSummary {
  const whole = exhaustivePixels(problem);
  return {
    method,
    tiles: tileCount(problem.level.grid),
    tilesWithContent: outcome.tilesWithContent,
    planes: problem.planeCount,
    probes: counts.probes,
    looks: counts.looks,
    pixelsDecoded: counts.pixelsDecoded,
    exhaustivePixels: whole,
    cost: counts.pixelsDecoded / whole,
    bytesRead,
    rounds: counts.rounds,
    targetMet: outcome.targetMet,
    ...(outcome.evidence && { evidence: outcome.evidence }),
    ...(blocks && { blocks: blocksSummary(blocks) }),
    notes: outcome.notes,
  };
}

type BlockFigures = Omit<BlocksSummary, 'mixed' | 'accuracy'> & {
  readonly isMixed: boolean;
  readonly accuracy: BlocksSummary['accuracy'] | undefined;
};

function blocksSummary({ tilesScored, tilesMixed, gain, drift, isMixed, accuracy }: BlockFigures): BlocksSummary {
  return { tilesScored, tilesMixed, gain, drift, mixed: isMixed, ...(accuracy && { accuracy }) };
}

/** What was written; `made` counts tiles by how they came about. */
export function outputSummary(
  path: string,
  bytes: number,
  made: ReadonlyMap<string, number>,
  metadata: Pick<OutputSummary, 'pictures' | 'carried' | 'removed'> = {},
): OutputSummary {
  const { pictures = [], carried = [], removed = [] } = metadata;
  return { path, bytes, ...tileCounts(made), pictures, carried, removed };
}

/** Tiles by how they came about: copied, quilted, showing one plane where they should mix several, encoded. */
export function tileCounts(made: ReadonlyMap<string, number>): TileCounts {
  const { copied = 0, quilted = 0, ...others } = Object.fromEntries(made);
  const byReason = (unmixed: boolean) =>
    Object.fromEntries(Object.entries(others).filter(([reason]) => reason.startsWith('not mixed') === unmixed));
  return { tilesCopied: copied, tilesQuilted: quilted, tilesUnmixed: byReason(true), tilesEncoded: byReason(false) };
}
