// Regions of several terrains side by side.
import { hashAt, mix32, seedFor, unit } from '../seeded-hash.js';
import type { Sheet } from '../sheet.js';
import { bumps } from './bumps.js';
import { flat } from './flat.js';
import { gravel } from './gravel.js';
import { layers } from './layers.js';
import { step } from './step.js';
import type { Scene, Terrain } from './terrain.js';
import { tilt } from './tilt.js';

/** Gravel twice: clumps on glass are what most smears are. */
const parts = [gravel, tilt, bumps, gravel, flat, layers, step] as const;

/** Pixels across a region; less on slides that would show less than three a side. */
const regionSize = 2400;

export function mixed(scene: Scene): Terrain {
  const seed = seedFor(scene.seed, 'mixed');
  const terrains = parts.map((part, index) => part({ ...scene, seed: hashAt(seed, index, 0) }));
  const size = Math.min(regionSize, Math.max(scene.width, scene.height) / 3);
  return {
    sheetsNear: (within) =>
      terrains.flatMap((terrain, part) =>
        terrain.sheetsNear(within).map((sheet): Sheet => {
          return { ...sheet, covers: (x, y) => partAt(seed, x / size, y / size) === part && sheet.covers(x, y) };
        }),
      ),
  };
}

/** Which part is at a place (in units of regions): that of the nearest of the jittered centres (a Voronoi diagram). */
function partAt(seed: number, x: number, y: number): number {
  const column = Math.floor(x);
  const row = Math.floor(y);
  let nearest = Number.POSITIVE_INFINITY;
  let part = 0;
  for (let r = row - 1; r <= row + 1; r++) {
    for (let c = column - 1; c <= column + 1; c++) {
      const hash = hashAt(seed, c, r);
      const dx = c + 0.2 + 0.6 * unit(hash) - x;
      const dy = r + 0.2 + 0.6 * unit(mix32(hash + 1)) - y;
      const distance = dx * dx + dy * dy;
      if (distance < nearest) {
        nearest = distance;
        // neighbours take turns through the list, so that a small slide shows several parts
        part = (c + 3 * r + (seed % parts.length)) % parts.length;
      }
    }
  }
  return part < 0 ? part + parts.length : part;
}
