// Slides to draw: invented, seeded, the same on every machine (no transcendental functions).
import type { HeatmapInput } from '../../../src/drawing/heatmap/render-heatmap.js';
import { type DepthMap, emptyDepthMap } from '../../../src/slide/depth-map.js';
import { evenPlanes } from '../../../src/slide/focal-planes.js';
import type { Raster } from '../../../src/slide/raster.js';
import { layTileGrid, type TileGrid } from '../../../src/slide/tile-grid.js';

/** Numbers from 0 to 1 that follow from a seed (Steele & Vigna's SplitMix, 32 bits). */
export function seededNumbers(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  };
}

type Clump = { readonly x: number; readonly y: number; readonly radius: number; readonly plane: number };

/** Clumps at heights of their own on clean glass; lengths in parts of the slide's width. */
function clumpsOf(seed: number, count: number, planeCount: number, height: number, largest: number): Clump[] {
  const next = seededNumbers(seed);
  return Array.from({ length: count }, () => ({
    x: next(),
    y: next() * height,
    radius: largest * (0.25 + 0.75 * next() * next()),
    plane: Math.floor(next() * planeCount),
  }));
}

/** A slide of clumps: what `HeatmapInput` asks of a slide, without words. */
export type SampleSlide = Pick<HeatmapInput, 'map' | 'grid' | 'planes'> & { readonly thumbnail: Raster };

export type SampleShape = {
  readonly width: number;
  readonly height: number;
  readonly tile: number;
  readonly planes: number;
  readonly stepUm?: number;
  readonly clumps: number;
  /** Radius of the largest clump in parts of the width. */
  readonly largest: number;
  readonly thumbnailWidth: number;
  /** The ground is bright (stained tissue) unless set. */
  readonly dark?: boolean;
  readonly seed?: number;
};

export function sampleSlide(shape: SampleShape): SampleSlide {
  const { width, height, tile, planes, clumps, largest, seed = 1 } = shape;
  const grid = layTileGrid({ width, height }, { width: tile, height: tile });
  const all = clumpsOf(seed, clumps, planes, height / width, largest);
  return {
    grid,
    planes: evenPlanes(planes, shape.stepUm),
    map: clumpMap(grid, all, planes, seed),
    thumbnail: clumpThumbnail(shape, all),
  };
}

function clumpMap(grid: TileGrid, clumps: readonly Clump[], planeCount: number, seed: number): DepthMap {
  const map = emptyDepthMap(0, grid, planeCount);
  const next = seededNumbers(seed + 1);
  for (let tile = 0; tile < map.planes.length; tile++) {
    const x = ((tile % grid.columns) + 0.5) * (grid.tileWidth / grid.width);
    const y = (Math.floor(tile / grid.columns) + 0.5) * (grid.tileHeight / grid.width);
    const tilt = Math.floor((x * 0.5 + 0.25) * planeCount);
    const [nearest] = clumps
      .map((clump) => ({ clump, inside: depth(clump, x, y) }))
      .filter(({ inside }) => inside > 0)
      .sort((a, b) => b.inside - a.inside);
    map.planes[tile] = nearest ? nearest.clump.plane : Math.min(planeCount - 1, tilt);
    map.confidence[tile] = nearest ? 0.75 + 0.25 * next() : 0.15 + 0.2 * next();
    const chance = next();
    if (chance < 0.02) map.looked[tile] = planeCount;
    else if (nearest && nearest.inside < 0.35 && chance < 0.6) map.looked[tile] = Math.min(3, planeCount);
    if (map.looked[tile] > 0) map.confidence[tile] = 1;
  }
  return map;
}

/** 1 in the middle of a clump, 0 at its edge and beyond. */
function depth({ x, y, radius }: Clump, atX: number, atY: number): number {
  return Math.max(0, 1 - Math.sqrt((atX - x) ** 2 + (atY - y) ** 2) / radius);
}

function clumpThumbnail({ width, height, thumbnailWidth, dark }: SampleShape, clumps: readonly Clump[]): Raster {
  const size = { width: thumbnailWidth, height: Math.max(1, Math.round((thumbnailWidth * height) / width)) };
  const data = new Uint8Array(size.width * size.height * 3);
  const next = seededNumbers(99);
  for (let i = 0; i < size.width * size.height; i++) {
    const x = ((i % size.width) + 0.5) / size.width;
    const y = (Math.floor(i / size.width) + 0.5) / size.width;
    const inside = Math.max(0, ...clumps.map((clump) => depth(clump, x, y)));
    const stain = inside === 0 ? 0.02 * next() : 0.25 + 0.35 * Math.min(1, inside * 3) * (0.6 + 0.8 * next() * next());
    const colour = dark
      ? [10 + 180 * stain, 10 + 240 * stain, 10 + 90 * stain]
      : [240 - 90 * stain, 238 - 220 * stain, 240 - 120 * stain];
    data.set(colour.map(Math.round), i * 3);
  }
  return { ...size, channels: 3, sample: 'uint8', data };
}
