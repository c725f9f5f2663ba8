// Z-stacks of opaque clumps, each at one height, and the picture with all of them in focus: the other way to imagine specimens, beside
// the translucent ones of zflat synth. Every height is blurred by itself, with its outline, and the heights are laid side by side.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { between, hashAt, randomSequence, unit } from '../../../src/synth/seeded-hash.js';
import { valueNoise } from '../../../src/synth/value-noise.js';

export type OpaqueTerrain = 'gravel' | 'step' | 'island' | 'flat';

export type OpaqueStack = {
  readonly terrain: OpaqueTerrain;
  /** Pixels. */
  readonly side: number;
  readonly planes: number;
  /** A picture of sharp tissue. */
  readonly texture: string;
  /** Of the sensor, grey values. */
  readonly noise: number;
  readonly seed: number;
};

/** Blur (sigma, pixels) of a plane off focus. */
const blurPerPlane = 1.15;
const quality = 80;
const glass = [243, 240, 244] as const;
const noHeight = -1;

/** Writes one JPEG-tiled pyramid a plane, and `truth.png`, to a new folder. */
export async function makeOpaqueStack(folder: string, stack: OpaqueStack): Promise<void> {
  const { side, planes, noise, seed } = stack;
  await mkdir(folder, { recursive: true });
  const heights = heightsOf(stack);
  const texture = await tiledTexture(stack.texture, side);
  const truth = glass.map((grey, channel) =>
    Float32Array.from(heights, (height, i) => (height === noHeight ? grey : texture[3 * i + channel])),
  );
  const raw = { width: side, height: side, channels: 3 } as const;
  await sharp(interleave(truth, 0, 0), { raw })
    .png()
    .toFile(join(folder, 'truth.png'));
  const known = [...new Set(heights)].sort((a, b) => a - b);
  const masks = known.map((height) => Float32Array.from(heights, (other) => (other === height ? 1 : 0)));
  for (let plane = 0; plane < planes; plane++) {
    const sums = [0, 1, 2].map(() => new Float32Array(side * side));
    const weight = new Float32Array(side * side);
    for (const [k, height] of known.entries()) {
      const sigma = height === noHeight ? 0 : blurPerPlane * Math.abs(plane - height);
      addTo(weight, blurred(masks[k], side, sigma));
      for (const [channel, sum] of sums.entries()) {
        addTo(sum, blurred(product(masks[k], truth[channel]), side, sigma));
      }
    }
    for (const sum of sums) for (let i = 0; i < sum.length; i++) sum[i] /= Math.max(weight[i], 1e-6);
    const tiles = { tile: true, tileWidth: 256, tileHeight: 256, pyramid: true, compression: 'jpeg', quality } as const;
    await sharp(interleave(sums, noise, seed + 7919 * (plane + 1)), { raw })
      .tiff(tiles)
      .toFile(join(folder, `z${plane}.tif`));
  }
}

/** The height of each pixel, in planes and half planes; noHeight for glass. */
function heightsOf({ terrain, side, planes, seed }: OpaqueStack): Float32Array {
  const heights = new Float32Array(side * side).fill(noHeight);
  const wobble = (x: number, y: number) => valueNoise(seed, x / 60, y / 60);
  if (terrain === 'flat') return heights.fill((planes - 1) / 2);
  if (terrain === 'step') {
    return heights.map((_, i) => {
      const [x, y] = [i % side, Math.floor(i / side)];
      return x + 60 * wobble(x, y) < 0.47 * side ? 0.5 : planes - 1.5;
    });
  }
  const random = randomSequence(seed);
  const clumps = Math.round((side / 256) ** 2);
  const disc = (x: number, y: number, radius: number, height: number) => {
    const reach = Math.ceil(1.4 * radius);
    for (let row = Math.max(0, y - reach); row < Math.min(side, y + reach); row++) {
      for (let column = Math.max(0, x - reach); column < Math.min(side, x + reach); column++) {
        const distance = Math.hypot(column - x, row - y) * (1 + 0.35 * wobble(column, row));
        if (distance < radius) heights[row * side + column] = height;
      }
    }
  };
  const anywhere = () => Math.floor(between(random, 0, side));
  for (let i = 0; i < clumps; i++) {
    const radius = Math.min(400, 18 * (1 - random()) ** (-1 / 1.1));
    const height = terrain === 'island' ? (planes - 1) / 2 : Math.round(2 * between(random, 0, planes - 1)) / 2;
    disc(anywhere(), anywhere(), radius, height);
  }
  if (terrain === 'island') for (let i = 0; i < 6; i++) disc(anywhere(), anywhere(), 85, 0);
  return heights;
}

