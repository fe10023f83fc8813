/** How many of `sorted` (rising) lie below `value`, or at it with `orEqual`. */
export function countBelow(
  sorted: ArrayLike<number>,
  value: number,
  { orEqual = false } = {},
): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < value || (orEqual && sorted[middle] === value)) low = middle + 1;
    else high = middle;
  }
  return low;
}
