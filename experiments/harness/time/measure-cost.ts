// The CPU time of focus measures on JPEG tiles in memory: in rounds, every measure in each, so that all meet the same machine.
import { decodeTileLuma } from '../../../src/codecs/codec.js';
import {
  defaultMeasure,
  type FocusMeasureName,
  focusMeasureNames,
  isCoefficientMeasure,
} from '../../../src/focus/focus-measure.js';
import { measureLuma } from '../../../src/focus/measure-luma.js';
import type { EncodedTile } from '../../../src/slide/encoded-tile.js';
import type { Luma } from '../../../src/slide/raster.js';
import { tileCount } from '../../../src/slide/tile-grid.js';
import { openSlide } from '../../../src/slide-source/open-slide.js';
import { measureParts } from '../../../src/tile-jobs/measure-tile.js';
import { quantile } from '../experiment.js';

/** So many tiles are measured at the most; they and their pixels are held in memory. */
const mostTiles = 512;
/** Measuring alone is over in no time: it is done so often a round. */
const passes = 5;

export type MeasureCost = {
  readonly name: FocusMeasureName;
  /** CPU milliseconds a megapixel from compressed tile to number, of all threads: the median round. */
  readonly ms: number;
  /** The same over that of the default measure in the same round: the median round, and the least and most. */
  readonly ratio: number;
  readonly ratios: readonly [number, number];
  /** Milliseconds a megapixel without decoding; NaN for measures that decode no pixel. */
  readonly measuring: number;
};

/** Of every measure that the slide's tiles allow; the default measure comes first. */
export async function measureCosts(file: string, rounds: number): Promise<MeasureCost[]> {
  const tiles = await tilesOf(file);
  const lumas: Luma[] = [];
  for (const tile of tiles) lumas.push(await decodeTileLuma(tile));
  const isJpeg = tiles.every(({ encoding }) => encoding.codec === 'jpeg');
  const allowed = focusMeasureNames.filter((name) => isJpeg || !isCoefficientMeasure(name));
  const names = [defaultMeasure, ...allowed.filter((name) => name !== defaultMeasure)];
  const megapixels = tiles.reduce((sum, { encoding }) => sum + encoding.width * encoding.height, 0) / 1e6;
  const whole = names.map(() => [] as number[]);
  const alone = names.map(() => [] as number[]);
  for (const name of names) await cpuOf(() => measureAll(tiles, name)); // compiles what is measured
  for (let round = 0; round < rounds; round++) {
    for (const [i] of names.entries()) {
      // Another one begins each round.
      const at = (i + round) % names.length;
      whole[at].push((await cpuOf(() => measureAll(tiles, names[at]))) / megapixels);
      alone[at].push((await pixelsAlone(lumas, names[at])) / megapixels);
    }
  }
  return names.map((name, i) => {
    const ratios = whole[i].map((ms, round) => ms / whole[0][round]);
    return {
      name,
      ms: quantile(whole[i], 0.5),
      ratio: quantile(ratios, 0.5),
      ratios: [Math.min(...ratios), Math.max(...ratios)],
      measuring: quantile(alone[i], 0.5),
    };
  });
}

/** Tiles of level 0, spread over the slide and its planes. */
async function tilesOf(file: string): Promise<EncodedTile[]> {
  const source = await openSlide(file);
  try {
    const { planes, levels } = source.info;
    const [{ grid }] = levels;
    const all = tileCount(grid) * planes.length;
    const step = Math.max(1, Math.ceil(all / mostTiles));
    const tiles: EncodedTile[] = [];
    for (let slot = 0; slot < all; slot += step) {
      const [index, plane] = [Math.floor(slot / planes.length), slot % planes.length];
      const place = { row: Math.floor(index / grid.columns), column: index % grid.columns };
      const tile = await source.readTile({ level: levels[0].level, plane, ...place });
      if (tile) tiles.push(tile);
    }
    return tiles;
  } finally {
    await source.close();
  }
}

async function measureAll(tiles: readonly EncodedTile[], name: FocusMeasureName): Promise<void> {
  for (const tile of tiles) {
    const { width, height } = tile.encoding;
    await measureParts(tile, [{ x: 0, y: 0, width, height }], name, 1);
  }
}

/** CPU milliseconds of measuring what is decoded already. */
async function pixelsAlone(lumas: readonly Luma[], name: FocusMeasureName): Promise<number> {
  if (isCoefficientMeasure(name)) return Number.NaN;
  const ms = await cpuOf(() => {
    for (let pass = 0; pass < passes; pass++) {
      for (const luma of lumas) measureLuma(name, luma, { x: 0, y: 0, width: luma.width, height: luma.height }, 1);
    }
  });
  return ms / passes;
}

async function cpuOf(work: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
