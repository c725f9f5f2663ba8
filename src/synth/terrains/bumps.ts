// Smooth hills and hollows over the whole z range.
import { seedFor } from '../seeded-hash.js';
import { valueNoise } from '../value-noise.js';
import { heightAtShare, type Scene, type Terrain, wholeSlide } from './terrain.js';

/** Pixels from hill to hollow; less on slides that would show less than two of them. */
const hillSize = 1500;

export function bumps(scene: Scene): Terrain {
  const seed = seedFor(scene.seed, 'bumps');
  const size = Math.min(hillSize, Math.max(scene.width, scene.height) / 2);
  return wholeSlide(seed, (x, y) => {
    const slope =
      1.1 * valueNoise(seed, x / size, y / size) + 0.3 * valueNoise(seed + 1, (2.3 * x) / size, (2.3 * y) / size);
    return heightAtShare(scene, 0.5 + 0.5 * Math.min(1, Math.max(-1, slope)));
  });
}
