import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Colour } from '../../../src/drawing/heatmap/colour-scale.js';
import { mixColours, planeColour } from '../../../src/drawing/heatmap/colour-scale.js';
import { layFigure, ruleInk } from '../../../src/drawing/heatmap/draw-figure.js';
import { tileInFrame } from '../../../src/drawing/heatmap/map-frame.js';
import { renderHeatmap } from '../../../src/drawing/heatmap/render-heatmap.js';
import type { DepthMap } from '../../../src/slide/depth-map.js';
import { evenPlanes } from '../../../src/slide/focal-planes.js';
import type { Raster } from '../../../src/slide/raster.js';
import { layTileGrid } from '../../../src/slide/tile-grid.js';
import { type DecodedPicture, decodePicture, expectGoldenPicture } from '../../golden-picture.js';
import { colourDifference } from './colour-difference.js';
import { type SampleShape, sampleSlide, seededNumbers } from './sample-slides.js';

const words = {
  title: 'sample.ome.tiff',
  facts: ['adaptive', 'looked at 2.4 % of the pixels', 'keeps 99.96 % of the sharpness (99.91 - 100 %)'],
};

describe('renderHeatmap', () => {
  it('should never hide blocks of a tile that mixes planes under the mark of its looks', async () => {
    const grid = layTileGrid({ width: 512, height: 256 }, { width: 256, height: 256 });
    const planeCount = 3;
    const blocks = Uint16Array.from({ length: 256 }, (_, block) => 1 + (block % 2));
    const map: DepthMap = {
      ...{ level: 0, columns: 2, rows: 1, planeCount, planes: new Uint16Array(2), blocks: new Map([[0, blocks]]) },
      ...{ confidence: new Float32Array(2).fill(1), looked: Uint16Array.from([planeCount, 0]) },
    };
    const planes = evenPlanes(planeCount);
    const { width, height, data } = await decodePicture(await renderHeatmap({ map, grid, planes, ...words }));
    const isPlane = (x: number, y: number, plane: number) => {
      const at = 3 * (y * width + x);
      return colourDifference([data[at], data[at + 1], data[at + 2]], planeColour(plane, planeCount)) < 12;
    };
    const tile = tileInFrame(layFigure(grid).frame, 0, 0);
    const left = 32;
    // The last block of the first row is clear of the mark.
    const top = Array.from({ length: height }, (_, y) => y).findIndex((y) => isPlane(left + tile.width - 4, y, 2));
    const side = tile.width / 16;
    const seen = [...blocks].filter((plane, block) => {
      const [column, row] = [block % 16, Math.floor(block / 16)];
      return isPlane(Math.round(left + (column + 0.5) * side), Math.round(top + (row + 0.5) * side), plane);
    });
    expect(seen).toHaveLength(256);
  });

  const pictures: Record<string, SampleShape> = {
    'heatmap-gravel': {
      width: 24 * 256 - 90,
      height: 8 * 256,
      tile: 256,
      planes: 7,
      stepUm: 0.75,
      clumps: 20,
      largest: 0.12,
      thumbnailWidth: 14,
    },
    'heatmap-organoid': {
      width: 1328,
      height: 1048,
      tile: 256,
      planes: 11,
      clumps: 4,
      largest: 0.25,
      thumbnailWidth: 12,
      dark: true,
    },
    'heatmap-one-tile': { width: 200, height: 150, tile: 256, planes: 1, clumps: 1, largest: 0.4, thumbnailWidth: 20 },
    'heatmap-wide': {
      width: 240 * 256,
      height: 9 * 256,
      tile: 256,
      planes: 60,
      stepUm: 0.25,
      clumps: 40,
      largest: 0.02,
      thumbnailWidth: 8,
    },
    'heatmap-tall': {
      width: 5 * 256,
      height: 40 * 256 - 8,
      tile: 256,
      planes: 3,
      stepUm: 2,
      clumps: 20,
      largest: 0.5,
      thumbnailWidth: 3,
    },
  };
  it.each(Object.keys(pictures))('should look as it did: %s', async (name) => {
    await expectGoldenPicture(name, await renderHeatmap({ ...sampleSlide(pictures[name]), ...words }));
  });

  it('should always show every tile, in its place, in the colour of its plane', async () => {
    await fc.assert(
      fc.asyncProperty(slides, async ({ grid, map, thumbnail }) => {
        const planes = evenPlanes(map.planeCount);
        const picture = await decodePicture(
          await renderHeatmap({ map, grid, planes, thumbnail, title: '', facts: [] }),
        );
        const { x, y } = mapOrigin(picture);
        const { frame } = layFigure(grid);
        for (let tile = 0; tile < map.planes.length; tile++) {
          const rect = tileInFrame(frame, Math.floor(tile / grid.columns), tile % grid.columns);
          const centre = pixel(
            picture,
            x + rect.x + Math.floor(rect.width / 2),
            y + rect.y + Math.floor(rect.height / 2),
          );
          expect(nearestPlane(centre, map.planeCount)).toBe(map.planes[tile]);
        }
      }),
      { numRuns: 20 },
    );
  });

  it('should draw more planes than the legend has lines, and a slide of more tiles than pixels', async () => {
    const grid = layTileGrid({ width: 3000 * 16, height: 40 * 16 }, { width: 16, height: 16 });
    const tiles = grid.columns * grid.rows;
    const map: DepthMap = {
      ...{ level: 0, columns: grid.columns, rows: grid.rows, planeCount: 700 },
      planes: Uint16Array.from({ length: tiles }, (_, tile) => tile % 700),
      confidence: new Float32Array(tiles).fill(1),
      looked: Uint16Array.from({ length: tiles }, (_, tile) => tile % 3),
      blocks: new Map(),
    };
    const picture = await decodePicture(await renderHeatmap({ map, grid, planes: evenPlanes(700, 0.1), ...words }));
    expect(picture.width).toBeLessThan(1500);
    expect(picture.height).toBeLessThan(800);
  });

  it('should refuse a map of another grid, or planes of another stack', async () => {
    const { map, grid, planes } = sampleSlide(pictures['heatmap-organoid']);
    const other = layTileGrid({ width: 100, height: 100 }, { width: 10, height: 10 });
    await expect(renderHeatmap({ map, grid: other, planes, ...words })).rejects.toThrow(/6 x 5 tiles.*10 x 10/);
    await expect(renderHeatmap({ map, grid, planes: planes.slice(1), ...words })).rejects.toThrow(/11 planes.*10/);
  });
});

