// All that can be measured of a slide: every registered measure, and those of JPEG coefficients, on every tile of every plane, at the
// decision level and on the parts of coarser tiles that show it.
import { decodeTileLuma } from '../../src/codecs/codec.js';
import { focusMeasures } from '../../src/focus/focus-measure.js';
import { blockFocus, focusBands } from '../../src/jpeg/block-focus.js';
import { parseJpegHeader } from '../../src/jpeg/header.js';
import type { EncodedTile } from '../../src/slide/encoded-tile.js';
import { clipToImage, type Rect } from '../../src/slide/geometry.js';
import { type Level, tilesUnder } from '../../src/slide/pyramid.js';
import { tileCount, tileIndex, tileRect } from '../../src/slide/tile-grid.js';
import { openSlide } from '../../src/sources/open-slide.js';

/** Finest and coarsest level that is measured. */
const levels = [0, 1, 2, 3] as const;
const bandNames = Object.keys(focusBands) as (keyof typeof focusBands)[];
const measureNames = Object.keys(focusMeasures) as (keyof typeof focusMeasures)[];

export const allMeasures = [...measureNames, ...bandNames] as const;
export type AnyMeasure = (typeof allMeasures)[number];

export type MeasuredSlide = {
  readonly planeCount: number;
  readonly columns: number;
  readonly rows: number;
  /** By "measure@level": [tile of level 0][plane]. */
  readonly numbers: ReadonlyMap<string, Float64Array>;
  /** Bytes of the tiles of level 0, [tile][plane]. */
  readonly lengths: Float64Array;
};

export async function measureSlide(path: string): Promise<MeasuredSlide> {
  const source = await openSlide(path);
  try {
    const planeCount = source.info.planes.length;
    const [decision, ...others] = source.info.levels;
    const measured = [decision, ...others].filter(({ level }) => levels.some((wanted) => wanted === level));
    const { columns, rows } = decision.grid;
    const numbers = new Map<string, Float64Array>();
    const lengths = new Float64Array(columns * rows * planeCount);
    for (const level of measured) {
      for (const name of allMeasures) numbers.set(`${name}@${level.level}`, lengths.slice().fill(Number.NaN));
      for (let plane = 0; plane < planeCount; plane++) {
        for (let index = 0; index < tileCount(level.grid); index++) {
          const [row, column] = [Math.floor(index / level.grid.columns), index % level.grid.columns];
          const tile = await source.readTile({ level: level.level, plane, row, column });
          if (!tile) continue;
          if (level === decision) lengths[index * planeCount + plane] = tile.bytes.length;
          const parts = decisionParts(decision, level, row, column);
          const found = await measureParts(tile, parts);
          for (const [i, { tile: at }] of parts.entries()) {
            for (const name of allMeasures) {
              (numbers.get(`${name}@${level.level}`) as Float64Array)[at * planeCount + plane] = found[i][name];
            }
          }
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
  const parts: Part[] = [];
  for (let r = block.row; r < block.rowEnd; r++) {
    for (let c = block.column; c < block.columnEnd; c++) {
      const width = decision.grid.tileWidth / scale;
      const height = decision.grid.tileHeight / scale;
      const own = { x: (c - block.column) * width, y: (r - block.row) * height, width, height };
      parts.push({ tile: tileIndex(decision.grid, r, c), rect: clipToImage(own, shown) });
    }
  }
  return parts.filter(({ rect }) => rect.width > 0 && rect.height > 0);
}

async function measureParts(tile: EncodedTile, parts: readonly Part[]): Promise<Record<AnyMeasure, number>[]> {
  const luma = await decodeTileLuma(tile);
  const blocks = tile.encoding.codec === 'jpeg' ? bandsOf(tile) : undefined;
  return parts.map(({ rect }) => {
    const pixels = measureNames.map((name) => [name, focusMeasures[name](luma, rect, 1)]);
    const bands = bandNames.map((name) => [name, blocks ? sumCells(blocks[name], rect) : Number.NaN]);
    return Object.fromEntries([...pixels, ...bands]);
  });
}

function bandsOf({ bytes, encoding }: EncodedTile) {
  const header = parseJpegHeader(bytes, encoding.jpegTables);
  return Object.fromEntries(bandNames.map((name) => [name, blockFocus(bytes, header, focusBands[name])])) as Record<
    (typeof bandNames)[number],
    ReturnType<typeof blockFocus>
  >;
}

/** The cells of 16 pixels that lie in a part, at least half of each. */
function sumCells({ columns, rows, scores }: ReturnType<typeof blockFocus>, rect: Rect): number {
  const inside = (cell: number, from: number, length: number) => 16 * cell + 8 >= from && 16 * cell + 8 < from + length;
  let sum = 0;
  for (let row = 0; row < rows; row++) {
    if (!inside(row, rect.y, rect.height)) continue;
    for (let column = 0; column < columns; column++) {
      if (inside(column, rect.x, rect.width)) sum += scores[row * columns + column];
    }
  }
  return sum;
}
