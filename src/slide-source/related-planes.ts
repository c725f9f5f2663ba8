// Planes that nothing but their files' names ties together are held against each other before the first is used: two fields in one
// picture would be nobody's. Experiment related-planes has the figures.
import { decodeTileLuma } from '../codecs/codec.js';
import { isSlideError, locating, SlideError } from '../errors.js';
import type { Level } from '../slide/pyramid.js';
import type { Luma } from '../slide/raster.js';
import type { SlideSource } from '../slide/slide-source.js';
import { tileRect } from '../slide/tile-grid.js';
import { likeness, type Patch, patchOf, structureOf } from './likeness.js';

/** Likeness of planes of one field at least (experiment related-planes: neighbours have .95 and more, unrelated pictures up to .29). */
export const leastLikeness = 0.4;

/** unmeasured but for noise (experiment related-planes): variance of cells of twice the side over that of cells, from which on a plane counts: noise has a quarter. */
const leastLasting = 0.4;
/** unmeasured: structure over that of the plane with most of it, in variance, from which on a plane counts: others are empty, or hopelessly blurred. */
const leastOfMost = 0.02;
/** unmeasured: grey values of 8 bits that cells of a plane vary by, from which on it counts: what JPEG leaves of glass is less. */
const leastContrast = 1.5;

/** unmeasured: pixels along the longer side of the level that is compared, at least. */
const leastSide = 256;
/** unmeasured: tiles of each plane that are compared, along each side of the slide: where coarse levels are missing, a sample. */
const tilesAlongSide = 4;
/** unmeasured: cells of a picture along a side, about; and the pixels of a cell. */
const cellsAlongSide = 64;
const cellSides = { least: 4, most: 16 };
/** unmeasured: cells that a plane must have for its likeness to mean anything. */
const leastCells = 100;

/** A plane at two scales: what is blurred away at one is left at the other. It takes 20 kB. */
export type Sketch = readonly [fine: readonly Patch[], coarse: readonly Patch[]];

/** The source, whose first tile is given out once its planes have been found to be of one field; else `mismatch`, naming the pair. */
export function withRelatedPlanes(source: SlideSource): SlideSource {
  let related: Promise<void> | undefined;
  return {
    ...source,
    readTile: async (address, signal) => {
      related ??= checkRelated(source, signal);
      await related.catch((error: unknown) => {
        // Who comes after one that was stopped has it checked anew.
        if (isSlideError(error, 'aborted', 'transient')) related = undefined;
        throw error;
      });
      return source.readTile(address, signal);
    },
  };
}

async function checkRelated(source: SlideSource, signal: AbortSignal | undefined): Promise<void> {
  const { planes } = source.info;
  const sketches: Sketch[] = [];
  for (const { plane } of planes) {
    const sketch = await sketchOf(source, plane, signal);
    if (!sketch) return;
    sketches.push(sketch);
  }
  const pair = unrelatedPair(sketches, source.info.encoding.sample.endsWith('8'));
  if (!pair) return;
  const [a, b, found] = pair;
  const problem = `shows another field than plane ${a}, ${source.fileOf(a)}: they are alike by ${found.toFixed(2)}, planes of one field by ${leastLikeness} or more`;
  const hint = 'give the planes of one field; --unrelated takes them as they are';
  throw new SlideError('mismatch', problem, { file: source.fileOf(b), plane: b, hint });
}

