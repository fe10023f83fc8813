import type * as tf from '@tensorflow/tfjs-core';

/** What a kernel is timed at. */
export interface KernelWork {
  readonly name: string;
  /** Arithmetic, where the kernel is bound by it. */
  readonly flops?: number;
  /** What has to be read and written once, where the kernel is bound by that. */
  readonly bytes?: number;
  prepare(): tf.Tensor[];
  run(inputs: tf.Tensor[]): tf.Tensor;
}
