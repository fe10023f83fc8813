import type { Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { Encoded } from '../backbones/backbone.js';
import { meanOfEach } from '../support/sums.js';
import { l2Normalize } from '../support/tensors.js';

/**
 * What an encoder returns whose maps are all that it has: its embedding is the mean of the last one, of unit length. Maps of
 * an image with a NaN are NaN: clipping within the encoder makes ordinary numbers of it on some backends.
 */
export function encodedOf(images: Tensor4D, maps: readonly Tensor4D[]): Encoded {
  const zeroOrNaN = tf.reshape(tf.mul(meanOfEach(images), 0), [-1, 1, 1, 1]);
  const guarded = maps.map((map) => tf.add(map, zeroOrNaN) as Tensor4D);
  const last = guarded[guarded.length - 1];
  return { embeddings: l2Normalize(tf.mean(last, [1, 2]) as Tensor2D), maps: guarded };
}
