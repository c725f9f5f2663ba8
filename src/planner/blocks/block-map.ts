// The map of planes by block, made tile by tile.
import { blocksPerTile, type DepthMap, mostFrequentPlane } from '../../slide/depth-map.js';
import type { PlanOutcome, PlanProblem } from '../contract/plan-rounds.js';
import { sumOf } from '../numeric/sum.js';
import { chooseBlocks, type ScoredBlocks } from './choose-blocks.js';
import { type DriftGauge, mostDrift } from './drift-gauge.js';

/** What choosing by block came to. */
export type BlockOutcome = {
  /** The map with the planes of blocks. */
  readonly depthMap: DepthMap;
  /** Tiles whose blocks were scored. */
  readonly tilesScored: number;
  /** Tiles that mix planes. */
  readonly tilesMixed: number;
  /** Focus of all blocks scored, as chosen, over that of each tile's best single plane; 1 where nothing was scored. */
  readonly gain: number;
  /** See DriftGauge; 0 where nothing was scored. */
  readonly drift: number;
  readonly notes: readonly string[];
};

/** Mixing that gains less than this share of the focus of the tile, or of a typical one, is noise and leaves the tile as it was. */
const leastGain = 0.01;

/** The focus of a tile on its best single plane. */
export function bestSingle({ scores }: ScoredBlocks): number {
  return Math.max(0, ...scores.map(sumOf));
}

/** The map being made. */
export class BlockMap {
  readonly #problem: PlanProblem;
  readonly #outcome: PlanOutcome;
  readonly #typical: number;
  readonly #planes: Uint16Array;
  readonly #looked: Uint16Array;
  readonly #blocks = new Map<number, Uint16Array>();
  #tilesScored = 0;
  #focusChosen = 0;
  #focusOfTiles = 0;

  constructor(problem: PlanProblem, outcome: PlanOutcome, typical: number) {
    this.#problem = problem;
    this.#outcome = outcome;
    this.#typical = typical;
    this.#planes = outcome.depthMap.planes.slice();
    this.#looked = outcome.depthMap.looked.slice();
  }

  /** Chooses the planes of a tile's blocks; a tile that gains next to nothing by it stays as it was. */
  choose(scored: ScoredBlocks): void {
    const { tile, planes, scores, columns, rows } = scored;
    const { level, planeCount } = this.#problem;
    if (planes.length === 0) return;
    this.#tilesScored++;
    const before = this.#outcome.scores.subarray(tile * planeCount, (tile + 1) * planeCount);
    this.#looked[tile] += planes.filter((plane) => Number.isNaN(before[plane])).length;
    const choice = chooseBlocks(scored, this.#typical);
    const single = bestSingle(scored);
    const mixed = choice.reduce((sum, candidate, block) => sum + scores[candidate][block], 0);
    const pays = mixed - single > leastGain * Math.max(single, this.#typical * columns * rows);
    this.#focusOfTiles += single;
    this.#focusChosen += pays ? mixed : single;
    if (!pays) return;

    // Blocks beyond the slide's edge go on as the last that show it
    const whole = blocksPerTile(level.grid);
    const blocks = new Uint16Array(whole.columns * whole.rows);
    for (let row = 0; row < whole.rows; row++) {
      for (let column = 0; column < whole.columns; column++) {
        const nearest = Math.min(row, rows - 1) * columns + Math.min(column, columns - 1);
        blocks[row * whole.columns + column] = planes[choice[nearest]];
      }
    }
    this.#planes[tile] = mostFrequentPlane(blocks);
    this.#blocks.set(tile, blocks);
  }

  /** The outcome; that of whole tiles where planes drift. */
  finish({ isAligned, drift }: DriftGauge, notes: readonly string[]): BlockOutcome {
    const tilesScored = this.#tilesScored;
    const unmixed = { ...this.#outcome.depthMap, looked: this.#looked };
    if (!isAligned) {
      const why = `planes do not lie over each other (drift ${drift.toFixed(2)}, at most ${mostDrift} is mixed): blocks are not mixed`;
      return { depthMap: unmixed, tilesScored, tilesMixed: 0, gain: 1, drift, notes: [why, ...notes] };
    }
    return {
      depthMap: { ...unmixed, planes: this.#planes, blocks: this.#blocks },
      tilesScored,
      tilesMixed: this.#blocks.size,
      gain: this.#focusOfTiles > 0 ? this.#focusChosen / this.#focusOfTiles : 1,
      drift,
      notes,
    };
  }
}
