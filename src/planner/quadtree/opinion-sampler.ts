// Opinions of tiles about their best plane, sampled where they are asked for, from a coarser level where there is one.
import { findLevel, type Level, tilesPerSide, tilesUnder } from '../../slide/pyramid.js';
import { tileIndex, tilePixels } from '../../slide/tile-grid.js';
import type { Look, PlanStep, ScoreTable } from '../contract/score-table.js';
import { type PlaneSet, planeSet } from './plane-set.js';
import { searchOutwards } from './search-outwards.js';

/** Tolerance of a plane set, and the contrast of a quiet tile: experiments/accuracy-vs-cost. */
const setTolerance = 0.02;
const quietContrast = 0.06;
/** How many levels below the decision level opinions are sampled: at a quarter of the resolution (experiments/seed-ideas). */
const surveyDepth = 2;

export class OpinionSampler {
  readonly #table: ScoreTable;
  readonly #level: Level;
  readonly #side: { readonly x: number; readonly y: number };
  readonly #evidence: Float64Array;
  /** Tiles of the sampled level that were asked about; where they show no pixels there is still no opinion. */
  readonly #sampled = new Set<number>();

  /** Samples at `scoreLevel`, by default two levels below the decision level, or at the decision level itself. */
  constructor(table: ScoreTable, scoreLevel: number | undefined) {
    const { level, coarser } = table.problem;
    this.#table = table;
    this.#level = findLevel(coarser, scoreLevel ?? level.level + surveyDepth) ?? coarser[0] ?? level;
    this.#side = tilesPerSide(level, this.#level) ?? { x: 1, y: 1 };
    this.#evidence = this.#level === level ? table.scores : new Float64Array(table.scores.length).fill(Number.NaN);
  }

  /** The opinion of a tile that was sampled. */
  opinion(tile: number): PlaneSet {
    return planeSet(this.#curve(tile), setTolerance, quietContrast);
  }

  /**
   * Samples tiles that have no opinion yet, as many as `maxCost` has room for; each is searched along z from its hints outwards,
   * without hints on all planes.
   */
  *sample(hints: ReadonlyMap<number, readonly number[]>, maxCost: number): PlanStep {
    const starts = new Map<number, readonly number[]>();
    for (const [tile, hint] of hints) {
      const sampled = this.#sampledTile(tile);
      if (this.#sampled.has(sampled)) continue;
      const earlier = starts.get(sampled);
      starts.set(sampled, earlier && earlier.length > 0 && hint.length > 0 ? [...earlier, ...hint] : hint);
    }
    const { planeCount } = this.#table.problem;
    const each = planeCount * (tilePixels(this.#level.grid) / tilePixels(this.#table.problem.level.grid));
    const affordable = Math.floor(this.#table.looksWithin(maxCost) / each);
    const searches = Array.from(starts, ([tile, start]) => ({ tile, start })).slice(0, affordable);
    for (const { tile } of searches) this.#sampled.add(tile);
    yield* searchOutwards(
      searches,
      planeCount,
      (sampled) => this.#sampledCurve(sampled),
      (looks) => this.#ask(looks),
    );
  }

  *#ask(looks: Look[]): PlanStep {
    if (this.#level === this.#table.problem.level) yield* this.#table.score(looks, 'survey');
    else yield* this.#table.survey(this.#level, looks, this.#evidence);
  }

  #curve(tile: number): Float64Array {
    const { planeCount } = this.#table.problem;
    return this.#evidence.subarray(tile * planeCount, (tile + 1) * planeCount);
  }

  /** The tile of the sampled level that covers a tile of the decision level. */
  #sampledTile(tile: number): number {
    const { columns } = this.#table.problem.level.grid;
    const { grid } = this.#level;
    const row = Math.min(Math.floor(Math.floor(tile / columns) / this.#side.y), grid.rows - 1);
    return tileIndex(grid, row, Math.min(Math.floor((tile % columns) / this.#side.x), grid.columns - 1));
  }

  /** The focus curve of a whole tile of the sampled level: the sum over the tiles that it covers. */
  #sampledCurve(sampled: number): Float64Array {
    const { level, planeCount } = this.#table.problem;
    const { columns } = this.#level.grid;
    const block = tilesUnder(level, this.#level, Math.floor(sampled / columns), sampled % columns);
    const sum = new Float64Array(planeCount);
    for (let row = block.row; row < block.rowEnd; row++) {
      for (let column = block.column; column < block.columnEnd; column++) {
        const curve = this.#curve(tileIndex(level.grid, row, column));
        // A tile at the slide's edge that the coarser level rounds away has no number on any plane.
        for (let plane = 0; plane < planeCount; plane++) sum[plane] += curve[plane];
      }
    }
    return sum;
  }
}
