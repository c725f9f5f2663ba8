// A slide made of plane pyramids that fit together, whatever files they lie in.
import { SlideError } from '../errors.js';
import type { FocalPlane } from '../slide/focal-planes.js';
import { findLevel, tilesPerSide } from '../slide/pyramid.js';
import type { Raster } from '../slide/raster.js';
import type { AssociatedImage, SlideInfo } from '../slide/slide-info.js';
import type { SlideSource } from '../slide/slide-source.js';
import { sameGrid, tileCount, tileIndex } from '../slide/tile-grid.js';
import { comparableLengths } from './comparable-lengths.js';
import type { PlaneLevel, PlanePyramid } from './plane-pyramid.js';

/** What a format knows of a slide beside its planes. */
export type PlanesFacts = Omit<SlideInfo, 'levels' | 'encoding' | 'retiled' | 'orientation' | 'planes'> & {
  readonly planes: readonly FocalPlane[];
  readonly readAssociatedImage: (image: AssociatedImage) => Promise<Raster>;
  readonly readNotes?: SlideSource['readNotes'];
  readonly close: () => Promise<void>;
};

/** Joins planes, lowest first; `mismatch`, saying which and how, where they do not fit together. */
export function planesSource(planes: readonly PlanePyramid[], facts: PlanesFacts): SlideSource {
  const { readAssociatedImage, readNotes, close, ...known } = facts;
  const [first] = planes;
  for (const [index, plane] of planes.entries()) checkFit(first, plane, index);
  const { orientation = 1 } = first;
  const shared = first.levels.filter(({ level }) => planes.every((plane) => findLevel(plane.levels, level)));
  const levels = shared.filter((level) => tilesPerSide(first.levels[0], level));
  const notes = new Set(planes.flatMap((plane) => plane.notes));
  if (orientation !== 1) notes.add(`its pixels are stored turned (Orientation ${orientation}): kept so, with the tag`);
  if (shared.length < first.levels.length) notes.add('left out coarser levels that not every plane has');
  if (levels.length < shared.length) notes.add('left out levels whose tiles do not nest in those of level 0');
  const gaps = describeGaps(planes, levels);
  if (gaps !== undefined) notes.add(gaps);
  return {
    info: {
      ...known,
      notes: [...facts.notes, ...notes],
      levels: levels.map(({ level, grid }) => ({ level, grid })),
      encoding: levels[0].encoding,
      orientation: orientation === 1 ? undefined : orientation,
      retiled: planes.find((plane) => plane.retiled === 'lossy')?.retiled ?? first.retiled,
    },
    fileOf: (plane) => planes[plane].file,
    readTile: async ({ level, plane, row, column }, signal) => {
      try {
        return await planes[plane].readTile(level, row, column, signal);
      } catch (error) {
        throw error instanceof SlideError ? error.at({ level, plane, row, column }) : error;
      }
    },
    ...(planes.every(({ findTile }) => findTile) && {
      findTile: ({ level, plane, row, column }) => planes[plane].findTile?.(level, row, column),
    }),
    tileEncoding: (level, plane) => (findLevel(planes[plane].levels, level) as PlaneLevel).encoding,
    hasTile: ({ level, plane, row, column }) => {
      const { grid } = findLevel(planes[plane].levels, level) as PlaneLevel;
      return planes[plane].tileLengths(level)[tileIndex(grid, row, column)] > 0;
    },
    tileLengths: (level) => comparableLengths(planes, level),
    readAssociatedImage,
    ...(readNotes && { readNotes }),
    close,
  };
}

/** How many tiles there are not; undefined where there are all. */
function describeGaps(planes: readonly PlanePyramid[], levels: readonly PlaneLevel[]): string | undefined {
  const counts = { missing: 0, all: 0, blank: 0 };
  for (const { level, grid } of levels) {
    const lengths = planes.map((plane) => plane.tileLengths(level));
    for (let tile = 0; tile < tileCount(grid); tile++) {
      let there = 0;
      for (let plane = 0; plane < lengths.length; plane++) if (lengths[plane][tile] > 0) there++;
      counts.all += lengths.length;
      counts.missing += lengths.length - there;
      if (there === 0) counts.blank++;
    }
  }
  const { missing, all, blank } = counts;
  if (missing === 0) return undefined;
  return `${missing} of ${all} tiles are missing in the slide; ${blank} places have none on any plane, and stay blank`;
}

function checkFit(first: PlanePyramid, other: PlanePyramid, plane: number): void {
  const [turned, turnedFirst] = [other.orientation ?? 1, first.orientation ?? 1];
  if (turned !== turnedFirst) {
    const hint = 'save all planes upright, turned in their pixels';
    const problem = `is stored turned (Orientation ${turned}), plane 0 is not so (${turnedFirst})`;
    throw new SlideError('mismatch', problem, { file: other.file, plane, hint });
  }
  for (const level of first.levels) {
    const same = findLevel(other.levels, level.level) as PlaneLevel | undefined;
    if (!same) continue;
    const difference = differenceBetween(level, same);
    if (!difference) continue;
    throw new SlideError('mismatch', `differs from plane 0 in ${difference}`, {
      file: other.file,
      level: level.level,
      plane,
      hint: 'all planes of a z-stack must have one size, tile grid and pixel type',
    });
  }
}

function differenceBetween(a: PlaneLevel, b: PlaneLevel): string | undefined {
  const pixels = ({ encoding: { channels, sample } }: PlaneLevel) => `${channels} x ${sample}`;
  if (a.grid.width !== b.grid.width || a.grid.height !== b.grid.height) {
    return `size: ${b.grid.width} x ${b.grid.height} instead of ${a.grid.width} x ${a.grid.height} pixels`;
  }
  if (!sameGrid(a.grid, b.grid)) {
    const tile = ({ grid }: PlaneLevel) => `${grid.tileWidth} x ${grid.tileHeight}`;
    return `tile grid: tiles of ${tile(b)} instead of ${tile(a)} pixels`;
  }
  return pixels(a) === pixels(b) ? undefined : `pixel type: ${pixels(b)} instead of ${pixels(a)} samples`;
}
