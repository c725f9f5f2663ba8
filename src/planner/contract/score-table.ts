// What a planner has learned: F of every look at the decision level, and the evidence of coarser levels. Nothing is asked twice.
import { type DepthMap, emptyDepthMap } from '../../slide/depth-map.js';
import { type Level, tilesUnder } from '../../slide/pyramid.js';
import { tileCount, tileIndex, tilePixels } from '../../slide/tile-grid.js';
import {
  answerLength,
  exhaustivePixels,
  type PlanProblem,
  type ProbeReason,
  probePixels,
  type TileProbe,
} from './plan-rounds.js';

/** One tile on one plane; `tile` is its row-major index at the level meant. */
export type Look = { readonly tile: number; readonly plane: number };

/** Probes per round where all of a slide is asked for: bounds what waits for answers, whatever the size of the slide; unmeasured. */
export const roundSize = 8192;

/** A step of a planner: asks rounds like the planner itself, and ends with an answer of its own. */
export type PlanStep<Answer = void> = Generator<readonly TileProbe[], Answer, Float64Array>;

export class ScoreTable {
  readonly problem: PlanProblem;
  readonly tiles: number;
  /** F at the decision level, [tile][plane]; NaN where not scored. */
  readonly scores: Float64Array;
  /** How many planes of each tile were scored. */
  readonly scoredPlanes: Uint16Array;
  /** Tiles that were scored on any plane, in the order of their first look. */
  readonly scoredTiles: number[] = [];
  readonly #subsample: number;
  /** Pixels decoded so far; the lowest F seen. Fields that outgrow 31 bits would have V8 optimise all anew that touches a table. */
  readonly #sums = Float64Array.of(0, Number.POSITIVE_INFINITY);

  constructor(problem: PlanProblem, subsample: number) {
    this.problem = problem;
    this.tiles = tileCount(problem.level.grid);
    this.scores = new Float64Array(this.tiles * problem.planeCount).fill(Number.NaN);
    this.scoredPlanes = new Uint16Array(this.tiles);
    this.#subsample = subsample;
  }

  /** Takes over scores [tile][plane] of a plan before; NaN where not scored. What they cost is not counted here. */
  recall(scores: Float64Array): void {
    for (let slot = 0; slot < scores.length; slot++) if (!Number.isNaN(scores[slot])) this.#record(slot, scores[slot]);
  }

  /** Pixels decoded so far. */
  get pixels(): number {
    return this.#sums[0];
  }

  /** What was decoded so far, in parts of what the exhaustive method decodes. */
  get cost(): number {
    return this.pixels / exhaustivePixels(this.problem);
  }

  /** How many looks may still be taken before the cost passes `maxCost`. */
  looksWithin(maxCost: number): number {
    const { level } = this.problem;
    return Math.max(0, Math.floor((maxCost * exhaustivePixels(this.problem) - this.pixels) / tilePixels(level.grid)));
  }

  /** What looks cost, in parts of exhaustive. */
  costOf(looks: number): number {
    return looks / this.scores.length;
  }

  /** Whether every tile was scored on every plane. */
  get isComplete(): boolean {
    return this.scoredPlanes.every((count) => count === this.problem.planeCount);
  }

  /** The lowest F seen on any plane of any tile: what noise alone gives, and what a tile keeps on the wrong plane. 0 without any. */
  get minScore(): number {
    return Number.isFinite(this.#sums[1]) ? this.#sums[1] : 0;
  }

  /** Scores tiles of the decision level, in one round; what was scored before is not asked again. */
  *score(looks: Iterable<Look>, reason: ProbeReason): PlanStep {
    const slots = this.#unscoredSlots(looks);
    if (slots.length === 0) return;
    const pixels = slots.length * tilePixels(this.problem.level.grid);
    const answers = yield* this.#ask(this.#probesOf(slots, reason), slots.length, pixels);
    this.#recordAll(slots, answers);
  }

  /** Where looks that were not taken yet will lie among the scores: in order, each once. */
  #unscoredSlots(looks: Iterable<Look>): Uint32Array {
    const { planeCount } = this.problem;
    const unscored: number[] = [];
    for (const { tile, plane } of looks) {
      const slot = tile * planeCount + plane;
      if (Number.isNaN(this.scores[slot])) unscored.push(slot);
    }
    const slots = Uint32Array.from(unscored).sort();
    let count = 0;
    for (let i = 0; i < slots.length; i++) if (i === 0 || slots[i] !== slots[count - 1]) slots[count++] = slots[i];
    return slots.subarray(0, count);
  }

