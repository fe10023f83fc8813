import type { ImageNormalization } from './image-normalization.js';
import { checkBatch } from './pixels.js';

/**
 * Replaces each pixel by its rank within its image (and channel), scaled to [-1, 1].
 *
 *     2 * rank / (height * width - 1) - 1,    rank from 0 to height * width - 1
 *
 * Equal pixels share the mean of their ranks, so any increasing change of brightness leaves the
 * result as it was, and a constant image becomes 0.
 *
 * @returns a normalisation for `SaladModel.create({ imageNormalization })`; its `apply` takes and gives
 *   [count, height, width, channels]
 * @throws SHAPE_MISMATCH, INVALID_OPTION, when `apply` is called
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
      const sort = sorter(size);
      const scale = size > 1 ? 2 / (size - 1) : 0;
      for (let image = 0; image < count; image++) {
        for (let channel = 0; channel < channels; channel++) {
          const start = image * size * channels + channel;
          // + 0 makes one zero of both.
          for (let i = 0; i < size; i++) plane[i] = values[start + i * channels] + 0;
          const order = sort(plane);
          for (let first = 0, last = 0; first < size; first = last) {
            const value = plane[order[first]];
            for (last = first + 1; last < size && plane[order[last]] === value; ) last++;
            const level = size > 1 ? ((first + last - 1) / 2) * scale - 1 : 0;
            for (let i = first; i < last; i++) result[start + order[i] * channels] = level;
          }
        }
      }
      return result;
    },
  };
}

const DIGIT = 11;
const BUCKETS = 2 ** DIGIT;

/**
 * The positions of values in increasing order, by a radix sort of their bits, eleven at a time; what
 * it returns is written over by the next call.
 */
function sorter(size: number): (values: Float32Array) => Uint32Array {
  const starts = new Uint32Array(BUCKETS);
  const keys = new Uint32Array(size);
  let order = new Uint32Array(size);
  let other = new Uint32Array(size);
  return (values) => {
    const bits = new Uint32Array(values.buffer, values.byteOffset, size);
    for (let i = 0; i < size; i++) {
      // As whole numbers the bits of positive values are in order, and those of negative ones reversed.
      keys[i] = bits[i] >>> 31 ? ~bits[i] : bits[i] | 0x80000000;
      order[i] = i;
    }
    for (let shift = 0; shift < 32; shift += DIGIT) {
      starts.fill(0);
      for (let i = 0; i < size; i++) starts[(keys[i] >>> shift) & (BUCKETS - 1)]++;
      let sum = 0;
      for (let bucket = 0; bucket < BUCKETS; bucket++) {
        const inBucket = starts[bucket];
        starts[bucket] = sum;
        sum += inBucket;
      }
      for (let i = 0; i < size; i++) {
        const position = order[i];
        other[starts[(keys[position] >>> shift) & (BUCKETS - 1)]++] = position;
      }
      [order, other] = [other, order];
    }
    return order;
  };
}
