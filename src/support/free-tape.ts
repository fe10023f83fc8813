import * as tf from '@tensorflow/tfjs-core';

/** Computes gradients; where the way there or back throws, frees what tfjs had saved for the way back, and would keep. */
export function freeingTape<T>(compute: () => T): T {
  try {
    return compute();
  } catch (error) {
    const { state } = tf.engine();
    // Within other gradients the tape is theirs.
    if (state.gradientDepth === 0) {
      for (const { saved = [] } of state.activeTape ?? []) tf.dispose(saved);
      // As tfjs leaves it; its types know of no end.
      (state as { activeTape: unknown }).activeTape = null;
    }
    throw error;
  }
}
