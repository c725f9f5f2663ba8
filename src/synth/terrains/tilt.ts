// One plane, tilted across the slide over nine tenths of the z range, as when a slide does not lie level on its stage.
import { seedFor, unit } from '../seeded-hash.js';
import { heightAtShare, type Scene, type Terrain, wholeSlide } from './terrain.js';

export function tilt(scene: Scene): Terrain {
  const seed = seedFor(scene.seed, 'tilt');
  return wholeSlide(seed, tiltedHeight(scene, seed, 0.05, 0.95));
}

/** Heights that rise evenly from one share of the z range in a corner of the slide to another in the opposite corner. */
export function tiltedHeight(scene: Scene, seed: number, lowest: number, highest: number) {
  const { width, height } = scene;
  const direction = unit(seed) * 2 * Math.PI;
  const cos = Math.cos(direction);
  const sin = Math.sin(direction);
  const reach = (Math.abs(cos) * width + Math.abs(sin) * height) / 2;
  const low = heightAtShare(scene, lowest);
  const rise = heightAtShare(scene, highest) - low;
  return (x: number, y: number): number => {
    const along = ((x - width / 2) * cos + (y - height / 2) * sin) / reach;
    return low + rise * (0.5 + 0.5 * Math.min(1, Math.max(-1, along)));
  };
}
