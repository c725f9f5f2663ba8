// One piece of specimen as it looks in focus, and at every blur: a cell, a group of cells, a scrap of tissue, a speck of dust.
import { blurDensity, blurMargin } from './blur-density.js';
import { blurCount, type Defocus, sigmaOf } from './defocus.js';
import { type DensityImage, quantiseDensity } from './density-image.js';

/** Drawn, and blurred, when first asked for. */
export class Sprite {
  readonly #draw: () => DensityImage;
  readonly #reach: number;
  /** Kept for good: at most blurCount images for each sprite of the library. */
  readonly #images: (DensityImage<Uint16Array> | undefined)[] = new Array(blurCount);
  readonly #losses: (number | undefined)[] = new Array(blurCount);

  /** `reach`: the radius of what will be drawn, or more; pixels. */
  constructor(reach: number, draw: () => DensityImage) {
    this.#reach = reach;
    this.#draw = draw;
  }

  /** The radius of its image at a blur, or a little more: known before it is drawn. */
  reach(blur: number): number {
    return this.#reach + blurMargin(sigmaOf(blur));
  }

  /** The sprite at a blur, 0 (sharp) to blurCount - 1; its outline is blurred with it. */
  image(blur: number): DensityImage<Uint16Array> {
    this.#images[blur] ??= blur === 0 ? quantiseDensity(this.#draw()) : blurDensity(this.image(0), sigmaOf(blur));
    return this.#images[blur];
  }

  /** Sum of squared differences between the sprite defocused and in focus, in squares of 1 / densityUnit. */
  lossAt({ blur, share }: Defocus): number {
    return this.#loss(blur) * (1 - share) + (share === 0 ? 0 : this.#loss(blur + 1) * share);
  }

  #loss(blur: number): number {
    this.#losses[blur] ??= squaredDifference(this.image(0), this.image(blur));
    return this.#losses[blur];
  }
}

/** Both around the same centre, `large` at least as large. */
function squaredDifference(small: DensityImage<Uint16Array>, large: DensityImage<Uint16Array>): number {
  const margin = large.radius - small.radius;
  const smallSide = 2 * small.radius + 1;
  const largeSide = 2 * large.radius + 1;
  let sum = 0;
  for (let y = 0; y < largeSide; y++) {
    for (let x = 0; x < largeSide; x++) {
      const inside = y >= margin && y < margin + smallSide && x >= margin && x < margin + smallSide;
      const at = ((y - margin) * smallSide + x - margin) * 3;
      for (let channel = 0; channel < 3; channel++) {
        const sharp = inside ? small.data[at + channel] : 0;
        sum += (large.data[(y * largeSide + x) * 3 + channel] - sharp) ** 2;
      }
    }
  }
  return sum;
}
