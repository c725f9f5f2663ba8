import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { bytesOf, filledRaster, pasteRaster, type Raster } from '../../src/slide/raster.js';
import { glassColour } from '../../src/synth/sensor.js';
import type { SynthOptions } from '../../src/synth/synth-options.js';
import { createSynthSlide, type SynthSlide } from '../../src/synth/synth-slide.js';
import { terrainNames } from '../../src/synth/terrains/terrain-registry.js';

// drawing the cells of a new slide takes a while on a busy machine
vi.setConfig({ testTimeout: 60_000 });

/** Quicker than toEqual on a tile's samples. */
function samePixels(a: Raster, b: Raster): boolean {
  const sameSize = a.width === b.width && a.height === b.height && a.channels === b.channels;
  return sameSize && Buffer.compare(bytesOf(a.data), bytesOf(b.data)) === 0;
}

/** Four tiles, two by two, as one. */
function joinTiles(slide: SynthSlide, plane: number, row: number, column: number): Raster {
  const { tileWidth: width, tileHeight: height } = slide.grid;
  const joined = filledRaster({ width: 2 * width, height: 2 * height }, { channels: 3, sample: 'uint8' }, 0);
  for (let part = 0; part < 4; part++) {
    const across = part % 2;
    const down = Math.floor(part / 2);
    const tile = slide.renderTile(plane, row + down, column + across);
    pasteRaster(joined, across * width, down * height, tile, { x: 0, y: 0, width, height });
  }
  return joined;
}

describe.each(terrainNames)('%s', (terrain) => {
  const options: SynthOptions = { terrain, width: 350, height: 250, tileSize: 128, planeCount: 4, seed: 11 };
  const slide = createSynthSlide(options);

  test('the same options should give the same pixels, whatever was rendered before', async () => {
    const one = await slide;
    const other = await createSynthSlide(options);
    other.tileTruth(1, 0);
    other.renderTile(3, 0, 0);
    expect(samePixels(other.renderTile(2, 1, 1), one.renderTile(2, 1, 1))).toBe(true);
    expect(samePixels(other.renderSharpTile(0, 1), one.renderSharpTile(0, 1))).toBe(true);
    expect(other.tileTruth(1, 1)).toEqual(one.tileTruth(1, 1));
  });

  test('another seed should give other pixels', async () => {
    const other = await createSynthSlide({ ...options, seed: 12, noise: 0 });
    expect(samePixels(other.renderTile(2, 1, 1), (await slide).renderTile(2, 1, 1))).toBe(false);
  });

  test('a slide cut into smaller tiles should have the same pixels', async () => {
    const coarse = await slide;
    const fine = await createSynthSlide({ ...options, tileSize: 64 });
    // also outside of the slide, where padding may lie
    const index = fc.integer({ min: -1, max: 3 });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 3 }), index, index, (plane, row, column) => {
        const joined = joinTiles(fine, plane, 2 * row, 2 * column);
        expect(samePixels(joined, coarse.renderTile(plane, row, column))).toBe(true);
      }),
      { numRuns: 8 },
    );
  });

  test('without blur and noise every plane should be the one with everything in focus', async () => {
    const crisp = await createSynthSlide({ ...options, blurPerPlane: 0, noise: 0 });
    for (const plane of [0, 1, 2, 3]) {
      expect(samePixels(crisp.renderTile(plane, 1, 1), crisp.renderSharpTile(1, 1))).toBe(true);
    }
    expect(crisp.tileTruth(1, 1).plane ?? 0).toBe(0);
  });

  test('the truth should name a plane wherever there is specimen and none on glass', async () => {
    const { columns, rows, planeCount, planes, tissue } = (await slide).trueDepth();
    expect([columns, rows, planeCount]).toEqual([3, 2, 4]);
    for (let index = 0; index < columns * rows; index++) {
      const truth = (await slide).tileTruth(Math.floor(index / columns), index % columns);
      expect(planes[index]).toBe(truth.plane ?? -1);
      expect(planes[index]).toBeLessThan(planeCount);
      expect(tissue[index]).toBeCloseTo(truth.tissue, 6);
      expect(planes[index] === -1).toBe(truth.tissue < 0.001);
    }
  });
});

test('pixels should not depend on the size of tiles for any seed', async () => {
  const seeds = fc.integer({ min: 0, max: 2 ** 32 - 1 });
  await fc.assert(
    fc.asyncProperty(seeds, fc.nat({ max: 30 }), fc.nat({ max: 30 }), async (seed, row, column) => {
      const options: SynthOptions = { terrain: 'gravel', width: 8192, height: 8192, seed };
      const coarse = await createSynthSlide({ ...options, tileSize: 256 });
      const fine = await createSynthSlide({ ...options, tileSize: 128 });
      const joined = joinTiles(fine, 1, 2 * row, 2 * column);
      expect(samePixels(joined, coarse.renderTile(1, row, column))).toBe(true);
    }),
    { numRuns: 8 },
  );
});

