import { describe, expect, test, vi } from 'vitest';
import type { SynthOptions } from '../../src/synth/synth-options.js';
import { createSynthSlide, type SynthSlide } from '../../src/synth/synth-slide.js';
import { tileSharpness } from './tile-sharpness.js';

vi.setConfig({ testTimeout: 120_000 });

const planeCount = 5;
const top = planeCount - 1;

/** Without noise: what holds here holds for what is seen, not for what the camera adds. */
function createSlide(options: SynthOptions): Promise<SynthSlide> {
  return createSynthSlide({ width: 1536, height: 1024, planeCount, noise: 0, ...options });
}

type Tile = {
  readonly row: number;
  readonly column: number;
  /** By plane. */
  readonly sharpness: readonly number[];
  readonly truth: number | undefined;
  readonly tissue: number;
};

function measureTiles(slide: SynthSlide): Tile[] {
  const { rows, columns } = slide.grid;
  return Array.from({ length: rows * columns }, (_, index) => {
    const row = Math.floor(index / columns);
    const column = index % columns;
    const { plane: truth, tissue } = slide.tileTruth(row, column);
    const sharpness = slide.planes.map(({ plane }) => tileSharpness(slide.renderTile(plane, row, column)));
    return { row, column, sharpness, truth, tissue };
  });
}

function sharpestPlane({ sharpness }: Tile): number {
  return sharpness.indexOf(Math.max(...sharpness));
}

/** Heights of what a tile shows, at every 32nd pixel each way. */
function heightsIn(slide: SynthSlide, row: number, column: number): number[] {
  const { tileWidth, tileHeight } = slide.grid;
  const heights: number[] = [];
  for (let y = 16; y < tileHeight; y += 32) {
    for (let x = 16; x < tileWidth; x += 32) {
      const height = slide.heightAt(column * tileWidth + x, row * tileHeight + y);
      if (height !== undefined) heights.push(height);
    }
  }
  return heights;
}

function share<Item>(items: readonly Item[], holds: (item: Item) => boolean): number {
  return items.filter(holds).length / items.length;
}

describe('flat', () => {
  test('every tile should be sharpest in the middle plane, and the less so the farther from it', async () => {
    const tiles = measureTiles(await createSlide({ terrain: 'flat', seed: 21 }));
    for (const tile of tiles.filter(({ tissue }) => tissue > 0.05)) {
      expect(tile.truth).toBe(2);
      const [lowest, low, middle, high, highest] = tile.sharpness;
      expect(low).toBeLessThan(middle);
      expect(lowest).toBeLessThan(low);
      expect(high).toBeLessThan(middle);
      expect(highest).toBeLessThan(high);
      expect(highest).toBeLessThan(0.7 * middle);
    }
  });
});

describe.each(['tilt', 'bumps', 'step', 'gravel', 'mixed'] as const)('%s', (terrain) => {
  test('tiles of one height should be sharpest on the plane nearest to it', async () => {
    const slide = await createSlide({ terrain, seed: 22 });
    const tiles = measureTiles(slide).filter(({ tissue }) => tissue > 0.05);
    let level = 0;
    for (const tile of tiles) {
      const heights = heightsIn(slide, tile.row, tile.column);
      const nearest = Math.round(heights[0]);
      // no doubt which plane all of it is nearest to
      if (!heights.every((height) => Math.abs(height - nearest) < 0.46)) continue;
      level++;
      expect(tile.truth).toBe(nearest);
      expect(sharpestPlane(tile)).toBe(nearest);
    }
    expect(level).toBeGreaterThan(0);
    // tiles of two heights included; .96 and 1 were seen
    expect(share(tiles, (tile) => sharpestPlane(tile) === tile.truth)).toBeGreaterThan(0.8);
    expect(share(tiles, (tile) => Math.abs(sharpestPlane(tile) - tile.truth!) <= 1)).toBeGreaterThan(0.95);
  });
});

describe('gravel', () => {
  test('should be half specimen, half glass, with clumps at heights over most of the z range', async () => {
    const slide = await createSlide({ terrain: 'gravel', width: 3072, height: 3072, seed: 23 });
    const { planes } = slide.trueDepth();
    const specimen = [...planes].filter((plane) => plane >= 0);
    expect(specimen.length / planes.length).toBeGreaterThan(0.4);
    expect(specimen.length / planes.length).toBeLessThan(0.8);
    expect(new Set(specimen).size).toBeGreaterThanOrEqual(planeCount - 1);
  });

  test('glass should hardly differ from plane to plane, specimen should', async () => {
    const tiles = measureTiles(await createSlide({ terrain: 'gravel', seed: 24 }));
    const range = ({ sharpness }: Tile) => Math.max(...sharpness) - Math.min(...sharpness);
    const glass = tiles.filter(({ truth }) => truth === undefined);
    const specimen = tiles.filter(({ tissue }) => tissue > 0.2);
    expect(glass.length).toBeGreaterThan(3);
    expect(specimen.length).toBeGreaterThan(3);
    for (const tile of glass) expect(range(tile)).toBeLessThan(0.1);
    for (const tile of specimen) expect(range(tile)).toBeGreaterThan(0.3);
  });

  test('without clumps all should be glass', async () => {
    const { planes, tissue } = (await createSlide({ terrain: 'gravel', clumpDensity: 0 })).trueDepth();
    expect(new Set(planes)).toEqual(new Set([-1]));
    expect(new Set(tissue)).toEqual(new Set([0]));
  });

  test('more clumps should mean more specimen', async () => {
    const mean = async (clumpDensity: number) => {
      const { tissue } = (await createSlide({ terrain: 'gravel', clumpDensity, seed: 25 })).trueDepth();
      return tissue.reduce((sum, value) => sum + value, 0) / tissue.length;
    };
    expect(await mean(0.3)).toBeLessThan(0.5 * (await mean(1.2)));
  });
});

