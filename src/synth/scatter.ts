// Things scattered over a sheet: each kind on a jittered lattice of its own, where its habitat is.
import type { Rect } from '../slide/geometry.js';
import type { DensityImage } from './density-image.js';
import type { ParticleList } from './particle-list.js';
import { hashAt, mix32, type RandomSequence, randomSequence, seedFor, unit } from './seeded-hash.js';
import type { Sheet } from './sheet.js';
import { Sprite } from './sprite.js';
import { stainGain } from './stain-gain.js';
import type { Texture } from './texture.js';
import { valueNoise } from './value-noise.js';

/** One kind of thing. */
export type Population = {
  readonly name: string;
  readonly draw: (random: RandomSequence) => DensityImage;
  /** How many different ones are drawn; each is seen in eight orientations. */
  readonly sprites: number;
  /** Greatest radius of a drawing, pixels. */
  readonly reach: number;
  /** Pixels between lattice points; each thing lies near its own. */
  readonly spacing: number;
  /** Share of lattice points taken where the kind lives: 0 to 1. */
  readonly share: number;
  /** Where it lives: the range of a slow noise, -1 to 1. */
  readonly habitat: readonly [number, number];
  /** Lies in the centre of every sheet whose centre is its habitat. */
  readonly central: boolean;
};

/** Pixels over which one kind of cell gives way to another. */
const habitatSize = 620;

/** How far a thing lies from its lattice point at most, to each side, as a share of the spacing: just no rows to be seen. */
const jitter = 0.42;

/** Planes: cells of one sheet lie at heights that differ by up to this. */
const heightJitter = 0.3;

/** A texture of populations scattered independently of one another; what is drawn depends on their names alone. */
export function scatter(populations: readonly Population[], specimen: boolean): Texture {
  const kinds = populations.map((population) => {
    const key = seedFor(0, population.name);
    const library = Array.from(
      { length: population.sprites },
      (_, i) => new Sprite(population.reach, () => population.draw(randomSequence(hashAt(key, i, 0)))),
    );
    return { ...population, key, library };
  });
  return {
    reach: Math.max(...populations.map(({ reach }) => reach)),
    place(sheet, within, particles) {
      for (const kind of kinds) placeKind(kind, specimen, sheet, within, particles);
    },
  };
}

type Kind = Population & { readonly key: number; readonly library: readonly Sprite[] };

function placeKind(kind: Kind, specimen: boolean, sheet: Sheet, within: Rect, particles: ParticleList): void {
  const { spacing, library, habitat } = kind;
  const key = hashAt(sheet.seed, kind.key, 0);
  const { x: centreX, y: centreY, extent } = sheet;
  const left = Math.floor(Math.max(within.x - centreX, -extent) / spacing - jitter);
  const right = Math.ceil(Math.min(within.x + within.width - centreX, extent) / spacing + jitter);
  const top = Math.floor(Math.max(within.y - centreY, -extent) / spacing - jitter);
  const bottom = Math.ceil(Math.min(within.y + within.height - centreY, extent) / spacing + jitter);
  for (let row = top; row <= bottom; row++) {
    for (let column = left; column <= right; column++) {
      const hash = hashAt(key, column, row);
      const central = kind.central && row === 0 && column === 0;
      if (!central && unit(hash) >= kind.share) continue;
      const jitterX = central ? 0 : jitter * (2 * unit(mix32(hash + 1)) - 1);
      const jitterY = central ? 0 : jitter * (2 * unit(mix32(hash + 2)) - 1);
      const x = centreX + Math.round((column + jitterX) * spacing);
      const y = centreY + Math.round((row + jitterY) * spacing);
      if (x < within.x || y < within.y || x >= within.x + within.width || y >= within.y + within.height) continue;
      const land = landAt(sheet.seed, (x - centreX) / habitatSize, (y - centreY) / habitatSize);
      if (land < habitat[0] || land > habitat[1] || !sheet.covers(x, y)) continue;
      const look = mix32(hash + 3);
      particles.push({
        sprite: library[look % library.length],
        x,
        y,
        orientation: look >>> 29,
        height: sheet.heightAt(x, y) + heightJitter * (unit(mix32(hash + 4)) - 0.5),
        gain: stainGain(sheet, mix32(hash + 5)),
        specimen,
      });
    }
  }
}

/** The slow noise that habitats are ranges of: -1 to 1. */
function landAt(seed: number, x: number, y: number): number {
  return 0.75 * valueNoise(seed, x, y) + 0.25 * valueNoise(seed + 1, 2.7 * x, 2.7 * y);
}
