// All terrains by name.
import { bumps } from './bumps.js';
import { flat } from './flat.js';
import { gravel } from './gravel.js';
import { island } from './island.js';
import { layers } from './layers.js';
import { mixed } from './mixed.js';
import { step } from './step.js';
import type { Scene, Terrain } from './terrain.js';
import { tilt } from './tilt.js';

export type TerrainName = 'flat' | 'tilt' | 'bumps' | 'step' | 'gravel' | 'island' | 'layers' | 'mixed';

const terrains: Readonly<Record<TerrainName, (scene: Scene) => Terrain>> = {
  flat, // everything at one height
  tilt, // one tilted plane
  bumps, // smooth hills
  step, // bands with sharp borders between low and high
  gravel, // clumps of cells on glass
  island, // low land, lone high islands
  layers, // two layers over one another
  mixed, // regions of all these
};

export const terrainNames = Object.keys(terrains) as readonly TerrainName[];

export function createTerrain(name: TerrainName, scene: Scene): Terrain {
  return terrains[name](scene);
}
