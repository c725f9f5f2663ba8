// Clumps of cells on clean glass, each at a height of its own, larger and smaller than a tile: a cytology smear at its worst.
import { clumpsNear } from './clumps.js';
import type { Scene, Terrain } from './terrain.js';

export function gravel(scene: Scene): Terrain {
  return { sheetsNear: (within) => clumpsNear(scene, 'gravel', within) };
}
