// A plane of a tile service whose pictures can't be tiles of a slide: they overlap, are PNG, or of an odd size. They are decoded, once
// while they are kept, and retiled.
import { decodePicture, type PictureFacts } from '../../codecs/picture.js';
import { locating, SlideError, throwIfAborted } from '../../errors.js';
import type { TileEncoding } from '../../slide/encoded-tile.js';
import type { Rect, Size } from '../../slide/geometry.js';
import { bytesOf, cropRaster, filledRaster, padRaster, pasteRaster, type Raster } from '../../slide/raster.js';
import { defaultTileSize, type TileGrid, tileRect } from '../../slide/tile-grid.js';
import type { PlaneLevel, PlanePyramid } from '../plane-pyramid.js';
import type { TileServerPictures } from './tile-server-pictures.js';
import type { TileService } from './tile-service.js';

/** Pictures that a tile is put together from: rows of pixels are fetched, single pixels are not. */
const maxPicturesOfTile = 1024;

/** A plane of pictures like the one whose facts are given; `key` tells it from others of the slide. */
export function retiledPlane(pictures: TileServerPictures, facts: PictureFacts, key: string): PlanePyramid {
  const { service, slide } = pictures;
  const { file, overlap } = service;
  const { kind, channels } = facts;
  const side = slide.tileSize ?? defaultTileSize;
  for (const grid of pictures.grids) checkPictures(grid, side, file);
  const encoding: TileEncoding = {
    width: side,
    height: side,
    channels,
    sample: 'uint8',
    codec: 'raw',
    photometric: channels === 3 ? 'rgb' : 'black-is-zero',
    predictor: 1,
    bigEndian: false,
    subsampling: [1, 1],
  };
  const decoded = (level: number, row: number, column: number) =>
    slide.pictures.get(`${key}:${level}:${row}:${column}`, async () => {
      // Whoever waits for it shares it: it is given up with the whole slide, not with one of them.
      const { bytes, facts: own, shown } = await pictures.fetch(level, row, column);
      const raster = await decodePicture(bytes, own, channels);
      return { value: fitted(raster, shown), cost: raster.data.length };
    });
  const common = pictures.planeFacts(encoding);
  const note = `${whyRetiled(service, kind)}; retiled in tiles of ${side} pixels, encoded once`;
  return {
    ...common,
    retiled: kind === 'jpeg' ? 'lossy' : 'lossless',
    notes: [...service.notes, note],
    readTile: async (level, row, column, signal) => {
      throwIfAborted(signal);
      const { grid } = common.levels.find((each) => each.level === level) as PlaneLevel;
      const rect = tileRect(grid, row, column);
      const raster = filledRaster(rect, encoding, 0);
      const source = pictures.gridOf(level);
      const jobs: Promise<void>[] = [];
      for (let r = Math.floor(rect.y / source.tileHeight); r * source.tileHeight < rect.y + rect.height; r++) {
        for (let c = Math.floor(rect.x / source.tileWidth); c * source.tileWidth < rect.x + rect.width; c++) {
          const part = locating({ file, row: r, column: c }, () => decoded(level, r, c));
          jobs.push(part.then((picture) => paste(raster, rect, picture, tileRect(source, r, c), overlap)));
        }
      }
      await Promise.all(jobs);
      return { bytes: bytesOf(padRaster(raster, encoding).data), encoding };
    },
  };
}

function whyRetiled({ overlap }: TileService, kind: PictureFacts['kind']): string {
  if (overlap > 0) return `its tiles overlap, by ${overlap} px: they are cropped`;
  return kind === 'png' ? 'its tiles are PNG pictures' : 'its JPEG tiles can not be copied as they are';
}

function checkPictures(grid: TileGrid, side: number, file: string): void {
  const across = Math.ceil(Math.min(side, grid.width) / grid.tileWidth);
  const down = Math.ceil(Math.min(side, grid.height) / grid.tileHeight);
  if (across * down <= maxPicturesOfTile) return;
  const problem = `its tiles of ${grid.tileWidth} x ${grid.tileHeight} pixels are too small to be fetched one by one`;
  throw new SlideError('unsupported', problem, { file, hint: 'make them anew in larger tiles' });
}

/** The picture cropped, or extended by repetition, to what it shows. */
function fitted(raster: Raster, { width, height }: Size): Raster {
  const size = { width: Math.min(width, raster.width), height: Math.min(height, raster.height) };
  return padRaster(cropRaster(raster, { x: 0, y: 0, ...size }), { width, height });
}

/** Copies what a picture's own tile has of the rectangle; what it shows of its neighbours is theirs. */
function paste(target: Raster, rect: Rect, picture: Raster, own: Rect, overlap: number): void {
  const x = Math.max(rect.x, own.x);
  const y = Math.max(rect.y, own.y);
  const width = Math.min(rect.x + rect.width, own.x + own.width) - x;
  const height = Math.min(rect.y + rect.height, own.y + own.height) - y;
  const [left, top] = [own.x - Math.min(own.x, overlap), own.y - Math.min(own.y, overlap)];
  pasteRaster(target, x - rect.x, y - rect.y, picture, { x: x - left, y: y - top, width, height });
}
