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

/** Probes per round where all of a slide is asked for: bounds what waits for answers, whatever the size of the slide. */
export const roundSize = 8192;

/** A part of a planner: asks like the whole, and ends with an answer of its own. */
export type Asking<Answer = void> = Generator<readonly TileProbe[], Answer, Float64Array>;

export class ScoreBoard {
  readonly problem: PlanProblem;
  readonly tiles: number;
  /** F at the decision level, [tile][plane]; NaN where nobody looked. */
  readonly scores: Float64Array;
  /** How many planes of each tile were looked at. */
  readonly looked: Uint16Array;
  /** Tiles that were looked at on any plane, in the order of their first look. */
  readonly lookedTiles: number[] = [];
  readonly #subsample: number;
  /** Pixels decoded so far; the least F seen. Fields that outgrow 31 bits would have V8 optimise all anew that touches a board. */
  readonly #sums = Float64Array.of(0, Number.POSITIVE_INFINITY);

  constructor(problem: PlanProblem, subsample: number) {
    this.problem = problem;
    this.tiles = tileCount(problem.level.grid);
    this.scores = new Float64Array(this.tiles * problem.planeCount).fill(Number.NaN);
    this.looked = new Uint16Array(this.tiles);
    this.#subsample = subsample;
  }

  /** Takes over scores [tile][plane] of a plan before; NaN where nobody looked. What they cost is not counted here. */
  recall(scores: Float64Array): void {
    for (let slot = 0; slot < scores.length; slot++) if (!Number.isNaN(scores[slot])) this.#note(slot, scores[slot]);
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

  /** Whether every tile was looked at on every plane. */
  get isWhole(): boolean {
    return this.looked.every((count) => count === this.problem.planeCount);
  }

  /** The least F seen on any plane of any tile: what noise alone gives, and what a tile keeps on the wrong plane. 0 without any. */
  get leastScore(): number {
    return Number.isFinite(this.#sums[1]) ? this.#sums[1] : 0;
  }

  /** Scores tiles of the decision level, in one round; what is known already is not asked again. */
  *look(looks: Iterable<Look>, reason: ProbeReason): Asking {
    const slots = this.#unknown(looks);
    if (slots.length === 0) return;
    const pixels = slots.length * tilePixels(this.problem.level.grid);
    const answers = yield* this.#ask(this.#probesOf(slots, reason), slots.length, pixels);
    this.#noteAll(slots, answers);
  }

  /** Where looks that were not taken yet will lie among the scores: in order, each once. */
  #unknown(looks: Iterable<Look>): Uint32Array {
    const { planeCount } = this.problem;
    const unknown: number[] = [];
    for (const { tile, plane } of looks) {
      const slot = tile * planeCount + plane;
      if (Number.isNaN(this.scores[slot])) unknown.push(slot);
    }
    const slots = Uint32Array.from(unknown).sort();
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

  #noteAll(slots: Uint32Array, scores: Float64Array): void {
    // A tile that a plane lacks has no sharpness there.
    for (let i = 0; i < slots.length; i++) this.#note(slots[i], Number.isNaN(scores[i]) ? 0 : scores[i]);
  }

  #note(slot: number, score: number): void {
    this.scores[slot] = score;
    this.#sums[1] = Math.min(this.#sums[1], score);
    const tile = Math.floor(slot / this.problem.planeCount);
    if (this.looked[tile]++ === 0) this.lookedTiles.push(tile);
  }

  /** All planes of some tiles. */
  *lookAtAllPlanes(tiles: Iterable<number>, reason: ProbeReason): Asking {
    const looks: Look[] = [];
    for (const tile of tiles) for (let plane = 0; plane < this.problem.planeCount; plane++) looks.push({ tile, plane });
    yield* this.look(looks, reason);
  }

  /**
   * Surveys tiles of a coarser level; `evidence` [tile of the decision level][plane] takes the answers. Asking for
   * what `evidence` holds already is a defect of the planner.
   */
  *survey(level: Level, looks: Iterable<Look>, evidence: Float64Array): Asking {
    let probes: TileProbe[] = [];
    for (const { tile, plane } of looks) {
      probes.push(this.#probe(level, tile, plane, 'survey'));
      if (probes.length < roundSize) continue;
      yield* this.#surveyRound(level, probes, evidence);
      probes = [];
    }
    if (probes.length > 0) yield* this.#surveyRound(level, probes, evidence);
  }

  *#surveyRound(level: Level, probes: readonly TileProbe[], evidence: Float64Array): Asking {
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

  /** The scores of a tile, by plane; NaN where nobody looked. */
  scoresOf(tile: number): Float64Array {
    const { planeCount } = this.problem;
    return this.scores.subarray(tile * planeCount, (tile + 1) * planeCount);
  }

  /** The sharpest plane among those looked at, the lowest on a tie; undefined where nobody looked. */
  bestLooked(tile: number): number | undefined {
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

  /** Whether every plane of a tile was looked at. */
  isComplete(tile: number): boolean {
    return this.looked[tile] === this.problem.planeCount;
  }

  /** The map of the given choices and of how sure they are; a tile that was looked at on all planes is certain. */
  depthMap(planes: ArrayLike<number>, confidence: ArrayLike<number>): DepthMap {
    const { level, planeCount } = this.problem;
    const map = emptyDepthMap(level.level, level.grid, planeCount);
    for (let tile = 0; tile < this.tiles; tile++) {
      map.planes[tile] = planes[tile];
      map.confidence[tile] = this.isComplete(tile) ? 1 : confidence[tile];
      map.looked[tile] = this.looked[tile];
    }
    return map;
  }

  #probe({ level, grid }: Level, tile: number, plane: number, reason: ProbeReason): TileProbe {
    const row = Math.floor(tile / grid.columns);
    return { level, plane, row, column: tile % grid.columns, subsample: this.#subsample, reason };
  }

  /** Asks what so many numbers answer, for which so many pixels are decoded. */
  *#ask(probes: readonly TileProbe[], numbers: number, pixels: number): Asking<Float64Array> {
    const answers = yield probes;
    if (answers.length !== numbers) throw new RangeError(`expected ${numbers} answers, got ${answers.length}`);
    this.#sums[0] += pixels;
    return answers;
  }
}
