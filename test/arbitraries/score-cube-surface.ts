// Surfaces of imagined slides: how high the specimen lies on every tile, how much of it there is, and the focus curves that follow.
import fc from 'fast-check';
import { uniform } from '../../src/planner/numeric/seeded.js';

/** Shapes of the specimen's height over the slide. */
export const shapes = ['flat', 'tilted', 'stepped', 'gravel', 'islands', 'noise'] as const;
/** What may be wrong with a stack. */
export const faults = [
  'none',
  'two peaks',
  'rising at the edge',
  'all blurred',
  'black plane',
  'white plane',
  'noise plane',
  'missing plane',
  'missing tiles',
  'duplicated planes',
] as const;

export type Surface = {
  readonly columns: number;
  readonly rows: number;
  readonly planeCount: number;
  readonly shape: (typeof shapes)[number];
  readonly fault: (typeof faults)[number];
  /** Share of tiles that are background, 0 to 1. */
  readonly background: number;
  /** Planes from the peak at which half of the sharpness above the floor is left. */
  readonly halfWidth: number;
  /** Standard deviation of log F from look to look. */
  readonly noise: number;
  readonly seed: number;
};

const side = fc.oneof({ weight: 1, arbitrary: fc.integer({ min: 1, max: 3 }) }, fc.integer({ min: 4, max: 12 }));
const planes = fc.oneof(
  { weight: 12, arbitrary: fc.integer({ min: 1, max: 12 }) },
  { weight: 1, arbitrary: fc.constant(60) },
);

/** Any surface; parts may be pinned. */
export function surfaceArbitrary(pinned: Partial<Surface> = {}): fc.Arbitrary<Surface> {
  return fc
    .record({
      columns: side,
      rows: side,
      planeCount: planes,
      shape: fc.constantFrom(...shapes),
      fault: fc.oneof({ weight: 3, arbitrary: fc.constant('none' as const) }, fc.constantFrom(...faults)),
      background: fc.constantFrom(0, 0.3, 0.8),
      halfWidth: fc.constantFrom(0.7, 1.5, 4),
      noise: fc.constantFrom(0, 0.01, 0.05),
      seed: fc.nat(9999),
    })
    .map((surface) => ({ ...surface, ...pinned }));
}

/** What noise alone gives, and what specimen adds at most. */
const floor = 100;
const specimen = 1000;

/** F of every tile on every plane, [tile][plane]; NaN where the slide lacks the tile. */
export function curvesOf(surface: Surface): Float64Array {
  const { columns, rows, planeCount, halfWidth, noise, seed } = surface;
  const scores = new Float64Array(columns * rows * planeCount);
  for (let tile = 0; tile < columns * rows; tile++) {
    const height = heightOf(surface, tile);
    const amount = amountOf(surface, tile);
    const second = surface.fault === 'two peaks' ? planeCount - 1 - height : height;
    for (let plane = 0; plane < planeCount; plane++) {
      const peak = Math.max(response(plane - height, halfWidth), 0.95 * response(plane - second, halfWidth));
      const blurred = surface.fault === 'all blurred' ? 0.02 : 1;
      const value = (floor + specimen * amount * blurred * peak) * Math.exp(noise * normal(seed, tile, plane));
      scores[tile * planeCount + plane] = value;
    }
  }
  return spoil(surface, scores);
}

/** Whether a tile is background, as the surface was made. */
export function isBackground(surface: Surface, tile: number): boolean {
  return amountOf(surface, tile) === 0;
}

/** The height of a tile's specimen, in planes; beyond the stack where its curves rise at the edge. */
export function heightOf(surface: Surface, tile: number): number {
  const { columns, rows, planeCount, shape, fault, seed } = surface;
  const last = planeCount - 1;
  if (fault === 'rising at the edge') return tile % 2 === 0 ? -1.5 : last + 1.5;
  const [row, column] = [Math.floor(tile / columns), tile % columns];
  const across = columns > 1 ? column / (columns - 1) : 0;
  const down = rows > 1 ? row / (rows - 1) : 0;
  switch (shape) {
    case 'flat':
      return Math.floor(last / 2);
    case 'tilted':
      return (last * (across + down)) / 2;
    case 'stepped':
      return across < 0.5 ? Math.floor(last / 4) : Math.ceil((3 * last) / 4);
    case 'gravel':
      return Math.round(last * uniform(seed, 3, Math.floor(row / 3), Math.floor(column / 3)));
    case 'islands':
      return uniform(seed, 4, tile) < 0.03 ? last : 0;
    case 'noise':
      return last * uniform(seed, 5, tile);
  }
}

function amountOf({ columns, background, shape, seed }: Surface, tile: number): number {
  if (shape === 'islands' && uniform(seed, 4, tile) < 0.03) return 1;
  // Specimen comes in patches of three tiles a side.
  const patch = [Math.floor(tile / columns / 3), Math.floor((tile % columns) / 3)];
  if (uniform(seed, 1, ...patch) < background) return 0;
  return 0.15 + 0.85 * uniform(seed, 2, tile);
}

function response(distance: number, halfWidth: number): number {
  return 1 / (1 + (distance / halfWidth) ** 2);
}

/** Takes planes and tiles away, or repeats them. */
function spoil({ planeCount, fault, seed }: Surface, scores: Float64Array): Float64Array {
  const bad = Math.floor(planeCount * uniform(seed, 6));
  return scores.map((score, slot) => {
    const [tile, plane] = [Math.floor(slot / planeCount), slot % planeCount];
    if (fault === 'black plane' && plane === bad) return 0;
    if (fault === 'white plane' && plane === bad) return 1;
    if (fault === 'noise plane' && plane === bad) return floor * (2 + uniform(seed, 8, tile));
    if (fault === 'missing plane' && plane === bad) return Number.NaN;
    if (fault === 'missing tiles' && uniform(seed, 7, slot) < 0.1) return Number.NaN;
    if (fault === 'duplicated planes') return scores[tile * planeCount + (plane - (plane % 2))];
    return score;
  });
}

/** About standard normal, the same for the same indices. */
export function normal(...indices: number[]): number {
  // Four even draws: their tails end at 3.5, which is as wild as laws need.
  const sum = [1, 2, 3, 4].reduce((total, i) => total + uniform(...indices, 1000 + i), 0);
  return (sum - 2) * Math.sqrt(3);
}
