// Answers questions about blocks: reads the encoded tiles, measures them, and drops their pixels.
import { isSlideError, locating } from '../errors.js';
import { type BlockScores, blocksBelow, shortlistBelow } from '../planner/blocks/shortlist.js';
import {
  answerLength,
  blockSideAt,
  type PlanProblem,
  probedLevel,
  type TileProbe,
} from '../planner/contract/plan-rounds.js';
import type { Size } from '../slide/geometry.js';
import type { SlideSource } from '../slide/slide-source.js';
import { tileRect } from '../slide/tile-grid.js';
import { type BlockMeasure, choiceAmong } from '../tile-jobs/block-jobs.js';
import { runTileJob } from '../tile-jobs/run-tile-job.js';
import type { ProbeAnswer, ProbeScorer } from './score-probe.js';

/**
 * Answers probes that ask about blocks. By coefficients, tiles of all planes asked about go to one job: compressed tiles are small. By
 * pixels one plane comes after the other, so that no more than one decoded tile for each probe under way is held.
 */
export function createBlockScorer(source: SlideSource, problem: PlanProblem, measure: BlockMeasure): ProbeScorer {
  return async (probe, signal) => {
    const { blocks } = probe;
    if (!blocks) throw new RangeError('the probe does not ask about blocks');
    const look = { source, problem, probe, measure, signal };
    if (blocks.ask === 'scores') return (await numbersOf(look, probe.plane)) ?? missing(problem, probe);
    const planes =
      blocks.ask === 'choice' ? blocks.planes : Array.from({ length: problem.planeCount }, (_, plane) => plane);
    const { row, column } = probe;
    const level = probedLevel(problem, probe);
    const shown = shownSize(look);
    const below = blocks.ask === 'shortlist' ? blocksBelow(problem, level, row, column) : [];
    if (measure === 'coefficients') {
      const read = (plane: number) => source.readTile({ level: level.level, plane, row, column }, signal);
      const tiles = await Promise.all(planes.map(read));
      return locatingPlane(look, () =>
        blocks.ask === 'shortlist'
          ? runTileJob('shortlistTilesBelow', tiles, shown, sideOf(look), below, blocks.own, blocks.noise)
          : runTileJob('chooseBlocksOfTile', planes, tiles, shown, blocks.own, blocks.noise),
      );
    }
    const side = sideOf(look);
    const count = Math.ceil(shown.width / side) * Math.ceil(shown.height / side);
    const scores: BlockScores[] = [];
    for (const plane of planes) {
      const numbers = await numbersOf(look, plane);
      scores.push(numbers ? numbers.subarray(0, count) : new Float32Array(count).fill(Number.NaN));
    }
    return blocks.ask === 'shortlist'
      ? shortlistBelow(scores, Math.ceil(shown.width / side), below, blocks.own, blocks.noise)
      : choiceAmong(planes, scores, shown, blocks.own, blocks.noise);
  };
}

type Look = {
  readonly source: SlideSource;
  readonly problem: PlanProblem;
  readonly probe: TileProbe;
  readonly measure: BlockMeasure;
  readonly signal: AbortSignal | undefined;
};

/** See blockNumbers; undefined where the slide has no such tile. */
async function numbersOf(look: Look, plane: number): Promise<ProbeAnswer | undefined> {
  const { source, probe, measure, signal } = look;
  const { level, row, column } = probe;
  const tile = await source.readTile({ level, plane, row, column }, signal);
  if (!tile) return undefined;
  const place = { file: source.fileOf(plane), level, plane, row, column };
  return locating(place, () => runTileJob('blockNumbers', tile, shownSize(look), sideOf(look), measure));
}

function missing(problem: PlanProblem, probe: TileProbe): Float64Array {
  return new Float64Array(answerLength(problem, probe)).fill(Number.NaN);
}

function sideOf({ problem, probe }: Look): number {
  return blockSideAt(problem, probedLevel(problem, probe));
}

/** The part of the tile that shows the slide. */
function shownSize({ problem, probe }: Look): Size {
  const { width, height } = tileRect(probedLevel(problem, probe).grid, probe.row, probe.column);
  return { width, height };
}

/** A job on tiles of several planes knows which of them is at fault, and no more. */
async function locatingPlane<T>({ source, probe }: Look, work: () => Promise<T>): Promise<T> {
  const { level, row, column } = probe;
  try {
    return await work();
  } catch (error) {
    if (!isSlideError(error)) throw error;
    const { plane } = error.place;
    throw error.at({ ...(plane !== undefined && { file: source.fileOf(plane) }), level, row, column });
  }
}
