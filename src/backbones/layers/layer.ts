import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor4D, Variable } from '@tensorflow/tfjs-core';
import type { RandomStream } from '../../support/random.js';

/** A differentiable function with weights; `In` and `Out` are maps [batch, height, width, channels] unless told. */
export interface Layer<In extends Tensor = Tensor4D, Out extends Tensor = In> {
  apply(x: In, training: boolean): Out;
  /** What the optimiser moves. */
  readonly trainable: readonly Variable[];
  /** What training records beside it. */
  readonly statistics: readonly Variable[];
}

/** Layers one after the other. */
export function sequence(layers: readonly Layer[]): Layer {
  return {
    apply: (x, training) => layers.reduce((y, layer) => layer.apply(y, training), x),
    trainable: layers.flatMap((layer) => layer.trainable),
    statistics: layers.flatMap((layer) => layer.statistics),
  };
}

/** Weights drawn from N(0, 2 / fanIn): He et al., "Delving Deep into Rectifiers" (2015), Eq. 10. */
export function heNormal(shape: number[], fanIn: number, random: RandomStream): Variable {
  const deviation = Math.sqrt(2 / fanIn);
  const values = Float32Array.from(
    { length: tf.util.sizeFromShape(shape) },
    () => deviation * random.normal(),
  );
  return tf.tidy(() => tf.variable(tf.tensor(values, shape)));
}

/** [size] numbers, all `value`. */
export function constant(size: number, value: number, trainable: boolean): Variable {
  return tf.tidy(() => tf.variable(tf.fill([size], value), trainable));
}
