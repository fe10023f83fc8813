import type { NamedTensorMap, Scalar, Variable } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';

/**
 * A loss and its gradients by `tf.variableGrads`, which keeps what a forward pass that throws had saved for the
 * way back. Here such a pass ends with a loss of 0 instead, so that tfjs frees it all, and then throws.
 *
 * @returns tensors that the caller disposes; gradients are named as the variables are.
 */
export function gradientsOf(
  variables: readonly Variable[],
  loss: () => Scalar,
): { value: Scalar; grads: NamedTensorMap } {
  let failure: { readonly error: unknown } | undefined;
  const lossOrZero = (): Scalar => {
    try {
      return loss();
    } catch (error) {
      failure = { error };
      // Of a variable, since tfjs asks for a gradient.
      return tf.mul(tf.sum(variables[0]), 0);
    }
  };
  const { value, grads } = tf.variableGrads(lossOrZero, variables as Variable[]);
  if (!failure) return { value, grads };
  tf.dispose([value, grads]);
  throw (failure as { readonly error: unknown }).error;
}
