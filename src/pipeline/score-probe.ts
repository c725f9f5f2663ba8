// Answers one probe: reads the encoded tile, measures it, and drops its pixels.
import { locating } from '../errors.js';
import type { FocusMeasureName } from '../focus/focus-measure.js';
import { answerLength, type PlanProblem, probedLevel, type TileProbe } from '../planner/contract/plan-rounds.js';
import { clipToImage, type Rect } from '../slide/geometry.js';
import { type Level, tilesUnder } from '../slide/pyramid.js';
import type { SlideSource } from '../slide/slide-source.js';
import { tileRect } from '../slide/tile-grid.js';
import { runTileJob } from '../tile-jobs/run-tile-job.js';

/** Coarser levels are measured with the sum of |3x3 Laplacian|: there, the 5x5 box difference leans towards other planes. */
const coarseMeasure: FocusMeasureName = 'laplacian';

/** See answerLength for what it holds. */
export type ProbeAnswer = Float64Array | Float32Array;
export type ProbeScorer = (probe: TileProbe, signal?: AbortSignal) => Promise<ProbeAnswer>;

/** Scores probes of a slide with `measure`; NaN where the slide has no such tile or a part of it no pixels. */
export function createProbeScorer(source: SlideSource, problem: PlanProblem, measure: FocusMeasureName): ProbeScorer {
  return async (probe, signal) => {
    const { level: number, plane, row, column } = probe;
    const level = probedLevel(problem, probe);
    const tile = await source.readTile({ level: number, plane, row, column }, signal);
    if (!tile) return new Float64Array(answerLength(problem, probe)).fill(Number.NaN);
    const place = { file: source.fileOf(plane), level: number, plane, row, column };
    return locating<ProbeAnswer>(place, () => {
      if (level === problem.level)
        return runTileJob('measureParts', tile, [wholeTile(level, probe)], measure, probe.subsample);
      return runTileJob('measureParts', tile, partsByDecisionTile(problem.level, level, probe), coarseMeasure, 1);
    });
  };
}

/** The part of a tile that shows the slide, in the tile's own pixels. */
function wholeTile({ grid }: Level, { row, column }: TileProbe): Rect {
  const { width, height } = tileRect(grid, row, column);
  return { x: 0, y: 0, width, height };
}

/** The parts of a coarser tile that show the tiles of the decision level below it, row-major. */
function partsByDecisionTile(decision: Level, coarse: Level, { row, column }: TileProbe): Rect[] {
  const block = tilesUnder(decision, coarse, row, column);
  const shown = wholeTile(coarse, { row, column } as TileProbe);
  const scale = 2 ** (coarse.level - decision.level);
  const parts: Rect[] = [];
  for (let r = block.row; r < block.rowEnd; r++) {
    for (let c = block.column; c < block.columnEnd; c++) {
      const x = Math.round(((c - block.column) * decision.grid.tileWidth) / scale);
      const y = Math.round(((r - block.row) * decision.grid.tileHeight) / scale);
      const right = Math.round(((c + 1 - block.column) * decision.grid.tileWidth) / scale);
      const bottom = Math.round(((r + 1 - block.row) * decision.grid.tileHeight) / scale);
      parts.push(clipToImage({ x, y, width: right - x, height: bottom - y }, shown));
    }
  }
  return parts;
}
