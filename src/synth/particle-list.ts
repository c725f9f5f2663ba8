// The particles that a tile shows: each a sprite at a place, turned, stained and at a height of its own.
import type { Sprite } from './sprite.js';

export type Particle = {
  readonly sprite: Sprite;
  /** Pixels of level 0, whole. */
  readonly x: number;
  readonly y: number;
  /** 0 to 7: bit 0 mirrors left and right, bit 1 top and bottom, bit 2 swaps the axes. */
  readonly orientation: number;
  /** Height in planes. */
  readonly height: number;
  /** Factors on red, green and blue density, in 1/256. */
  readonly gain: readonly [number, number, number];
  /** Belongs to the specimen; dust and films do not. */
  readonly specimen: boolean;
};

/** Bounded by what lies on one tile and near it: some hundreds. */
export type ParticleList = Particle[];
