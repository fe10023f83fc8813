import type { NamedTensorMap, Scalar, Variable } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { freeingTape } from '../support/free-tape.js';

/**
 * A loss and its gradients; where either throws, nothing is left.
 *
 * @returns tensors that the caller disposes; gradients are named as the variables are.
 */
export function gradientsOf(
  variables: readonly Variable[],
  loss: () => Scalar,
): { value: Scalar; grads: NamedTensorMap } {
  // The loss is in no scope of tfjs's where the way back throws.
  return freeingTape(() => tf.tidy(() => tf.variableGrads(loss, variables as Variable[])));
}
