import type { NamedTensorMap, Scalar, Variable } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';

/**
 * A loss and its gradients by `tf.variableGrads`, which keeps what it had saved for the way back where one of the two ways
 * throws. Here a forward pass that throws ends with a loss of 0 instead, so that tfjs frees it all, and then throws; after a
 * backward pass that throws the tape is freed.
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
  const forthAndBack = () => tf.variableGrads(lossOrZero, variables as Variable[]);
  try {
    // The loss is in no scope of tfjs's where the way back throws.
    const { value, grads } = tf.tidy(forthAndBack);
    if (!failure) return { value, grads };
    tf.dispose([value, grads]);
  } catch (error) {
    freeTape();
    throw error;
  }
  throw failure.error;
}

/** Frees what is saved for a way back that has ended. */
function freeTape(): void {
  const { state } = tf.engine();
  // Within other gradients the tape is theirs.
  if (state.gradientDepth > 0) return;
  for (const { saved = [] } of state.activeTape ?? []) tf.dispose(saved);
  state.activeTape = [];
}
