// A small picture of light absorbed. Densities (natural logarithms of glass over specimen) of things that lie over one
// another add, as transmitted light is absorbed (Beer-Lambert); so rendering is adding. Blurring densities instead of light
// is right to first order, where little is absorbed; the dark core of an out-of-focus nucleus stays a little too dark.

/** A square of 2 x radius + 1 pixels; `data` holds red, green and blue density of each pixel, 0 is clear. */
export type DensityImage<Data extends Float32Array | Uint16Array = Float32Array> = {
  readonly radius: number;
  readonly data: Data;
};

/** Density 1 as an integer: .05 % of the light a step, far below one grey value. */
export const densityUnit = 2048;

/** Less is not seen: a quarter of a grey value. */
const leastDensity = 0.001;

export function clearDensityImage(radius: number): DensityImage {
  return { radius, data: new Float32Array((2 * radius + 1) ** 2 * 3) };
}

/** The image in units of 1 / densityUnit, cut to the least square that holds all it shows; negative densities become 0. */
export function quantiseDensity({ radius, data }: DensityImage): DensityImage<Uint16Array> {
  const cut = usedRadius(radius, data);
  const margin = radius - cut;
  const side = 2 * cut + 1;
  const integers = new Uint16Array(side * side * 3);
  let to = 0;
  for (let y = 0; y < side; y++) {
    const row = ((y + margin) * (2 * radius + 1) + margin) * 3;
    for (let from = row; from < row + side * 3; from++) {
      integers[to++] = Math.min(65535, Math.max(0, data[from] * densityUnit + 0.5));
    }
  }
  return { radius: cut, data: integers };
}

/** Distance from the centre, along the farther axis, of the farthest pixel that shows anything. */
function usedRadius(radius: number, data: Float32Array): number {
  let used = 0;
  let at = 0;
  for (let y = -radius; y <= radius; y++) {
    for (let x = -radius; x <= radius; x++, at += 3) {
      if (Math.max(data[at], data[at + 1], data[at + 2]) >= leastDensity)
        used = Math.max(used, Math.abs(x), Math.abs(y));
    }
  }
  return used;
}
