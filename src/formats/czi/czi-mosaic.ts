// The levels of a CZI stack: mosaics of sub-blocks that may overlap and lie anywhere. A grid is laid over each, and tiles are put
// together from the pictures under them: of two that overlap, the one with the higher index in the mosaic is on top.
import { SlideError, throwIfAborted } from '../../errors.js';
import type { Rect, Size } from '../../slide/geometry.js';
import type { Level } from '../../slide/pyramid.js';
import { filledRaster, type PixelFormat, pasteRaster, type Raster } from '../../slide/raster.js';
import { layTileGrid, tileCount } from '../../slide/tile-grid.js';
import { countOnTiles, coversAll } from './czi-coverage.js';
import type { CziPixels } from './czi-pixels.js';
import { type CziSelection, levelOf } from './czi-selection.js';
import type { SubBlock } from './sub-block.js';

/** A sub-block where it lies on its level, in pixels of that. */
export type PlacedBlock = Rect & { readonly block: SubBlock };

/** Planes by their index along Z; blocks from the bottom of the mosaic to its top. */
export type MosaicLevel = Level & { readonly planes: ReadonlyMap<number, readonly PlacedBlock[]> };

/** Levels from fine to coarse, and what was left out. */
export type Mosaic = { readonly levels: readonly MosaicLevel[]; readonly notes: readonly string[] };

/** Tiles of all planes of a level: more is no slide, but a number that went wrong. */
const maxTiles = 2 ** 24;
/** Cells by which what levels show is compared, of all planes. */
const maxCells = 2 ** 23;
/** Pictures that a tile is put together from. */
const maxBlocksOfTile = 4096;

/** The levels of a selection from fine to coarse, and what was left out; all planes of one have the same grid. */
export function layMosaic(
  { blocks, bounds, planes }: Pick<CziSelection, 'blocks' | 'bounds' | 'planes'>,
  tile: Size,
  file: string,
): Mosaic {
  const byLevel = new Map<number, SubBlock[]>();
  let odd = 0;
  for (const block of blocks) {
    const level = levelOf(block);
    if (level === undefined) {
      odd++;
      continue;
    }
    const own = byLevel.get(level) ?? [];
    byLevel.set(level, own);
    own.push(block);
  }
  const notes = odd > 0 ? [`left out ${odd} pictures whose scale is no power of two`] : [];
  const levels: MosaicLevel[] = [];
  for (const number of [...byLevel.keys()].sort((a, b) => a - b)) {
    const level = retileLevel(number, byLevel.get(number) as SubBlock[], bounds, planes, tile, file);
    if (number === 0 || coversFinest(level, levels[0])) levels.push(level);
    else notes.push(`left out level ${number}: it does not show all that level 0 does`);
  }
  return { levels, notes };
}

function retileLevel(
  level: number,
  blocks: readonly SubBlock[],
  bounds: Rect,
  planeIndices: readonly number[],
  tile: Size,
  file: string,
): MosaicLevel {
  const scale = 2 ** level;
  const size = {
    width: Math.max(1, Math.floor(bounds.width / scale)),
    height: Math.max(1, Math.floor(bounds.height / scale)),
  };
  const grid = layTileGrid(size, tile);
  if (tileCount(grid) * planeIndices.length > maxTiles) {
    const problem = `tells of ${size.width} x ${size.height} pixels on ${planeIndices.length} planes`;
    throw new SlideError('unsupported', problem, { file, level, hint: 'take larger tiles, with --tile-size' });
  }
  const planes = new Map<number, PlacedBlock[]>(planeIndices.map((plane) => [plane, []]));
  for (const block of blocks) {
    planes.get(block.z)?.push({
      block,
      x: Math.round((block.x - bounds.x) / scale),
      y: Math.round((block.y - bounds.y) / scale),
      width: block.storedWidth,
      height: block.storedHeight,
    });
  }
  // A stable sort: of two with the same index the later one is on top.
  for (const placed of planes.values()) placed.sort((a, b) => compare(a.block.mosaic, b.block.mosaic));
  return { level, grid, planes };
}

/** By no difference: two that have no index are both -Infinity. */
function compare(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Whether a coarser level shows something wherever level 0 does, on every plane. */
function coversFinest({ level, grid, planes }: MosaicLevel, finest: MosaicLevel): boolean {
  return [...finest.planes].every(([plane, rects]) =>
    coversAll(planes.get(plane) ?? [], rects, grid, { scale: 2 ** level, maxCells: maxCells / planes.size }),
  );
}

/** Which tiles of a plane show a picture, row-major. */
export function tilesShown({ level, grid, planes }: MosaicLevel, plane: number, file: string): Uint8Array {
  const counts = countOnTiles(planes.get(plane) ?? [], grid);
  const crowded = counts.findIndex((count) => count > maxBlocksOfTile);
  if (crowded < 0) return Uint8Array.from(counts, (count) => (count > 0 ? 1 : 0));
  const hint = 'take smaller tiles, with --tile-size';
  const problem = `${counts[crowded]} pictures lie under one tile`;
  const place = { file, level, row: Math.floor(crowded / grid.columns), column: crowded % grid.columns };
  throw new SlideError('unsupported', problem, { ...place, hint });
}

/** The pixels of a rectangle of a level; blank where no picture is: white in colour, black in grey. */
export async function composeMosaic(
  blocks: readonly PlacedBlock[],
  rect: Rect,
  format: PixelFormat,
  pixels: CziPixels,
  signal?: AbortSignal,
): Promise<Raster> {
  throwIfAborted(signal);
  const raster = filledRaster(rect, format, format.channels === 3 ? 255 : 0);
  // One after the other: no more than one picture is decoded for a tile at a time.
  for (const { block, x, y, width, height } of blocks) {
    const left = Math.max(x, rect.x);
    const top = Math.max(y, rect.y);
    const shown = {
      width: Math.min(x + width, rect.x + rect.width) - left,
      height: Math.min(y + height, rect.y + rect.height) - top,
    };
    if (shown.width <= 0 || shown.height <= 0) continue;
    const rows = await pixels.read(block, top - y, top - y + shown.height, signal);
    if (!rows) continue;
    const from = { x: left - x, y: top - y - rows.top, ...shown };
    pasteRaster(raster, left - rect.x, top - rect.y, rows.raster, from);
  }
  return raster;
}
