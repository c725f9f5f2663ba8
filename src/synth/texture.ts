// What specimen is made of: sprites, and where they lie in a sheet of it.
import type { Rect } from '../slide/geometry.js';
import type { ParticleList } from './particle-list.js';
import type { Sheet } from './sheet.js';

export interface Texture {
  /** Pixels from a particle's centre to the farthest pixel of its sprite in focus, at most. */
  readonly reach: number;
  /** Adds the sheet's particles whose centres lie in the rectangle: the same ones whatever the rectangle. */
  place(sheet: Sheet, within: Rect, particles: ParticleList): void;
}
