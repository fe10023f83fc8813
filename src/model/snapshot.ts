import * as tf from '@tensorflow/tfjs-core';
import type { Backbone } from '../backbones/backbone.js';

/** Everything a backbone has learnt, in its fixed order. */
export function weightsOf(backbone: Backbone): readonly tf.Variable[] {
  return [...backbone.trainable, ...backbone.statistics];
}

/** Weights copied to the host. A copy, since on some backends `data()` is the tensor's own memory. */
export async function copyWeights(backbone: Backbone): Promise<Float32Array[]> {
  return Promise.all(
    weightsOf(backbone).map(async (variable) => Float32Array.from(await variable.data())),
  );
}

/** Puts copied weights back. */
export function restoreWeights(backbone: Backbone, values: readonly Float32Array[]): void {
  weightsOf(backbone).forEach((variable, i) => {
    tf.tidy(() => variable.assign(tf.tensor(values[i], variable.shape)));
  });
}
