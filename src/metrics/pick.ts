import { checkList } from '../support/check.js';

/**
 * The values at some indices, for statistics of a resample.
 *
 * @param values [count], any numbers.
 * @param indices [drawn], whole numbers from 0 to count - 1; repeats are allowed.
 * @returns [drawn], in the order of `indices`.
 * @throws INVALID_OPTION
 * @example
 * pick([0.1, 0.2, 0.3], [2, 2, 0]); // 0.3, 0.3, 0.1
 */
export function pick(values: ArrayLike<number>, indices: ArrayLike<number>): Float64Array {
  checkList('pick', 'values', values);
  checkList('pick', 'indices', indices);
  const picked = new Float64Array(indices.length);
  for (let i = 0; i < indices.length; i++) picked[i] = values[indices[i]];
  return picked;
}
