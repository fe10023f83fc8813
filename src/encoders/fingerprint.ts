import type { Tensor4D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { ImageShape } from '../images/pixels.js';

/** Numbers of each map that are kept. */
const COUNT = 64;

/** Two films of a fixed pattern, in [-1.5, 1.5]; float32 holds every value exactly. */
export function patternOf([height, width, channels]: ImageShape): Tensor4D {
  const values = Float32Array.from({ length: 2 * height * width * channels }, (_, i) => {
    const c = i % channels;
    const x = Math.floor(i / channels) % width;
    const row = Math.floor(i / (channels * width));
    return ((3 * x * x + 5 * row * row + 7 * x * row + 29 * c) % 193) / 64 - 1.5;
  });
  return tf.tensor4d(values, [2, height, width, channels]);
}

/** Of each map 64 numbers at even distances, to 5 digits: by them an encoder is known again. */
export async function fingerprintOf(maps: readonly Tensor4D[]): Promise<number[][]> {
  return Promise.all(
    maps.map(async (map) => {
      const values = await map.data();
      const count = Math.min(COUNT, values.length);
      return Array.from({ length: count }, (_, i) =>
        Number(values[Math.floor((i * values.length) / count)].toPrecision(5)),
      );
    }),
  );
}
