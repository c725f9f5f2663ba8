// Bands of specimen, by turns low and high, with a sharp border between them; clumps lie across.
import { hashAt, seedFor, unit } from '../seeded-hash.js';
import type { Sheet } from '../sheet.js';
import { valueNoise } from '../value-noise.js';
import { clumpsNear } from './clumps.js';
import { heightAtShare, type Scene, type Terrain } from './terrain.js';

/** Pixels across a band; less on slides that would show less than two. */
const bandWidth = 1800;

/** Pixels that the border wavers to each side. */
const waver = 60;

/** Clumps are in the way here, not the matter: a third of the usual. */
const clumpShare = 1 / 3;

export function step(scene: Scene): Terrain {
  const seed = seedFor(scene.seed, 'step');
  const width = Math.min(bandWidth, scene.width / 2);
  const heightAt = (x: number, y: number): number => {
    const band = Math.floor((x + waver * valueNoise(seed, 0, y / 400)) / width);
    const middle = (band & 1) === 0 ? 0.2 : 0.8;
    return heightAtShare(scene, middle + 0.2 * (unit(hashAt(seed, band, 1)) - 0.5));
  };
  const bands: Sheet = { seed, x: 0, y: 0, extent: Number.POSITIVE_INFINITY, opacity: 1, covers: () => true, heightAt };
  const clumped = { ...scene, clumpDensity: scene.clumpDensity * clumpShare };
  return { sheetsNear: (within) => [bands, ...clumpsNear(clumped, 'step clumps', within)] };
}
