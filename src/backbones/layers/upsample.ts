import * as tf from '@tensorflow/tfjs-core';
import type { Layer } from './layer.js';

/**
 * Bilinear resizing to a given size, corners on corners.
 *
 * Corners are aligned because tfjs's gradient does not know the other symmetric form (half-pixel
 * centres); nearest-neighbour resizing is avoided because its gradient is wrong on the cpu backend.
 */
export function upsample(size: readonly [height: number, width: number]): Layer {
  return {
    apply: (x) => tf.image.resizeBilinear(x, [...size], true),
    trainable: [],
    statistics: [],
  };
}
