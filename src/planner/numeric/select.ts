// The number that would lie at a place of a sorted list, without sorting the list.

/**
 * The number with `rank` smaller or equal ones before it (0 to length - 1) once sorted, NaN last; the array is left in another
 * order.
 */
export function selectInPlace(numbers: Float64Array, rank: number): number {
  let low = 0;
  let high = withoutNaN(numbers) - 1;
  if (rank > high) return Number.NaN;
  // Hoare's quickselect ("Algorithm 65: find", Comm. ACM 4, 1961), with the median of three as pivot
  while (low < high) {
    const pivot = medianOf(numbers[low], numbers[(low + high) >> 1], numbers[high]);
    let left = low;
    let right = high;
    while (left <= right) {
      while (numbers[left] < pivot) left++;
      while (numbers[right] > pivot) right--;
      if (left > right) break;
      const moved = numbers[left];
      numbers[left++] = numbers[right];
      numbers[right--] = moved;
    }
    if (rank <= right) high = right;
    else if (rank >= left) low = left;
    else break;
  }
  return numbers[rank];
}

/** Moves NaN to the end; how many numbers come before. */
function withoutNaN(numbers: Float64Array): number {
  let count = 0;
  for (let i = 0; i < numbers.length; i++) {
    const number = numbers[i];
    if (Number.isNaN(number)) continue;
    numbers[i] = numbers[count];
    numbers[count++] = number;
  }
  return count;
}

function medianOf(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}