/** A picture, mirrored from side to side until it covers a square. RGB. */
async function tiledTexture(path: string, side: number): Promise<Uint8Array> {
  const { data, info } = await sharp(path)
    .removeAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  const fold = (at: number, length: number) => {
    const along = at % (2 * length);
    return along < length ? along : 2 * length - 1 - along;
  };
  const texture = new Uint8Array(3 * side * side);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const from = 3 * (fold(y, info.height) * info.width + fold(x, info.width));
      texture.set(data.subarray(from, from + 3), 3 * (y * side + x));
    }
  }
  return texture;
}

function product(a: Float32Array, b: Float32Array): Float32Array {
  const result = new Float32Array(a.length);
  for (let i = 0; i < a.length; i++) result[i] = a[i] * b[i];
  return result;
}

function addTo(sum: Float32Array, part: Float32Array): void {
  for (let i = 0; i < sum.length; i++) sum[i] += part[i];
}

/** Three box blurs each way come near a Gaussian (Kovesi 2010, "Fast almost-Gaussian filtering"). */
function blurred(picture: Float32Array, side: number, sigma: number): Float32Array {
  if (sigma < 0.3) return picture;
  const ideal = Math.sqrt((12 * sigma * sigma) / 3 + 1);
  const narrow = 2 * Math.floor((ideal - 1) / 2) + 1;
  const narrowCount = Math.round((12 * sigma ** 2 - 3 * narrow ** 2 - 12 * narrow - 9) / (-4 * narrow - 4));
  let result = picture;
  for (let pass = 0; pass < 3; pass++) {
    const width = pass < narrowCount ? narrow : narrow + 2;
    result = boxedDown(boxedAcross(result, side, width), side, width);
  }
  return result;
}

/** The mean over `width` pixels of a row; what lies beyond an end is as the end. */
function boxedAcross(from: Float32Array, side: number, width: number): Float32Array {
  const to = new Float32Array(from.length);
  const reach = (width - 1) / 2;
  for (let start = 0; start < from.length; start += side) {
    const last = start + side - 1;
    let sum = (reach + 1) * from[start];
    for (let i = 1; i <= reach; i++) sum += from[Math.min(start + i, last)];
    for (let i = start; i <= last; i++) {
      to[i] = sum / width;
      sum += from[Math.min(i + reach + 1, last)] - from[Math.max(i - reach, start)];
    }
  }
  return to;
}

/** The same down columns, all at once: rows lie together in memory. */
function boxedDown(from: Float32Array, side: number, width: number): Float32Array {
  const to = new Float32Array(from.length);
  const reach = (width - 1) / 2;
  const startOf = (row: number) => side * Math.min(side - 1, Math.max(0, row));
  const sums = new Float32Array(side);
  for (let row = -reach; row <= reach; row++) {
    const start = startOf(row);
    for (let i = 0; i < side; i++) sums[i] += from[start + i];
  }
  for (let row = 0; row < side; row++) {
    const [here, enters, leaves] = [row * side, startOf(row + reach + 1), startOf(row - reach)];
    for (let i = 0; i < side; i++) {
      to[here + i] = sums[i] / width;
      sums[i] += from[enters + i] - from[leaves + i];
    }
  }
  return to;
}

/** Channels as bytes, with noise of the sensor (a sum of four uniform numbers is near enough to normal). */
function interleave(channels: readonly Float32Array[], noise: number, seed: number): Uint8ClampedArray {
  const pixels = new Uint8ClampedArray(3 * channels[0].length);
  for (const [channel, own] of channels.entries()) {
    for (let i = 0; i < own.length; i++) {
      let draw = -2;
      if (noise > 0) for (let k = 0; k < 4; k++) draw += unit(hashAt(seed + channel, i, k));
      pixels[3 * i + channel] = own[i] + (noise > 0 ? noise * Math.sqrt(3) * draw : 0);
    }
  }
  return pixels;
}
