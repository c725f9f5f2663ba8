// The pictures of a tile service, fetched and checked, and what planes made of them have in common.
import { type PictureFacts, readPictureFacts } from '../../codecs/picture.js';
import { SlideError } from '../../errors.js';
import type { TileEncoding } from '../../slide/encoded-tile.js';
import type { Rect, Size } from '../../slide/geometry.js';
import type { Raster } from '../../slide/raster.js';
import { layTileGrid, type TileGrid, tileCount } from '../../slide/tile-grid.js';
import type { PlaneLevel } from '../plane-pyramid.js';
import { StripCache } from '../strip-cache.js';
import { checkPictureSize, maxPictureBytes, shownBy, type TileService } from './tile-service.js';

/** What the planes of a slide share. */
export type TileServerSlide = {
  readonly planes: number;
  /** Side of tiles where they can't be copied, but are retiled. */
  readonly tileSize: number | undefined;
  /** Decoded pictures. */
  readonly pictures: StripCache<Raster>;
  /** Lengths, by how many; see PlanePyramid. */
  readonly lengths: Map<number, Uint8Array>;
};

/** A picture as it came; `shown` is the part of its level that it shows. */
export type FetchedPicture = { readonly bytes: Uint8Array; readonly facts: PictureFacts; readonly shown: Rect };

/** Bytes of decoded pictures kept, for the tiles beside. */
const keptBytes = 96 << 20;
/** Tiles of all planes of a level: more is no slide, but a number that went wrong. */
const maxTiles = 2 ** 26;
/** Side of a picture: what a few of take memory that there is, 64 MB each. */
const longestSide = 4096;

const lengthsUnknown = 'lengths of tiles are not known before they are fetched';

export function tileServerSlide(planes: number, tileSize: number | undefined): TileServerSlide {
  return { planes, tileSize, pictures: new StripCache(keptBytes), lengths: new Map() };
}

export class TileServerPictures {
  readonly service: TileService;
  readonly slide: TileServerSlide;
  readonly #grids: ReadonlyMap<number, TileGrid>;
  /** Bytes that a picture may have. */
  readonly #maxBytes: number;

  /** Throws `damaged` or `unsupported` for sizes that memory is not taken for. */
  constructor(service: TileService, slide: TileServerSlide) {
    const { tile, levels, overlap, file } = service;
    this.service = service;
    this.slide = slide;
    this.#grids = new Map(levels.map((level) => [level.level, layTileGrid(level, tile)]));
    for (const grid of this.#grids.values()) checkTileCount(grid, slide.planes, file);
    const [image] = levels;
    const largest: Size = {
      width: Math.min(image.width, tile.width) + 2 * overlap,
      height: Math.min(image.height, tile.height) + 2 * overlap,
    };
    if (Math.max(largest.width, largest.height) > longestSide) {
      const problem = `its tiles are pictures of ${largest.width} x ${largest.height} pixels`;
      const hint = `zflat reads tiles of up to ${longestSide} pixels`;
      throw new SlideError('unsupported', problem, { file, hint });
    }
    // Servers may send the edge as whole tiles.
    this.#maxBytes = maxPictureBytes({
      width: Math.min(longestSide, tile.width + 2 * overlap),
      height: Math.min(longestSide, tile.height + 2 * overlap),
    });
  }

  get grids(): readonly TileGrid[] {
    return [...this.#grids.values()];
  }

  gridOf(level: number): TileGrid {
    const grid = this.#grids.get(level);
    if (!grid) throw new RangeError(`the plane has no level ${level}`);
    return grid;
  }

  /** Fetches the picture of a tile, and sees to it that it is of the right size. */
  async fetch(level: number, row: number, column: number, signal?: AbortSignal): Promise<FetchedPicture> {
    const { overlap, tile } = this.service;
    const bytes = await this.service.fetch(level, row, column, this.#maxBytes, signal);
    const facts = readPictureFacts(bytes);
    const shown = shownBy(this.gridOf(level), row, column, overlap);
    checkPictureSize(facts, shown, overlap === 0 ? tile : shown, level);
    return { bytes, facts, shown };
  }

  /** What a plane has whose tiles are stored like this, whichever way they are made. */
  planeFacts(encoding: TileEncoding) {
    const { slide, service } = this;
    const levels: PlaneLevel[] = service.levels.map((size) => {
      const grid = layTileGrid(size, encoding);
      checkTileCount(grid, slide.planes, service.file);
      return { level: size.level, grid, encoding };
    });
    return {
      file: service.file,
      notes: service.notes,
      levels,
      lengthsUnknown: () => lengthsUnknown,
      tileLengths: (level: number) => {
        const tiles = tileCount((levels.find((each) => each.level === level) as PlaneLevel).grid);
        const lengths = slide.lengths.get(tiles) ?? new Uint8Array(tiles).fill(1);
        slide.lengths.set(tiles, lengths);
        return lengths;
      },
    };
  }
}

function checkTileCount(grid: TileGrid, planes: number, file: string): void {
  if (tileCount(grid) * planes <= maxTiles) return;
  const { width, height, tileWidth, tileHeight } = grid;
  const problem = `tells of ${planes} planes of ${width} x ${height} pixels in tiles of ${tileWidth} x ${tileHeight}`;
  throw new SlideError('damaged', problem, { file, hint: 'check its description' });
}
