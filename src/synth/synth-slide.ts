// A z-stacked slide that exists only as a recipe: any tile of any plane on demand, and the truth about it. The steps: sheets
// of specimen (terrain), particles in them (texture), the light they absorb (defocus), pixels (sensor). A pixel depends on the
// options, the plane, x and y alone; memory on the texture alone: nothing grows with the slide.
import { evenPlanes, type FocalPlane } from '../slide/focal-planes.js';
import type { Rect } from '../slide/geometry.js';
import type { Raster } from '../slide/raster.js';
import { layTileGrid, type TileGrid, tileCount, tileRect } from '../slide/tile-grid.js';
import { absorbAll, blurReach } from './absorption.js';
import { cellTexture } from './cell-texture.js';
import { defocusAt, inFocus } from './defocus.js';
import { dustTexture, glassSheet } from './glass-dust.js';
import type { ParticleList } from './particle-list.js';
import { createPictureTexture } from './picture-texture.js';
import { hashAt, seedFor, unit } from './seeded-hash.js';
import { develop, developWithNoise } from './sensor.js';
import { stainedGain } from './stain-gain.js';
import { type SynthOptions, toSynthSettings } from './synth-options.js';
import { createTerrain } from './terrains/terrain-registry.js';
import { densestAt, type TileTruth, tileTruth } from './tile-truth.js';

/** The truth about a whole slide; arrays are row-major, one entry a tile. */
export type SlideTruth = {
  readonly columns: number;
  readonly rows: number;
  readonly planeCount: number;
  /** The plane nearest to the picture with everything in focus; -1: glass, where no plane is right. */
  readonly planes: Int16Array;
  /** Share of each tile that shows specimen: 0 to 1. */
  readonly tissue: Float32Array;
};

export interface SynthSlide {
  /** Level 0. */
  readonly grid: TileGrid;
  readonly planes: readonly FocalPlane[];
  /** A whole tile of level 0 as the camera sees it, 8-bit RGB; beyond the edge of the slide the scene goes on. */
  renderTile(plane: number, row: number, column: number): Raster;
  /** The tile with everything in focus, without noise and at full exposure. */
  renderSharpTile(row: number, column: number): Raster;
  /** The truth about the part of the slide that a tile shows. */
  tileTruth(row: number, column: number): TileTruth;
  /** The truth about every tile, one after the other: 5 to 60 ms each, the more heights in a tile the longer. */
  trueDepth(): SlideTruth;
  /** Height, in planes, of what is densest at a pixel; undefined where there is no specimen. */
  heightAt(x: number, y: number): number | undefined;
}

/** Reads the pictures, if any are given; the rest is made when it is asked for. */
export async function createSynthSlide(options: SynthOptions = {}): Promise<SynthSlide> {
  const { width, height, tileSize, planeCount, zStepUm, ...look } = toSynthSettings(options);
  const { seed, blurPerPlane, noise, stain, exposureDrift } = look;
  const grid = layTileGrid({ width, height }, { width: tileSize, height: tileSize });
  const terrain = createTerrain(look.terrain, { width, height, planeCount, seed, clumpDensity: look.clumpDensity });
  const { textures } = look;
  const texture = textures.length === 0 ? cellTexture : await createPictureTexture(textures, seedFor(seed, 'texture'));
  const glass = glassSheet(seed, planeCount);
  const noiseSeed = seedFor(seed, 'noise');
  const exposureSeed = seedFor(seed, 'exposure');
  const reach = Math.max(texture.reach, dustTexture.reach) + blurReach;

  function particlesNear({ x, y, width, height }: Rect): ParticleList {
    const wide = { x: x - reach, y: y - reach, width: width + 2 * reach, height: height + 2 * reach };
    const particles: ParticleList = [];
    for (const sheet of terrain.sheetsNear(wide)) texture.place(sheet, wide, particles);
    const stained = particles.map((particle) => ({ ...particle, gain: stainedGain(particle.gain, stain) }));
    // Dust takes no stain.
    dustTexture.place(glass, wide, stained);
    return stained;
  }

  function wholeTile(row: number, column: number): Rect {
    return { x: column * tileSize, y: row * tileSize, width: tileSize, height: tileSize };
  }

  function toRaster(data: Uint8Array): Raster {
    return { width: tileSize, height: tileSize, channels: 3, sample: 'uint8', data };
  }

  /** The light on a plane, in parts of the most. */
  function exposureOf(plane: number): number {
    return 1 - (exposureDrift / 100) * unit(hashAt(exposureSeed, plane, 0));
  }

  const slide: SynthSlide = {
    grid,
    planes: evenPlanes(planeCount, zStepUm),
    renderTile(plane, row, column) {
      const tile = wholeTile(row, column);
      const absorbed = absorbAll(particlesNear(tile), tile, ({ height }) => defocusAt(plane - height, blurPerPlane));
      const exposure = exposureOf(plane);
      if (noise === 0) return toRaster(develop(absorbed, exposure));
      return toRaster(developWithNoise(absorbed, tile, noise, hashAt(noiseSeed, plane, 0), exposure));
    },
    renderSharpTile(row, column) {
      const tile = wholeTile(row, column);
      return toRaster(develop(absorbAll(particlesNear(tile), tile, () => inFocus)));
    },
    tileTruth(row, column) {
      const shown = tileRect(grid, row, column);
      return tileTruth(particlesNear(shown), shown, planeCount, blurPerPlane);
    },
    trueDepth() {
      const { columns, rows } = grid;
      const planes = new Int16Array(tileCount(grid));
      const tissue = new Float32Array(tileCount(grid));
      for (let index = 0; index < planes.length; index++) {
        const truth = slide.tileTruth(Math.floor(index / columns), index % columns);
        planes[index] = truth.plane ?? -1;
        tissue[index] = truth.tissue;
      }
      return { columns, rows, planeCount, planes, tissue };
    },
    heightAt(x, y) {
      return densestAt(particlesNear({ x, y, width: 1, height: 1 }), x, y)?.height;
    },
  };
  return slide;
}
