// Planes for blocks of 16 pixels inside tiles: goes on below the tile where a plan of tiles has ended.
//
//   candidates   the planes in play in every tile; a tile with one of them stays as it is
//   sample       tiles spread over the slide are scored block by block first: do the planes lie over each other at all?
//   choose       all others; each tile's blocks choose among its candidates
//
// Planes that drift against each other are never mixed: objects would double and step at every seam.
import { blocksPerTile, type DepthMap } from '../slide/depth-map.js';
import { type BlockCandidates, blockCandidates } from './block-candidates.js';
import { chooseBlocks, type ScoredBlocks } from './choose-blocks.js';
import { DriftGauge, mostDrift } from './drift-gauge.js';
import { type PlanOutcome, type PlanProblem, type Rounds, shownBlocks, type TileProbe } from './plan-rounds.js';

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

/** Tiles scored before all others, to see whether planes lie over each other. */
const sampleTiles = 48;
/** Most probes a round: bounds the scores held at once to 16 MB, for tiles of 256 pixels. */
const roundProbes = 4096;

/** Mixing that gains less than this share of the focus of the tile, or of a typical one, is noise and leaves the tile as it was. */
const leastGain = 0.01;

/** `allowance`: how many looks may be spent. */
export function* blockPlan(problem: PlanProblem, outcome: PlanOutcome, allowance: number): Rounds<BlockOutcome> {
  const candidates = blockCandidates(problem, outcome);
  const { tiles, skipped } = affordable(candidates, outcome.depthMap.planes.length, allowance);
  const notes = skipped > 0 ? [`blocks of ${skipped} tiles were left alone: --max-cost is spent`] : [];

  const sample = spread(tiles, sampleTiles);
  const scored = yield* scoreBlocks(problem, candidates, sample);
  const gauge = new DriftGauge();
  for (const each of scored) gauge.add(each);
  const map = new BlockMap(problem, outcome, typicalFocus(scored));
  for (const each of scored) map.choose(each);

  const sampled = new Set(sample);
  const others = tiles.filter((tile) => !sampled.has(tile));
  for (const round of gauge.isAligned ? roundsOf(others, candidates) : []) {
    for (const each of yield* scoreBlocks(problem, candidates, round)) {
      gauge.add(each);
      map.choose(each);
    }
  }
  return map.finish(gauge, notes);
}

/** The tiles that have something to choose, in order; where not all can be paid for, the most promising. */
function affordable({ planesOf, promise }: BlockCandidates, tileCount: number, allowance: number) {
  const open: number[] = [];
  let looks = 0;
  for (let tile = 0; tile < tileCount; tile++) {
    const { length } = planesOf(tile);
    if (length < 2) continue;
    open.push(tile);
    looks += length;
  }
  if (looks <= allowance) return { tiles: open, skipped: 0 };
  const promises = new Map(open.map((tile) => [tile, promise(tile)]));
  const byPromise = [...open].sort((a, b) => (promises.get(b) as number) - (promises.get(a) as number) || a - b);
  const tiles: number[] = [];
  let left = allowance;
  for (const tile of byPromise) {
    left -= planesOf(tile).length;
    if (left < 0) break;
    tiles.push(tile);
  }
  return { tiles: tiles.sort((a, b) => a - b), skipped: open.length - tiles.length };
}

/** At most `count` of the tiles, evenly spaced. */
function spread(tiles: readonly number[], count: number): number[] {
  if (tiles.length <= count) return [...tiles];
  return Array.from({ length: count }, (_, i) => tiles[Math.floor(((i + 0.5) * tiles.length) / count)]);
}

/** Tiles by the round, so that no round has more than `roundProbes` probes. */
function* roundsOf(tiles: readonly number[], { planesOf }: BlockCandidates): Generator<readonly number[]> {
  let round: number[] = [];
  let probes = 0;
  for (const tile of tiles) {
    const { length } = planesOf(tile);
    if (probes + length > roundProbes && probes > 0) {
      yield round;
      round = [];
      probes = 0;
    }
    round.push(tile);
    probes += length;
  }
  if (probes > 0) yield round;
}

/** Scores the blocks of tiles on the planes in play. */
function* scoreBlocks(
  { level }: PlanProblem,
  { planesOf }: BlockCandidates,
  tiles: readonly number[],
): Rounds<ScoredBlocks[]> {
  const { columns } = level.grid;
  const asked = tiles.map((tile) => {
    const place = { row: Math.floor(tile / columns), column: tile % columns };
    return { tile, planes: planesOf(tile), place, shown: shownBlocks(level, place) };
  });
  const answers = yield asked.flatMap(({ planes, place }) =>
    planes.map((plane): TileProbe => {
      return { level: level.level, plane, ...place, subsample: 1, reason: 'blocks', grain: 'block' };
    }),
  );
  let at = 0;
  const next = (count: number) => {
    at += count;
    return answers.subarray(at - count, at);
  };
  return asked.map(({ tile, planes, shown: { columns: across, rows, count } }) => {
    // A plane that lacks the tile has no numbers
    const known = planes
      .map((plane) => ({ plane, scores: next(count), luma: next(count) }))
      .filter(({ scores }) => !Number.isNaN(scores[0]));
    return {
      tile,
      columns: across,
      rows,
      planes: known.map(({ plane }) => plane),
      scores: known.map(({ scores }) => scores),
      luma: known.map(({ luma }) => luma),
    };
  });
}

/** The focus of a tile on its best single plane. */
function bestSingle({ scores }: ScoredBlocks): number {
  return Math.max(0, ...scores.map((own) => own.reduce((sum, score) => sum + score, 0)));
}

/** Mean focus of a block on its tile's best plane; 0 where nothing was scored. */
function typicalFocus(scored: readonly ScoredBlocks[]): number {
  const blocks = scored.reduce((sum, { columns, rows }) => sum + columns * rows, 0);
  return blocks === 0 ? 0 : scored.reduce((sum, each) => sum + bestSingle(each), 0) / blocks;
}

/** The map being made. */
class BlockMap {
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
    this.#planes[tile] = mostFrequent(blocks, planeCount);
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

/** The plane that most blocks have; the lowest on a tie. */
function mostFrequent(blocks: Uint16Array, planeCount: number): number {
  const counts = new Uint32Array(planeCount);
  for (const plane of blocks) counts[plane]++;
  return counts.indexOf(Math.max(...counts));
}