/** Maps of up to 11 planes and 5 x 5 tiles, any cut at the edges, over any thumbnail; certain throughout. */
const slides = fc
  .record({
    width: fc.integer({ min: 1, max: 5 * 64 }),
    height: fc.integer({ min: 1, max: 5 * 64 }),
    planeCount: fc.integer({ min: 1, max: 11 }),
    seed: fc.integer(),
    ground: fc.constantFrom(undefined, 'noise', 'flat'),
  })
  .map(({ width, height, planeCount, seed, ground }) => {
    const next = seededNumbers(seed);
    const grid = layTileGrid({ width, height }, { width: 64, height: 64 });
    const tiles = grid.columns * grid.rows;
    const map: DepthMap = {
      ...{ level: 0, columns: grid.columns, rows: grid.rows, planeCount },
      planes: Uint16Array.from({ length: tiles }, () => Math.floor(next() * planeCount)),
      confidence: new Float32Array(tiles).fill(1),
      looked: Uint16Array.from({ length: tiles }, () => Math.floor(next() * (planeCount + 1))),
      blocks: new Map(),
    };
    const data = Uint8Array.from({ length: 300 }, () => (ground === 'noise' ? Math.floor(next() * 256) : 200));
    const thumbnail: Raster | undefined = ground && { width: 10, height: 10, channels: 3, sample: 'uint8', data };
    return { grid, map, thumbnail };
  });

/** Where the frame around the map begins, found in the picture. */
function mapOrigin(picture: DecodedPicture): { x: number; y: number } {
  for (let y = 0; y < picture.height; y++) {
    for (let x = 0; x < picture.width; x++) {
      if (pixel(picture, x, y).every((value, c) => value === ruleInk[c])) return { x: x + 1, y: y + 1 };
    }
  }
  throw new Error('the picture has no frame');
}

function pixel({ data, width }: DecodedPicture, x: number, y: number): Colour {
  const at = (y * width + x) * 3;
  return [data[at], data[at + 1], data[at + 2]];
}

/** The plane whose colour, over one of the greys that lie under it, is nearest. */
function nearestPlane(colour: Colour, planeCount: number): number {
  const distances = Array.from({ length: planeCount }, (_, plane) =>
    Math.min(
      ...[110, 130, 150, 180, 210, 240, 255].map((grey) =>
        colourDifference(colour, mixColours([grey, grey, grey], planeColour(plane, planeCount), 0.86)),
      ),
    ),
  );
  return distances.indexOf(Math.min(...distances));
}
