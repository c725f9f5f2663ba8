// Answers one probe: reads the encoded tile, decodes its luminance, measures, and drops the pixels.
import { decodeTileLuma } from '../codecs/codec.js';
import { SlideError } from '../errors.js';
import { type FocusMeasure, focusMeasures } from '../focus/focus-measure.js';
import { type PlanProblem, probedLevel, type TileProbe } from '../planner/plan-rounds.js';
import { clipToImage, type Rect } from '../slide/geometry.js';
import { type Level, tilesUnder } from '../slide/pyramid.js';
import type { SlideSource } from '../slide/slide-source.js';
import { tileRect } from '../slide/tile-grid.js';

/** Coarser levels are measured with the sum of |3x3 Laplacian|: there, the 5x5 box difference leans towards other planes. */
const coarseMeasure: FocusMeasure = focusMeasures.laplacian;

export type ProbeScorer = (probe: TileProbe, signal?: AbortSignal) => Promise<Float64Array>;

/** Scores probes of a slide with `measure`; NaN where the slide has no such tile or a part of it no pixels. */
export function createProbeScorer(source: SlideSource, problem: PlanProblem, measure: FocusMeasure): ProbeScorer {
  return async (probe, signal) => {
    const level = probedLevel(problem, probe);
    const decisive = level === problem.level;
    const parts = decisive ? [wholeTile(level, probe)] : partsByDecisionTile(problem.level, level, probe);
    const tile = await source.readTile(probe, signal);
    if (!tile) return new Float64Array(parts.length).fill(Number.NaN);
    const luma = await decodeTileLuma(tile).catch((error: unknown) => {
      const { level: at, plane, row, column } = probe;
      const place = { file: source.fileOf(plane), level: at, plane, row, column };
      throw error instanceof SlideError ? error.at(place) : error;
    });
    const score = decisive ? measure : coarseMeasure;
    const { subsample } = probe;
    return Float64Array.from(parts, (part) =>
      part.width > 0 && part.height > 0 ? score(luma, part, decisive ? subsample : 1) : Number.NaN,
    );
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
