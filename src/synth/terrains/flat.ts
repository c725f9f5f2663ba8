// Everything at one height: the plane in the middle.
import { seedFor } from '../seeded-hash.js';
import { heightAtShare, type Scene, type Terrain, wholeSlide } from './terrain.js';

export function flat(scene: Scene): Terrain {
  const height = Math.floor(heightAtShare(scene, 0.5));
  return wholeSlide(seedFor(scene.seed, 'flat'), () => height);
}
