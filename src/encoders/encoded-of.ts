import type { Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { Encoded } from '../backbones/backbone.js';
import { l2Normalize } from '../support/tensors.js';

/** What an encoder returns whose maps are all that it has: its embedding is the mean of the last one, of unit length. */
export function encodedOf(maps: readonly Tensor4D[]): Encoded {
  const last = maps[maps.length - 1];
  return { embeddings: l2Normalize(tf.mean(last, [1, 2]) as Tensor2D), maps };
}
