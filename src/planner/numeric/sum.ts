// Sums over the tiles of a slide: Array.reduce makes an object of every number, and a slide has hundreds of thousands of tiles.

/** The sum of numbers, first to last. */
export function sumOf(numbers: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < numbers.length; i++) sum += numbers[i];
  return sum;
}