/** The first two planes, neighbours but for empty ones between them, that are not of one field; and how alike they are. */
export function unrelatedPair(sketches: readonly Sketch[], isEightBit: boolean): [number, number, number] | undefined {
  const counting = countingPlanes(sketches, isEightBit);
  const known = new Map<string, number>();
  const alike = (i: number, j: number): number => {
    const [a, b] = [counting[Math.min(i, j)], counting[Math.max(i, j)]];
    if (a === undefined || b === undefined || i === j) return 0;
    const key = `${a} ${b}`;
    const found =
      known.get(key) ?? Math.max(...[0, 1].map((scale) => likeness(sketches[a][scale], sketches[b][scale])));
    known.set(key, found);
    return found;
  };
  const reach = [-2, -1, 1, 2];
  for (let i = 0; i + 1 < counting.length; i++) {
    const next = alike(i, i + 1);
    if (next >= leastLikeness) continue;
    // One plane may be a stranger, or all from here on: a plane that is like none beside it, or a step that nothing leads over.
    const stranger = [i, i + 1].some((at) => reach.every((by) => alike(at, at + by) < leastLikeness));
    const step = [alike(i - 1, i + 1), alike(i, i + 2), alike(i - 1, i + 2)].every((over) => over < leastLikeness);
    if (stranger || step) return [counting[i], counting[i + 1], next];
  }
  return undefined;
}

/** The planes with structure that is more than noise, of those of a stack. */
export function countingPlanes(sketches: readonly Sketch[], isEightBit: boolean): number[] {
  const structures = sketches.map(([fine]) => structureOf(fine));
  const floor = Math.max(leastOfMost * Math.max(...structures), isEightBit ? leastContrast ** 2 : 0);
  return sketches.flatMap(([, coarse], plane) => {
    const structure = structures[plane];
    return structure > floor && structureOf(coarse) > leastLasting * structure ? [plane] : [];
  });
}

/** How alike two planes are, from 0 to 1, at the scale where they are more so. */
export function likenessOf(a: Sketch, b: Sketch): number {
  return Math.max(likeness(a[0], b[0]), likeness(a[1], b[1]));
}

/** A plane in a few cells; undefined where it is too small to be compared. */
export async function sketchOf(source: SlideSource, plane: number, signal?: AbortSignal): Promise<Sketch | undefined> {
  const { levels } = source.info;
  const level = [...levels].reverse().find(({ grid }) => Math.max(grid.width, grid.height) >= leastSide) ?? levels[0];
  const tiles = sampledTiles(level);
  return sketchOfParts(await Promise.all(tiles.map((tile) => readLuma(source, level, plane, tile, signal))));
}

/** The same of parts of a picture. */
export function sketchOfParts(parts: readonly Luma[]): Sketch | undefined {
  const pixels = parts.reduce((sum, { width, height }) => sum + width * height, 0);
  const { least, most } = cellSides;
  const side = Math.min(most, Math.max(least, Math.round(Math.sqrt(pixels) / cellsAlongSide)));
  const patches = (cell: number) => parts.flatMap((part) => patchOf(part, cell) ?? []);
  const [fine, coarse] = [patches(side), patches(2 * side)];
  return fine.reduce((sum, { cells }) => sum + cells.length, 0) < leastCells ? undefined : [fine, coarse];
}

type SampledTile = { readonly row: number; readonly column: number; readonly width: number; readonly height: number };

/** All tiles of a level where they are few, else some, evenly spread. */
function sampledTiles({ grid }: Level): SampledTile[] {
  const spread = (count: number) => [
    ...new Set(Array.from({ length: tilesAlongSide }, (_, i) => Math.floor(((i + 0.5) * count) / tilesAlongSide))),
  ];
  return spread(grid.rows).flatMap((row) =>
    spread(grid.columns).map((column) => ({ row, column, ...tileRect(grid, row, column) })),
  );
}

/** What a tile shows, in luma; blank where the slide has none. */
async function readLuma(
  source: SlideSource,
  { level }: Level,
  plane: number,
  { row, column, width, height }: SampledTile,
  signal: AbortSignal | undefined,
): Promise<Luma> {
  const tile = await source.readTile({ level, plane, row, column }, signal);
  if (!tile) return { width, height, data: new Uint8Array(width * height) };
  const place = { file: source.fileOf(plane), level, plane, row, column };
  const luma = await locating(place, () => decodeTileLuma(tile));
  if (luma.width === width && luma.height === height) return luma;
  const data = luma.data instanceof Uint16Array ? new Uint16Array(width * height) : new Uint8Array(width * height);
  for (let y = 0; y < height; y++) data.set(luma.data.subarray(y * luma.width, y * luma.width + width), y * width);
  return { width, height, data };
}
