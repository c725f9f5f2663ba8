// Two translucent layers, one high above the other, seen in the same place: focus curves with two peaks.
import { seedFor } from '../seeded-hash.js';
import { heightAtShare, type Scene, type Terrain, wholeSlide } from './terrain.js';

/** Each layer is paler than a single one, so that the sum is not too dark. */
const opacity = 0.7;

export function layers(scene: Scene): Terrain {
  const low = Math.round(heightAtShare(scene, 0.2));
  const high = Math.round(heightAtShare(scene, 0.8));
  const lower = wholeSlide(seedFor(scene.seed, 'lower layer'), () => low, opacity);
  const upper = wholeSlide(seedFor(scene.seed, 'upper layer'), () => high, opacity);
  return { sheetsNear: (within) => [...lower.sheetsNear(within), ...upper.sheetsNear(within)] };
}
