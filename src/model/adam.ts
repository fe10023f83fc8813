import type { NamedTensorMap, Tensor, Variable } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { epsilon } from '../support/precision.js';

/** Adam's settings. */
export interface AdamOptions {
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly weightDecay: number;
}

/**
 * Adam (Kingma & Ba, ICLR 2015) with a state that can be saved exactly.
 *
 * tfjs's own keeps powers of beta as float32 running products but restores them by `pow`, so a
 * resumed run would differ from the uninterrupted one; here they follow from the step count.
 */
export class Adam {
  /** Steps taken. */
  steps = 0;
  /** Running mean, then running mean of squares, of each variable's gradient. */
  readonly moments: readonly (readonly [Variable, Variable])[];

  constructor(
    private readonly variables: readonly Variable[],
    private readonly options: AdamOptions,
  ) {
    this.moments = variables.map((variable) => [
      tf.tidy(() => tf.variable(tf.zeros(variable.shape), false)),
      tf.tidy(() => tf.variable(tf.zeros(variable.shape), false)),
    ]);
  }

  /** One step along `gradients`, which are named as the variables are; a variable without one stays. */
  apply(gradients: NamedTensorMap): void {
    const { learningRate, beta1, beta2, weightDecay } = this.options;
    this.steps += 1;
    const stepSize = learningRate / (1 - beta1 ** this.steps);
    const squareScale = 1 / (1 - beta2 ** this.steps);
    const smallest = epsilon();
    this.variables.forEach((variable, i) => {
      const raw = gradients[variable.name];
      if (!raw) return;
      const [mean, square] = this.moments[i];
      tf.tidy(() => {
        const gradient = weightDecay > 0 ? tf.add(raw, tf.mul(variable, weightDecay)) : raw;
        mean.assign(mix(mean, gradient, beta1));
        square.assign(mix(square, tf.square(gradient), beta2));
        const scale = tf.add(tf.sqrt(tf.mul(square, squareScale)), smallest);
        variable.assign(tf.sub(variable, tf.div(tf.mul(mean, stepSize), scale)));
      });
    });
  }

  dispose(): void {
    tf.dispose(this.moments.flat());
  }
}

function mix(old: Tensor, latest: Tensor, keep: number): Tensor {
  return tf.add(tf.mul(old, keep), tf.mul(latest, 1 - keep));
}
