// Pixels that a comparison shows: the worst tiles, and the region where flattening gains most, beside the plane in the middle.
import { decodeTile } from '../../codecs/codec.js';
import { locating, throwIfAborted } from '../../errors.js';
import { measureLuma } from '../../focus/measure-luma.js';
import { blankTile } from '../../output/compose-tile.js';
import { bestPlane } from '../../planner/contract/accuracy.js';
import { contentMask } from '../../planner/contract/content.js';
import type { RegionPictures, TilePictures } from '../../report/compare-pictures.js';
import type { WorstTile } from '../../report/run-report.js';
import { type SlidePicture, shownRange, slidePicture, stretchedRange } from '../../report/slide-picture.js';
import { middlePlaneOf } from '../../report/tile-samples.js';
import type { DepthMap } from '../../slide/depth-map.js';
import type { Rect, Size } from '../../slide/geometry.js';
import type { Level, TileBlock } from '../../slide/pyramid.js';
import { cropRaster, filledRaster, lumaOf, pasteRaster, type Raster } from '../../slide/raster.js';
import type { SlideSource } from '../../slide/slide-source.js';
import { tileRect } from '../../slide/tile-grid.js';

/** Tiles are shown no larger than this, in pixels: of larger ones, the sharpest part. */
const tileSide = 256;
/** About the size of the region, in pixels; at least a tile. */
const regionSize: Size = { width: 1024, height: 768 };

/** The chosen, the sharpest and the middle plane of each tile. */
export async function readTilePictures(
  source: SlideSource,
  level: Level,
  tiles: readonly WorstTile[],
  signal?: AbortSignal,
): Promise<TilePictures[]> {
  const middle = middlePlaneOf(source.info.planes.length);
  const pictures: TilePictures[] = [];
  for (const { row, column, chosen, best } of tiles) {
    const planes = [chosen, best, middle];
    const rasters: Raster[] = [];
    for (const plane of planes) rasters.push(await readPixels(source, level, plane, row, column, signal));
    const part = sharpestPart(rasters[1]);
    const range = stretchedRange(rasters);
    const [first, second, third] = await Promise.all(
      rasters.map((raster) => slidePicture(cropRaster(raster, part), range, tileSide)),
    );
    pictures.push({ chosen: first, best: second, middle: third });
  }
  return pictures;
}

/** The region of the slide where the chosen planes gain most over the one in the middle, on both, and on a slide of one plane if given. */
export async function readRegion(
  source: SlideSource,
  level: Level,
  map: DepthMap,
  scores: Float64Array,
  reference?: { readonly source: SlideSource; readonly level: Level },
  signal?: AbortSignal,
): Promise<RegionPictures> {
  const middle = middlePlaneOf(map.planeCount);
  const block = regionOfMostGain(level, map, scores);
  const flattened = await readBlock(source, level, block, (tile) => map.planes[tile], signal);
  const original = await readBlock(source, level, block, () => middle, signal);
  const other = reference && (await readBlock(reference.source, reference.level, block, () => 0, signal));
  const range = shownRange([flattened, original]);
  const side = Math.max(regionSize.width, regionSize.height);
  const picture = (raster: Raster): Promise<SlidePicture> => slidePicture(raster, range, side);
  const { x, y } = tileRect(level.grid, block.row, block.column);
  return {
    x,
    y,
    level: level.level,
    middle: await picture(original),
    flattened: await picture(flattened),
    ...(other && { reference: await picture(other) }),
  };
}

/** Where the sum of F(chosen) - F(middle) over tiles with content is highest; where nothing is gained, where most sharpness is. */
function regionOfMostGain({ grid }: Level, { planes, planeCount }: DepthMap, scores: Float64Array): TileBlock {
  const middle = middlePlaneOf(planeCount);
  const content = contentMask(scores, planeCount);
  const gain = Float64Array.from(planes, (plane, tile) => {
    if (!content[tile]) return 0;
    const of = (index: number) => scores[tile * planeCount + index];
    return of(plane) - of(middle) + 1e-6 * of(bestPlane(scores, planeCount, tile));
  });
  const columns = Math.min(grid.columns, Math.max(1, Math.floor(regionSize.width / grid.tileWidth)));
  const rows = Math.min(grid.rows, Math.max(1, Math.floor(regionSize.height / grid.tileHeight)));
  let found: TileBlock = { row: 0, column: 0, rowEnd: rows, columnEnd: columns };
  let most = Number.NEGATIVE_INFINITY;
  for (let row = 0; row + rows <= grid.rows; row++) {
    for (let column = 0; column + columns <= grid.columns; column++) {
      let sum = 0;
      for (let r = row; r < row + rows; r++) {
        for (let c = column; c < column + columns; c++) sum += gain[r * grid.columns + c];
      }
      if (sum <= most) continue;
      most = sum;
      found = { row, column, rowEnd: row + rows, columnEnd: column + columns };
    }
  }
  return found;
}

/** A block of tiles, each of the plane that `planeOf` gives for its index. */
async function readBlock(
  source: SlideSource,
  level: Level,
  { row, column, rowEnd, columnEnd }: TileBlock,
  planeOf: (tile: number) => number,
  signal: AbortSignal | undefined,
): Promise<Raster> {
  const { grid } = level;
  const first = tileRect(grid, row, column);
  const last = tileRect(grid, rowEnd - 1, columnEnd - 1);
  const size = { width: last.x + last.width - first.x, height: last.y + last.height - first.y };
  let block: Raster | undefined;
  for (let r = row; r < rowEnd; r++) {
    for (let c = column; c < columnEnd; c++) {
      const raster = await readPixels(source, level, planeOf(r * grid.columns + c), r, c, signal);
      block ??= filledRaster(size, raster, 0);
      const { x, y } = tileRect(grid, r, c);
      const { width, height } = raster;
      pasteRaster(block, x - first.x, y - first.y, raster, { x: 0, y: 0, width, height });
    }
  }
  return block as Raster;
}

/** What a tile shows of the slide; blank where the slide has no such tile. */
async function readPixels(
  source: SlideSource,
  { level, grid }: Level,
  plane: number,
  row: number,
  column: number,
  signal: AbortSignal | undefined,
): Promise<Raster> {
  throwIfAborted(signal);
  const tile = await source.readTile({ level, plane, row, column }, signal);
  const place = { file: source.fileOf(plane), level, plane, row, column };
  const raster = tile
    ? await locating(place, () => decodeTile(tile))
    : blankTile(grid, source.tileEncoding(level, plane));
  const { width, height } = tileRect(grid, row, column);
  return cropRaster(raster, { x: 0, y: 0, width, height });
}

/** The part of a tile with the most focus, by steps of half its side. */
function sharpestPart(raster: Raster): Rect {
  const luma = lumaOf(raster);
  const width = Math.min(tileSide, raster.width);
  const height = Math.min(tileSide, raster.height);
  let found: Rect = { x: 0, y: 0, width, height };
  let most = Number.NEGATIVE_INFINITY;
  for (let y = 0; y + height <= raster.height; y += tileSide / 2) {
    for (let x = 0; x + width <= raster.width; x += tileSide / 2) {
      const part = { x, y, width, height };
      const focus = measureLuma('box-difference', luma, part, 1);
      if (focus <= most) continue;
      most = focus;
      found = part;
    }
  }
  return found;
}