test('tiles at the edge should go on with the scene beyond it', async () => {
  const small = await createSynthSlide({ terrain: 'gravel', width: 300, height: 300 });
  const large = await createSynthSlide({ terrain: 'gravel', width: 512, height: 512 });
  expect(small.grid).toMatchObject({ columns: 2, rows: 2 });
  expect(samePixels(small.renderTile(3, 1, 1), large.renderTile(3, 1, 1))).toBe(true);
});

test('noise should be added to the scene, not change it', async () => {
  const options: SynthOptions = { terrain: 'flat', width: 512, height: 512, planeCount: 3 };
  const clean = (await createSynthSlide({ ...options, noise: 0 })).renderTile(0, 0, 0).data;
  const noisy = (await createSynthSlide({ ...options, noise: 3 })).renderTile(0, 0, 0).data;
  const differences = Array.from(clean, (value, i) => noisy[i] - value);
  const mean = differences.reduce((sum, value) => sum + value, 0) / differences.length;
  const deviation = Math.sqrt(differences.reduce((sum, value) => sum + value * value, 0) / differences.length);
  expect(Math.abs(mean)).toBeLessThan(0.1);
  expect(deviation).toBeGreaterThan(1.5);
  expect(deviation).toBeLessThan(3.1);
});

const sum = (data: ArrayLike<number>) => Array.from(data).reduce((total, value) => total + value, 0);

test('planes should be darker by up to the drift of exposure, each by its own share, and the truth stay the same', async () => {
  const options: SynthOptions = { terrain: 'gravel', width: 512, height: 256, planeCount: 6, noise: 0, seed: 7 };
  const steady = await createSynthSlide(options);
  const drifting = await createSynthSlide({ ...options, exposureDrift: 20 });
  const shares = steady.planes.map(({ plane }) => {
    const full = steady.renderTile(plane, 0, 1).data;
    const dark = drifting.renderTile(plane, 0, 1).data;
    const share = sum(dark) / sum(full);
    const differences = Array.from(full, (value, i) => Math.abs(dark[i] - share * value));
    expect(differences.reduce((most, each) => Math.max(most, each))).toBeLessThan(1.6); // both are rounded
    return share;
  });
  expect(Math.min(...shares)).toBeGreaterThan(0.795);
  expect(Math.max(...shares)).toBeLessThanOrEqual(1);
  expect(Math.max(...shares) - Math.min(...shares)).toBeGreaterThan(0.05);
  expect(drifting.trueDepth()).toEqual(steady.trueDepth());
  expect(samePixels(drifting.renderSharpTile(0, 1), steady.renderSharpTile(0, 1))).toBe(true);
});

test('stain should multiply the density of every colour of the specimen', async () => {
  const options: SynthOptions = { terrain: 'flat', width: 256, height: 256, planeCount: 1, noise: 0, seed: 3 };
  const usual = (await createSynthSlide(options)).renderSharpTile(0, 0).data;
  const stained = (await createSynthSlide({ ...options, stain: [2, 0.5, 0] })).renderSharpTile(0, 0).data;
  const density = (data: ArrayLike<number>, channel: number) => {
    const own = Array.from(data).filter((_, i) => i % 3 === channel);
    return own.reduce((sum, value) => sum - Math.log((value + 0.5) / (glassColour[channel] + 0.5)), 0);
  };
  expect(density(stained, 0) / density(usual, 0)).toBeCloseTo(2, 1);
  expect(density(stained, 1) / density(usual, 1)).toBeCloseTo(0.5, 1);
  expect(Math.abs(density(stained, 2) / density(usual, 2))).toBeLessThan(0.02);
});

test('a specimen that took no stain should be glass', async () => {
  const slide = await createSynthSlide({ terrain: 'flat', width: 256, height: 256, stain: [0, 0, 0] });
  expect(slide.tileTruth(0, 0)).toEqual({ plane: undefined, tissue: 0 });
});

test('heights should be those of the cells seen, and none where the glass is clear', async () => {
  const slide = await createSynthSlide({ terrain: 'flat', width: 1024, height: 1024, planeCount: 7, noise: 0 });
  const sharp = slide.renderSharpTile(1, 1);
  for (let y = 0; y < 256; y += 16) {
    for (let x = 0; x < 256; x += 16) {
      const height = slide.heightAt(256 + x, 256 + y);
      const green = sharp.data[(y * 256 + x) * 3 + 1];
      if (height === undefined) expect(green).toBeGreaterThan(205);
      else expect(Math.abs(height - 3)).toBeLessThanOrEqual(0.15);
    }
  }
});

test('planes should be numbered from the lowest and lie the z step apart', async () => {
  const slide = await createSynthSlide({ planeCount: 3, zStepUm: 0.1 });
  expect(slide.planes).toEqual([
    { plane: 0, zUm: 0 },
    { plane: 1, zUm: 0.1 },
    { plane: 2, zUm: 0.2 },
  ]);
});
