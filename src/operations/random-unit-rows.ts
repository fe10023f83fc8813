import type { RandomStream } from '../support/random.js';

/** [count, dim]: rows of length 1 in random directions, normal draws normalised. */
export function randomUnitRows(random: RandomStream, count: number, dim: number): Float32Array {
  const values = new Float32Array(count * dim);
  for (let row = 0; row < count; row++) {
    let squares = 0;
    for (let j = row * dim; j < (row + 1) * dim; j++) {
      values[j] = random.gaussian();
      squares += values[j] * values[j];
    }
    const scale = 1 / Math.sqrt(squares);
    for (let j = row * dim; j < (row + 1) * dim; j++) values[j] *= scale;
  }
  return values;
}
