import * as tf from '@tensorflow/tfjs-core';

/** The bits of what `compute` returns. */
export function bitsOf(compute: () => tf.Tensor[]): string[] {
  const outputs = tf.tidy(compute);
  const bits = outputs.map((output) => {
    const { buffer } = output.dataSync<'float32'>();
    return new Uint32Array(buffer).join();
  });
  tf.dispose(outputs);
  return bits;
}
