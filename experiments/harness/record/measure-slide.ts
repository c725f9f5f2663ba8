// All that can be measured of a slide: every registered measure on every tile of every plane, at the decision level and on the parts
// of coarser tiles that show it.
import { type FocusMeasureName, focusMeasureNames } from '../../../src/focus/focus-measure.js';
import { clipToImage, type Rect } from '../../../src/slide/geometry.js';
import { type Level, tilesUnder } from '../../../src/slide/pyramid.js';
import { tileCount, tileIndex, tileRect } from '../../../src/slide/tile-grid.js';
import { openSlide } from '../../../src/slide-source/open-slide.js';
import { measureParts } from '../../../src/tile-jobs/measure-tile.js';

/** Coarsest level that is measured. */
const coarsest = 3;

export type MeasuredSlide = {
  readonly planeCount: number;
  readonly columns: number;
  readonly rows: number;
  /** By measureKey: [tile of level 0][plane]. */
  readonly numbers: ReadonlyMap<string, Float64Array>;
  /** Bytes of the tiles of level 0, [tile][plane]. */
  readonly lengths: Float64Array;
};

export function measureKey(name: FocusMeasureName, level: number): string {
  return `${name}@${level}`;
}

export async function measureSlide(path: string): Promise<MeasuredSlide> {
  const source = await openSlide(path);
  try {
    const planeCount = source.info.planes.length;
    const [decision] = source.info.levels;
    const { columns, rows } = decision.grid;
    const lengths = new Float64Array(columns * rows * planeCount);
    const numbers = new Map<string, Float64Array>();
    const numbersOf = (key: string) => {
      if (!numbers.has(key)) numbers.set(key, lengths.slice().fill(Number.NaN));
      return numbers.get(key) as Float64Array;
    };
    for (const level of source.info.levels.filter((each) => each.level <= coarsest)) {
      for (let slot = 0; slot < tileCount(level.grid) * planeCount; slot++) {
        const [index, plane] = [Math.floor(slot / planeCount), slot % planeCount];
        const [row, column] = [Math.floor(index / level.grid.columns), index % level.grid.columns];
        const tile = await source.readTile({ level: level.level, plane, row, column });
        if (!tile) continue;
        if (level === decision) lengths[slot] = tile.bytes.length;
        const parts = decisionParts(decision, level, row, column);
        const rects = parts.map(({ rect }) => rect);
        for (const name of focusMeasureNames) {
          const into = numbersOf(measureKey(name, level.level));
          const found = await measureParts(tile, rects, name, 1);
          for (const [i, part] of parts.entries()) into[part.tile * planeCount + plane] = found[i];
        }
      }
    }
    return { planeCount, columns, rows, numbers, lengths };
  } finally {
    await source.close();
  }
}

type Part = { readonly tile: number; readonly rect: Rect };

/** The parts of a tile that show tiles of the decision level, in its own pixels. */
function decisionParts(decision: Level, level: Level, row: number, column: number): Part[] {
  const scale = 2 ** (level.level - decision.level);
  const block = tilesUnder(decision, level, row, column);
  const shown = tileRect(level.grid, row, column);
  const width = decision.grid.tileWidth / scale;
  const height = decision.grid.tileHeight / scale;
  const parts: Part[] = [];
  for (let r = block.row; r < block.rowEnd; r++) {
    for (let c = block.column; c < block.columnEnd; c++) {
      const own = { x: (c - block.column) * width, y: (r - block.row) * height, width, height };
      const rect = clipToImage(own, shown);
      parts.push({ tile: tileIndex(decision.grid, r, c), rect });
    }
  }
  return parts;
}