describe('step', () => {
  test('should be low on one side, high on the other, with nothing between but the border', async () => {
    const slide = await createSlide({ terrain: 'step', clumpDensity: 0, seed: 26 });
    const heights = Array.from({ length: slide.grid.columns }, (_, column) => heightsIn(slide, 1, column));
    const all = heights.flat();
    expect(Math.min(...all)).toBeLessThan(0.4 * top);
    expect(Math.max(...all)).toBeGreaterThan(0.6 * top);
    expect(share(all, (height) => height > 0.35 * top && height < 0.65 * top)).toBe(0);
    const means = heights.map((own) => own.reduce((sum, height) => sum + height, 0) / own.length);
    const jumps = means.slice(1).map((mean, i) => Math.abs(mean - means[i]));
    // the whole step lies in one tile or between two
    expect(Math.max(...jumps)).toBeGreaterThan(0.2 * top);
    expect(jumps.filter((jump) => jump > 0.3).length).toBeLessThanOrEqual(2);
  });
});

describe('bumps and tilt', () => {
  test.each(['bumps', 'tilt'] as const)('%s should be smooth and use most of the z range', async (terrain) => {
    const slide = await createSlide({ terrain, width: 4096, height: 4096, seed: 27 });
    // in one row and one column
    for (const at of [(i: number) => slide.heightAt(i, 2000), (i: number) => slide.heightAt(2000, i)]) {
      const line = Array.from({ length: 64 }, (_, i) => at(64 * i));
      for (let i = 1; i < line.length; i++) {
        const [one, other] = [line[i - 1], line[i]];
        if (one !== undefined && other !== undefined) expect(Math.abs(one - other)).toBeLessThan(0.9);
      }
    }
    const grid = Array.from({ length: 256 }, (_, i) => slide.heightAt(256 * (i % 16), 16 * i));
    const heights = grid.filter((height) => height !== undefined);
    expect(Math.max(...heights) - Math.min(...heights)).toBeGreaterThan(0.6 * top);
  });
});

describe('island', () => {
  test('islands should lie alone, far above all around them, and hold a tile each', async () => {
    const side = 2048;
    const slide = await createSlide({ terrain: 'island', width: side, height: side, seed: 28 });
    const spacing = 32;
    const high: { x: number; y: number }[] = [];
    for (let y = 0; y < side; y += spacing) {
      for (let x = 0; x < side; x += spacing) {
        const height = slide.heightAt(x, y);
        if (height === undefined) continue;
        // land below, islands above, nothing between
        expect(height < 0.35 * top + 0.2 || height > 0.75 * top - 0.2).toBe(true);
        if (height > 0.5 * top) high.push({ x, y });
      }
    }
    // one in each quarter
    for (const quarter of [0, 1, 2, 3]) {
      const [left, above] = [(quarter & 1) * (side / 2), (quarter >> 1) * (side / 2)];
      const own = high.filter(({ x, y }) => x >= left && x < left + side / 2 && y >= above && y < above + side / 2);
      const x = own.reduce((sum, place) => sum + place.x, 0) / own.length;
      const y = own.reduce((sum, place) => sum + place.y, 0) / own.length;
      expect(Math.max(...own.map((place) => Math.hypot(place.x - x, place.y - y)))).toBeLessThan(300);
      expect(slide.tileTruth(Math.floor(y / 256), Math.floor(x / 256)).plane).toBeGreaterThanOrEqual(3);
    }
  });
});

describe('layers', () => {
  test('most focus curves should have two peaks, one at each layer', async () => {
    const slide = await createSlide({ terrain: 'layers', planeCount: 9, seed: 29 });
    const tiles = measureTiles(slide).filter(({ tissue }) => tissue > 0.3);
    const peaks = ({ sharpness }: Tile) =>
      sharpness.flatMap((value, plane) =>
        value > (sharpness[plane - 1] ?? 0) && value > (sharpness[plane + 1] ?? 0) ? [plane] : [],
      );
    expect(share(tiles, (tile) => peaks(tile).join() === '2,6')).toBeGreaterThan(0.8);
  });
});

describe('mixed', () => {
  test('should hold glass, specimen and every plane', async () => {
    const slide = await createSlide({ terrain: 'mixed', width: 3072, height: 3072, seed: 30 });
    const { planes, tissue } = slide.trueDepth();
    expect(share([...planes], (plane) => plane < 0)).toBeGreaterThan(0.02);
    expect(share([...tissue], (value) => value > 0.3)).toBeGreaterThan(0.3);
    expect(new Set(planes).size).toBe(planeCount + 1);
  });
});
