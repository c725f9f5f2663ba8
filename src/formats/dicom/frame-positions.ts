// Where each frame lies, by its per-frame functional groups (PS3.3, C.8.12.6.1 Plane Position (Slide), C.8.12.6.2 Optical Path
// Identification). Memory: 18 bytes a frame.
import type { DataSet } from './data-set.js';
import { tag } from './tags.js';

/** The place of a frame. */
export type FramePosition = {
  /** Of its first pixel in the total pixel matrix, from 0; NaN where the file does not say. */
  readonly x: number;
  readonly y: number;
  /** Micrometres; NaN where the file does not say. */
  readonly zUm: number;
  /** Identifier of the optical path; empty where the file does not say. */
  readonly path: string;
};

export class FramePositions {
  /** x, y, z of each frame, side by side. */
  #values = new Float64Array(3 * 64);
  #paths = new Uint16Array(64);
  readonly #pathNames: string[] = [];
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** Takes the functional groups of the next frame. */
  add(groups: DataSet): void {
    if (this.#count === this.#paths.length) this.#grow();
    const { x, y, zUm, path } = positionOf(groups);
    this.#values.set([x, y, zUm], 3 * this.#count);
    this.#paths[this.#count++] = this.#pathNumber(path);
  }

  at(frame: number): FramePosition {
    const [x, y, zUm] = this.#values.subarray(3 * frame, 3 * frame + 3);
    return { x, y, zUm, path: this.#pathNames[this.#paths[frame]] };
  }

  #pathNumber(path: string): number {
    const known = this.#pathNames.indexOf(path);
    // Paths past any that a slide has count as the last: their frames then collide, and are refused.
    if (known >= 0 || this.#pathNames.length >= 256) return known >= 0 ? known : 255;
    return this.#pathNames.push(path) - 1;
  }

  #grow(): void {
    const [values, paths] = [this.#values, this.#paths];
    this.#values = new Float64Array(2 * values.length);
    this.#values.set(values);
    this.#paths = new Uint16Array(2 * paths.length);
    this.#paths.set(paths);
  }
}

/** What functional groups say of a place, be they of a frame or shared by all. */
export function positionOf(groups: DataSet | undefined): FramePosition {
  const position = groups?.item(tag.planePosition);
  const identification = groups?.item(tag.opticalPathIdentification);
  // The standard counts rows and columns from 1.
  return {
    x: (position?.number(tag.columnPosition) ?? Number.NaN) - 1,
    y: (position?.number(tag.rowPosition) ?? Number.NaN) - 1,
    zUm: position?.number(tag.zOffset) ?? Number.NaN,
    path: identification?.text(tag.opticalPathIdentifier) ?? '',
  };
}
