// When compressed lengths of different planes mean the same: one codec, one photometry and, for JPEG, the same quantisation
// tables (another quality makes another length of the same picture).
import { locating } from '../errors.js';
import { parseJpegHeader } from '../jpeg/header.js';
import { quantisationKey } from '../jpeg/tables.js';
import type { TileEncoding } from '../slide/encoded-tile.js';
import { findLevel } from '../slide/pyramid.js';
import type { TileLengths } from '../slide/slide-source.js';
import { tileCount } from '../slide/tile-grid.js';
import type { PlaneLevel, PlanePyramid } from './plane-pyramid.js';

/** Tiles of each plane whose tables are compared: enough to notice planes of another quality, cheap to read. */
const probedTiles = 3;

/** The lengths of all tiles of a level, plane-major, if those of different planes can be compared. */
export async function comparableLengths(planes: readonly PlanePyramid[], level: number): Promise<TileLengths> {
  const incomparable = (reason: string): TileLengths => ({ comparable: false, reason });
  const [first, ...others] = planes.map((plane) => findLevel(plane.levels, level) as PlaneLevel);
  if (planes.some(({ retiled }) => retiled)) return incomparable('planes are stored without tiles');
  await Promise.all(planes.map((plane) => plane.findLengths?.(level)));
  for (const plane of planes) {
    const unknown = plane.lengthsUnknown?.(level);
    if (unknown) return incomparable(unknown);
  }
  if (first.encoding.codec === 'raw') return incomparable('tiles are uncompressed');
  for (const { encoding } of others) {
    const difference = encodingDifference(first.encoding, encoding);
    if (difference) return incomparable(`planes differ in ${difference}`);
  }
  if (first.encoding.codec === 'jpeg') {
    const keys = new Set(
      (await Promise.all(planes.map((each, plane) => locating({ plane }, () => quantisationKeys(each, level))))).flat(),
    );
    if (keys.size > 1) return incomparable('planes differ in quantisation tables');
  }
  const tiles = tileCount(first.grid);
  const bytes = new Float64Array(planes.length * tiles);
  for (const [index, plane] of planes.entries()) bytes.set(plane.tileLengths(level), index * tiles);
  return { comparable: true, bytes };
}

function encodingDifference(a: TileEncoding, b: TileEncoding): string | undefined {
  if (a.codec !== b.codec) return `codec (${a.codec}, ${b.codec})`;
  if (a.photometric !== b.photometric) return `photometry (${a.photometric}, ${b.photometric})`;
  if (String(a.subsampling) !== String(b.subsampling)) return 'chroma subsampling';
  return a.predictor === b.predictor ? undefined : 'predictor';
}

/** The quantisation tables of a few tiles, from the first to the last that a plane has. */
async function quantisationKeys(plane: PlanePyramid, level: number): Promise<string[]> {
  const lengths = plane.tileLengths(level);
  const { columns } = (findLevel(plane.levels, level) as PlaneLevel).grid;
  const stored = Array.from(lengths, (length, index) => (length > 0 ? index : -1)).filter((index) => index >= 0);
  const probed = new Set(
    Array.from({ length: probedTiles }, (_, i) => stored[Math.round((i * (stored.length - 1)) / (probedTiles - 1))]),
  );
  return Promise.all(
    [...probed]
      .filter((index) => index !== undefined)
      .map((index) => {
        const [row, column] = [Math.floor(index / columns), index % columns];
        return locating({ file: plane.file, level, row, column }, async () => {
          const tile = await plane.readTile(level, row, column);
          return tile ? quantisationKey(parseJpegHeader(tile.bytes, tile.encoding.jpegTables)) : '';
        });
      }),
  );
}
