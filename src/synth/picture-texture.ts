// Specimen made of given pictures of tissue: a sheet is a patchwork of irregular patches, each a part of a picture, turned or
// mirrored, in whole scraps. Between two patches is a crack or a fold, as in a section that has been stretched.
import type { Rect } from '../slide/geometry.js';
import type { ParticleList } from './particle-list.js';
import { cutFragments, type Fragment, fragmentReach, fragmentSpacing } from './picture-fragments.js';
import { type Picture, readPicture } from './read-picture.js';
import { hashAt, mix32, unit } from './seeded-hash.js';
import type { Sheet } from './sheet.js';
import { stainGain } from './stain-gain.js';
import type { Texture } from './texture.js';

/** Pixels used of all pictures together: bounds memory to about 190 MB, once all scraps are blurred in every way. */
const pixelBudget = 800_000;

/** Pixels a side: of each picture at least so much is used, however many there are. */
const leastSide = 400;

/** Side of the squares that patches grow in, as a share of a picture's side: a patch must find room in a picture. */
const patchShare = 0.36;

/** Pixels by which a scrap may be nearer to another patch's centre: more make folds, less make cracks. */
const overlap = 12;

/** Mean density around a scrap's centre from which on it is worth being a clump of its own: a fifth of the light is gone. */
const leastMeanDensity = 0.22;

/** A picture cut up, and those of its scraps that a patch may be centred on. */
type Cutting = { readonly fragments: readonly Fragment[]; readonly middle: readonly Fragment[] };

/** A patch: where its centre lies on the slide, and a number that everything else about it is drawn from. */
type Patch = { readonly x: number; readonly y: number; readonly hash: number };

export async function createPictureTexture(files: readonly string[], seed: number): Promise<Texture> {
  const greatestSide = Math.max(leastSide, Math.floor(Math.sqrt(pixelBudget / files.length)));
  const pictures: Picture[] = [];
  for (const file of files) pictures.push(await readPicture(file, leastSide, greatestSide));
  const patchSize = patchShare * Math.min(...pictures.flatMap(({ width, height }) => [width, height]));
  const cuttings = pictures.map((picture, index) => cutUp(picture, hashAt(seed, index, 0), patchSize));
  return {
    reach: fragmentReach,
    place(sheet, within, particles) {
      const { x, y, extent } = sheet;
      const right = Math.min(within.x + within.width - x, extent) / patchSize;
      const bottom = Math.min(within.y + within.height - y, extent) / patchSize;
      for (let row = Math.floor(Math.max(within.y - y, -extent) / patchSize) - 1; row <= bottom + 1; row++) {
        for (let column = Math.floor(Math.max(within.x - x, -extent) / patchSize) - 1; column <= right + 1; column++) {
          placePatch(cuttings, sheet, patchSize, column, row, within, particles);
        }
      }
    },
  };
}

function cutUp(picture: Picture, seed: number, patchSize: number): Cutting {
  const fragments = cutFragments(picture, seed);
  const freeX = Math.max(fragmentSpacing, picture.width / 2 - 0.8 * patchSize);
  const freeY = Math.max(fragmentSpacing, picture.height / 2 - 0.8 * patchSize);
  const middle = fragments.filter(
    ({ x, y }) => Math.abs(x - picture.width / 2) <= freeX && Math.abs(y - picture.height / 2) <= freeY,
  );
  // best a centre that shows something: clumps of a single scrap are cut from there
  const full = middle.filter(({ x, y }) => meanDensity(picture, x, y) > leastMeanDensity);
  return { fragments, middle: full.length > 0 ? full : middle };
}

function meanDensity({ width, height, density }: Picture, x: number, y: number): number {
  const reach = 24;
  let sum = 0;
  let count = 0;
  for (let row = Math.max(0, y - reach); row < Math.min(height, y + reach); row++) {
    for (let column = Math.max(0, x - reach); column < Math.min(width, x + reach); column++, count++) {
      sum += density[(row * width + column) * 3 + 1];
    }
  }
  return sum / count;
}

function placePatch(
  cuttings: readonly Cutting[],
  sheet: Sheet,
  patchSize: number,
  column: number,
  row: number,
  within: Rect,
  particles: ParticleList,
): void {
  const { x: centreX, y: centreY, hash } = patchAt(sheet, patchSize, column, row);
  const neighbours = [-1, 0, 1].flatMap((r) => [-1, 0, 1].map((c) => patchAt(sheet, patchSize, column + c, row + r)));
  const { fragments, middle } = cuttings[hash % cuttings.length];
  const focus = middle[mix32(hash + 1) % middle.length];
  const orientation = mix32(hash + 2) >>> 29;
  const gain = stainGain(sheet, mix32(hash + 3));
  for (const { x: fromX, y: fromY, sprite } of fragments) {
    const mirroredX = orientation & 1 ? focus.x - fromX : fromX - focus.x;
    const mirroredY = orientation & 2 ? focus.y - fromY : fromY - focus.y;
    const x = centreX + (orientation & 4 ? mirroredY : mirroredX);
    const y = centreY + (orientation & 4 ? mirroredX : mirroredY);
    if (x < within.x || y < within.y || x >= within.x + within.width || y >= within.y + within.height) continue;
    const own = Math.hypot(x - centreX, y - centreY) - overlap;
    if (neighbours.some((other) => Math.hypot(x - other.x, y - other.y) < own) || !sheet.covers(x, y)) continue;
    particles.push({ sprite, x, y, orientation, height: sheet.heightAt(x, y), gain, specimen: true });
  }
}

/** The patch that grows in a square of the sheet: it holds all that is nearer to its centre than to any other. */
function patchAt(sheet: Sheet, patchSize: number, column: number, row: number): Patch {
  const hash = hashAt(sheet.seed, column, row);
  const central = column === 0 && row === 0;
  const jitterX = central ? 0 : 0.4 * (unit(mix32(hash + 4)) - 0.5);
  const jitterY = central ? 0 : 0.4 * (unit(mix32(hash + 5)) - 0.5);
  return {
    x: sheet.x + Math.round((column + jitterX) * patchSize),
    y: sheet.y + Math.round((row + jitterY) * patchSize),
    hash,
  };
}