  #probesOf(slots: Uint32Array, reason: ProbeReason): TileProbe[] {
    const { level, planeCount } = this.problem;
    const probes: TileProbe[] = [];
    for (let i = 0; i < slots.length; i++) {
      probes.push(this.#probe(level, Math.floor(slots[i] / planeCount), slots[i] % planeCount, reason));
    }
    return probes;
  }

  #recordAll(slots: Uint32Array, scores: Float64Array): void {
    // A tile that a plane lacks has no sharpness there.
    for (let i = 0; i < slots.length; i++) this.#record(slots[i], Number.isNaN(scores[i]) ? 0 : scores[i]);
  }

  #record(slot: number, score: number): void {
    this.scores[slot] = score;
    this.#sums[1] = Math.min(this.#sums[1], score);
    const tile = Math.floor(slot / this.problem.planeCount);
    if (this.scoredPlanes[tile]++ === 0) this.scoredTiles.push(tile);
  }

  /** All planes of some tiles. */
  *scoreAllPlanes(tiles: Iterable<number>, reason: ProbeReason): PlanStep {
    const looks: Look[] = [];
    for (const tile of tiles) for (let plane = 0; plane < this.problem.planeCount; plane++) looks.push({ tile, plane });
    yield* this.score(looks, reason);
  }

  /**
   * Surveys tiles of a coarser level; `evidence` [tile of the decision level][plane] takes the answers. Asking for
   * what `evidence` holds already is a defect of the planner.
   */
  *survey(level: Level, looks: Iterable<Look>, evidence: Float64Array): PlanStep {
    let probes: TileProbe[] = [];
    for (const { tile, plane } of looks) {
      probes.push(this.#probe(level, tile, plane, 'survey'));
      if (probes.length < roundSize) continue;
      yield* this.#surveyRound(level, probes, evidence);
      probes = [];
    }
    if (probes.length > 0) yield* this.#surveyRound(level, probes, evidence);
  }

  *#surveyRound(level: Level, probes: readonly TileProbe[], evidence: Float64Array): PlanStep {
    const { level: decision, planeCount } = this.problem;
    const numbers = probes.reduce((sum, probe) => sum + answerLength(this.problem, probe), 0);
    const pixels = probes.reduce((sum, probe) => sum + probePixels(this.problem, probe), 0);
    const answers = yield* this.#ask(probes, numbers, pixels);
    let at = 0;
    for (const { row, column, plane } of probes) {
      const block = tilesUnder(decision, level, row, column);
      for (let r = block.row; r < block.rowEnd; r++) {
        for (let c = block.column; c < block.columnEnd; c++) {
          evidence[tileIndex(decision.grid, r, c) * planeCount + plane] = answers[at++];
        }
      }
    }
  }

  /** The scores of a tile, by plane; NaN where not scored. */
  scoresOf(tile: number): Float64Array {
    const { planeCount } = this.problem;
    return this.scores.subarray(tile * planeCount, (tile + 1) * planeCount);
  }

  /** The sharpest plane among those scored, the lowest on a tie; undefined where not scored. */
  bestScored(tile: number): number | undefined {
    const { planeCount } = this.problem;
    let best: number | undefined;
    let highest = Number.NEGATIVE_INFINITY;
    for (let plane = 0; plane < planeCount; plane++) {
      const score = this.scores[tile * planeCount + plane];
      if (score > highest) {
        highest = score;
        best = plane;
      }
    }
    return best;
  }

  /** Whether every plane of a tile was scored. */
  isTileComplete(tile: number): boolean {
    return this.scoredPlanes[tile] === this.problem.planeCount;
  }

  /** The map of the given choices and of how sure they are; a tile that was scored on all planes is certain. */
  depthMap(planes: ArrayLike<number>, confidence: ArrayLike<number>): DepthMap {
    const { level, planeCount } = this.problem;
    const map = emptyDepthMap(level.level, level.grid, planeCount);
    for (let tile = 0; tile < this.tiles; tile++) {
      map.planes[tile] = planes[tile];
      map.confidence[tile] = this.isTileComplete(tile) ? 1 : confidence[tile];
      map.looked[tile] = this.scoredPlanes[tile];
    }
    return map;
  }

  #probe({ level, grid }: Level, tile: number, plane: number, reason: ProbeReason): TileProbe {
    const row = Math.floor(tile / grid.columns);
    return { level, plane, row, column: tile % grid.columns, subsample: this.#subsample, reason };
  }

  /** Asks what so many numbers answer, for which so many pixels are decoded. */
  *#ask(probes: readonly TileProbe[], numbers: number, pixels: number): PlanStep<Float64Array> {
    const answers = yield probes;
    if (answers.length !== numbers) throw new RangeError(`expected ${numbers} answers, got ${answers.length}`);
    this.#sums[0] += pixels;
    return answers;
  }
}
