// The map of planes by block, made tile by tile.
import { blocksPerTile, type DepthMap, mostFrequentPlane } from '../../slide/depth-map.js';
import { type PlanProblem, shownBlocks } from '../contract/plan-rounds.js';
import type { TileChoice } from './decide-tile.js';

/** The map being made, from one of whole tiles. */
export class BlockMap {
  readonly #problem: PlanProblem;
  readonly #before: DepthMap;
  readonly #planes: Uint16Array;
  readonly #looked: Uint16Array;
  readonly #blocks = new Map<number, Uint16Array>();
  #tilesScored = 0;
  #focus = 0;
  #single = 0;

  constructor(problem: PlanProblem, before: DepthMap) {
    this.#problem = problem;
    this.#before = before;
    this.#planes = before.planes.slice();
    this.#looked = before.looked.slice();
  }

  /** Takes what a tile chose among `looks` planes; undefined where no plane has it. */
  take(tile: number, looks: number, choice: TileChoice | undefined): void {
    if (!choice) return;
    this.#tilesScored++;
    // What the plan of tiles has scored on all planes it knows by its own measure
    const isKnown = this.#before.looked[tile] === this.#problem.planeCount;
    this.#looked[tile] = Math.max(this.#looked[tile], looks);
    this.#focus += choice.focus;
    this.#single += choice.single;
    const [first] = choice.blocks;
    if (!choice.blocks.every((plane) => plane === first)) this.#mix(tile, choice.blocks);
    else if (!isKnown) this.#planes[tile] = first;
  }

  /** The map of whole tiles, with the looks that were taken. */
  get unmixed(): DepthMap {
    return { ...this.#before, looked: this.#looked };
  }

  get depthMap(): DepthMap {
    return { ...this.unmixed, planes: this.#planes, blocks: this.#blocks };
  }

  /** Tiles whose blocks were scored, and their focus as chosen over that of each one's best single plane; 1 where none was. */
  get figures() {
    return { tilesScored: this.#tilesScored, gain: this.#single > 0 ? this.#focus / this.#single : 1 };
  }

  #mix(tile: number, shown: Uint16Array): void {
    const { level } = this.#problem;
    const { columns, rows } = shownBlocks(level, {
      row: Math.floor(tile / level.grid.columns),
      column: tile % level.grid.columns,
    });
    const whole = blocksPerTile(level.grid);
    const blocks = new Uint16Array(whole.columns * whole.rows);
    // Blocks beyond the slide's edge go on as the last that show it
    for (let row = 0; row < whole.rows; row++) {
      for (let column = 0; column < whole.columns; column++) {
        blocks[row * whole.columns + column] = shown[Math.min(row, rows - 1) * columns + Math.min(column, columns - 1)];
      }
    }
    this.#planes[tile] = mostFrequentPlane(blocks);
    this.#blocks.set(tile, blocks);
  }
}
