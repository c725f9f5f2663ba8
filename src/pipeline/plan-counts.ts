// What planning asked, counted.
import {
  type PlanProblem,
  type ProbeReason,
  probedTiles,
  probePixels,
  probeReasons,
  type TileProbe,
} from '../planner/contract/plan-rounds.js';

/** Looks for one reason at one level. */
export type LookCount = {
  readonly reason: ProbeReason;
  readonly level: number;
  readonly probes: number;
  readonly pixels: number;
};

/** What planning took. */
export type PlanCounts = {
  readonly probes: Readonly<Record<ProbeReason, number>>;
  /** The same by level, too: reasons in their order, levels from fine to coarse; none that was not probed. */
  readonly looks: readonly LookCount[];
  readonly pixelsDecoded: number;
  readonly rounds: number;
};

/** Of a plan that has not asked yet. */
export const noCounts: PlanCounts = {
  probes: Object.fromEntries(probeReasons.map((reason) => [reason, 0])) as PlanCounts['probes'],
  looks: [],
  pixelsDecoded: 0,
  rounds: 0,
};

/** The counts with one more round. */
export function countRound(counts: PlanCounts, problem: PlanProblem, asked: readonly TileProbe[]): PlanCounts {
  const probes = { ...counts.probes };
  const looks = new Map(counts.looks.map((look) => [`${look.reason} ${look.level}`, { ...look }]));
  let { pixelsDecoded } = counts;
  for (const probe of asked) {
    const { reason, level } = probe;
    const pixels = probePixels(problem, probe);
    const look = looks.get(`${reason} ${level}`) ?? { reason, level, probes: 0, pixels: 0 };
    looks.set(`${reason} ${level}`, look);
    const tiles = probedTiles(problem, probe);
    look.probes += tiles;
    look.pixels += pixels;
    probes[reason] += tiles;
    pixelsDecoded += pixels;
  }
  return { probes, looks: inOrder(looks.values()), pixelsDecoded, rounds: counts.rounds + 1 };
}

function inOrder(looks: Iterable<LookCount>): LookCount[] {
  const place = ({ reason }: LookCount) => probeReasons.indexOf(reason);
  return [...looks].sort((a, b) => place(a) - place(b) || a.level - b.level);
}
