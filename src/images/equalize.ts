import { checkBatch, type ImageNormalization } from './image-normalization.js';

/**
 * Replaces each pixel by its rank within its image (and channel), scaled to [-1, 1].
 *
 *     2 * rank / (height * width - 1) - 1,    rank from 0 to height * width - 1
 *
 * Equal pixels share the mean of their ranks, so any increasing change of brightness leaves the
 * result as it was, and a constant image becomes 0.
 *
 * @throws `apply` throws SHAPE_MISMATCH
 * @example
 * equalize().apply(Float32Array.of(0.1, 0.2, 0.3, 0.9), [1, 2, 2, 1]); // -1, -1/3, 1/3, 1
 */
export function equalize(): ImageNormalization {
  return {
    name: 'equalize',
    options: {},
    apply(values, shape) {
      checkBatch('equalize', values, shape);
      const [count, height, width, channels] = shape;
      const size = height * width;
      const result = new Float32Array(values.length);
      const plane = new Float32Array(size);
      for (let image = 0; image < count; image++) {
        for (let channel = 0; channel < channels; channel++) {
          const start = image * size * channels + channel;
          for (let i = 0; i < size; i++) plane[i] = values[start + i * channels];
          const { levels, ranks } = meanRanks(plane);
          const scale = size > 1 ? 2 / (size - 1) : 0;
          for (let i = 0; i < size; i++) {
            const rank = ranks[lowerBound(levels, values[start + i * channels])];
            result[start + i * channels] = size > 1 ? rank * scale - 1 : 0;
          }
        }
      }
      return result;
    },
  };
}

/** The distinct values of `plane` in increasing order, and the mean rank of each. Sorts `plane`. */
function meanRanks(plane: Float32Array): { levels: Float32Array; ranks: Float64Array } {
  plane.sort();
  const levels = new Float32Array(plane.length);
  const ranks = new Float64Array(plane.length);
  let distinct = 0;
  for (let first = 0, last = 0; first < plane.length; first = last) {
    while (last < plane.length && plane[last] === plane[first]) last++;
    levels[distinct] = plane[first];
    ranks[distinct++] = (first + last - 1) / 2;
  }
  return { levels: levels.subarray(0, distinct), ranks };
}

function lowerBound(sorted: Float32Array, value: number): number {
  let low = 0;
  let high = sorted.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
