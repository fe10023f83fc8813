import * as tf from '@tensorflow/tfjs-core';
import type { Backbone } from '../backbones/backbone.js';

/** What a network has learnt, as its variables: a backbone's, or those of any layers. */
export type Weights = Pick<Backbone, 'trainable' | 'statistics'>;

/** Everything a network has learnt, in its fixed order. */
export function weightsOf(network: Weights): readonly tf.Variable[] {
  return [...network.trainable, ...network.statistics];
}

/** Weights copied to the host. A copy, since on some backends `data()` is the tensor's own memory. */
export async function copyWeights(network: Weights): Promise<Float32Array[]> {
  return Promise.all(
    weightsOf(network).map(async (variable) => Float32Array.from(await variable.data())),
  );
}

/** Puts copied weights back. */
export function restoreWeights(network: Weights, values: readonly Float32Array[]): void {
  weightsOf(network).forEach((variable, i) => {
    tf.tidy(() => variable.assign(tf.tensor(values[i], variable.shape)));
  });
}
