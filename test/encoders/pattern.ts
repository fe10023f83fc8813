import * as tf from '@tensorflow/tfjs-core';

/** Images by the formula of scripts/encoder-weights/convert.py, in [-1.5, 1.5]; float32 holds every value exactly. */
export function pattern(shape: readonly number[]): tf.Tensor4D {
  const [count, height, width, channels] = shape as [number, number, number, number];
  const values = new Float32Array(count * height * width * channels);
  let at = 0;
  for (let n = 0; n < count; n++)
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++)
        for (let c = 0; c < channels; c++) {
          const whole = 3 * x * x + 5 * y * y + 7 * x * y + 11 * n + 29 * c;
          values[at++] = (whole % 193) / 64 - 1.5;
        }
  return tf.tensor4d(values, [count, height, width, channels]);
}

/** What PyTorch made of such images: scripts/encoder-weights/convert.py. */
export interface LiteReference {
  /** [count, height, width, channels] of the images. */
  readonly shape: readonly number[];
  /** Every so manyth number of a map is here. */
  readonly step: number;
  readonly maps: readonly {
    readonly shape: readonly number[];
    /** Of the whole map, by absolute value. */
    readonly largest: number;
    /** By the network as it was published. */
    readonly original: readonly number[];
    /** By the network with the weights of the file. */
    readonly restored: readonly number[];
  }[];
}

/** The largest difference of sampled numbers, in parts of the map's largest value; NaN where one is NaN. */
export function furthest(
  map: ArrayLike<number>,
  expected: readonly number[],
  { step, largest }: { readonly step: number; readonly largest: number },
): number {
  return Math.max(...expected.map((value, i) => Math.abs(map[i * step] - value) / largest));
}
