// Planning alone, on a slide too large to make: 500,000 tiles on 15 planes, imagined from a seed. Lengths are there from the start, as
// those of a file are; how sharp tiles are is recorded, so that answers take no time.
import { defaultPlanOptions } from '../../../src/planner/contract/plan-options.js';
import type { PlanOutcome, PlanProblem, TileProbe } from '../../../src/planner/contract/plan-rounds.js';
import { runPlanSync } from '../../../src/planner/contract/run-plan-sync.js';
import { uniform } from '../../../src/planner/numeric/seeded.js';
import { planners } from '../../../src/planner/planners.js';
import { layTileGrid, tileIndex } from '../../../src/slide/tile-grid.js';
import { smoothstep, valueNoise } from '../../../src/synth/value-noise.js';

export type LargeSlideSize = { readonly columns: number; readonly rows: number; readonly planeCount: number };

const wholeSize: LargeSlideSize = { columns: 800, rows: 625, planeCount: 15 };
const tileSide = 256;
const seed = 51;

/** Tiles from one hill of the specimen to the next, and across a piece of tissue. */
const hill = 12;
const piece = 60;
/** F of noise, and what specimen adds at most; planes from its peak at which half of that is left. */
const floor = 100;
const specimen = 1000;
const halfWidth = 1.5;
/** Lengths, as a JPEG codec makes them: bytes of an empty tile, log bytes for log F, and how far they scatter (log). */
const emptyBytes = 900;
const growth = 1 / 1.6;
const scatter = 0.06;

export type LargePlan = {
  /** CPU time of planning, answers included: on all threads, by the process and by the operating system. */
  readonly cpuSeconds: number;
  readonly tiles: number;
  readonly planes: number;
  readonly probes: number;
  readonly rounds: number;
  readonly outcome: PlanOutcome;
};

/** Plans an imagined slide adaptively, from its lengths, with default options. */
export function planLargeSlide(size: LargeSlideSize = wholeSize): LargePlan {
  const { problem, scores } = imagineSlide(size);
  const { columns, rows, planeCount: planes } = size;
  const tiles = columns * rows;
  let probes = 0;
  const answer = ({ level, plane, row, column }: TileProbe) => {
    if (level !== 0) throw new RangeError(`only lengths and level 0 are imagined, not level ${level}`);
    probes++;
    return [scores[plane * tiles + row * columns + column]];
  };
  let rounds = 0;
  const counted = countRounds(planners.adaptive(problem, defaultPlanOptions), () => rounds++);
  const start = process.cpuUsage();
  const outcome = runPlanSync(counted, answer);
  const { user, system } = process.cpuUsage(start);
  return { cpuSeconds: (user + system) / 1e6, tiles, planes, probes, rounds, outcome };
}

function* countRounds<Asked, Outcome, Answer>(
  rounds: Generator<Asked, Outcome, Answer>,
  count: () => void,
): Generator<Asked, Outcome, Answer> {
  let step = rounds.next();
  while (!step.done) {
    count();
    step = rounds.next(yield step.value);
  }
  return step.value;
}

/** Hills of tissue between glass: heights and amounts by tile; F and lengths that follow from them, [plane][tile]. */
function imagineSlide({ columns, rows, planeCount }: LargeSlideSize) {
  const grid = layTileGrid(
    { width: columns * tileSide, height: rows * tileSide },
    { width: tileSide, height: tileSide },
  );
  const tiles = columns * rows;
  const heights = new Float64Array(tiles);
  const amounts = new Float64Array(tiles);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const tile = tileIndex(grid, row, column);
      heights[tile] = ((planeCount - 1) * (1 + valueNoise(seed, column / hill, row / hill))) / 2;
      const tissue = smoothstep(4 * valueNoise(seed + 1, column / piece, row / piece));
      amounts[tile] = tissue * (0.3 + 0.7 * uniform(seed, 1, tile));
    }
  }
  const scoreAt = (tile: number, plane: number) => {
    const response = 1 / (1 + ((plane - heights[tile]) / halfWidth) ** 2);
    return floor * (1 + 0.02 * uniform(seed, 2, tile, plane)) + specimen * amounts[tile] * response;
  };
  const [scores, bytes] = [new Float64Array(tiles * planeCount), new Float64Array(tiles * planeCount)];
  for (let plane = 0; plane < planeCount; plane++) {
    for (let tile = 0; tile < tiles; tile++) {
      const slot = plane * tiles + tile;
      scores[slot] = scoreAt(tile, plane);
      const told = scores[slot] ** growth * Math.exp(scatter * (uniform(seed, 3, tile, plane) - 0.5));
      bytes[slot] = Math.round(emptyBytes + 100 * told);
    }
  }
  const problem: PlanProblem = {
    level: { level: 0, grid },
    coarser: [],
    planeCount,
    lengths: { comparable: true, bytes },
  };
  return { problem, scores };
}
