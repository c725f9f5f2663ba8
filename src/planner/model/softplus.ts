// log(1 + e^-x) from a table: planning a slide asks for it some hundred million times.
import { cells, negligibleFrom } from './rating-rules.js';

/** Cubics through value and slope at both ends of every cell (Hermite), lowest power first. */
const cubics = new Float64Array(4 * cells * negligibleFrom);
for (let cell = 0; cell < cells * negligibleFrom; cell++) {
  const [value, slope] = exactly(cell / cells);
  const [nextValue, nextSlope] = exactly((cell + 1) / cells);
  const rise = nextValue - value;
  cubics.set([value, slope, 3 * rise - 2 * slope - nextSlope, slope + nextSlope - 2 * rise], 4 * cell);
}

/** The value, and how much it changes in a cell. */
function exactly(x: number): readonly [number, number] {
  return [Math.log1p(Math.exp(-x)), -1 / (cells * (1 + Math.exp(x)))];
}

/** log(1 + e^-x) for x >= 0, to 2e-10 of its value. From negligibleFrom on it is e^-x, and shows in no sum with its value at 0. */
export function softplus(x: number): number {
  return x < negligibleFrom ? inCells(x * cells) : Math.exp(-x);
}

/** The same for an x counted in cells, below negligibleFrom. */
export function inCells(place: number): number {
  const cell = place | 0;
  const t = place - cell;
  const from = 4 * cell;
  return cubics[from] + t * (cubics[from + 1] + t * (cubics[from + 2] + t * cubics[from + 3]));
}

/** How much it changes in a cell there: to 1e-8 of that. */
export function slopeInCells(place: number): number {
  const cell = place | 0;
  const t = place - cell;
  const from = 4 * cell;
  return cubics[from + 1] + t * (2 * cubics[from + 2] + 3 * (t * cubics[from + 3]));
}
