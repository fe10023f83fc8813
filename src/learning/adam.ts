import type { NamedTensorMap, Tensor, Variable } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { fasterKernel } from '../support/kernels.js';
import { epsilon } from '../support/precision.js';

/**
 * The kernel that a backend's entry may register for a step of one variable: of `variable`, `mean`,
 * `square` and `gradient` it makes the new variable, mean and square. Attributes: `AdamStep`.
 */
export const ADAM = 'SaladAdam';

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
    const step: AdamStep = {
      stepSize: learningRate / (1 - beta1 ** this.steps),
      squareScale: 1 / (1 - beta2 ** this.steps),
      beta1,
      beta2,
      weightDecay,
      epsilon: epsilon(),
    };
    this.variables.forEach((variable, i) => {
      const gradient = gradients[variable.name];
      if (!gradient) return;
      const [mean, square] = this.moments[i];
      tf.tidy(() => {
        const inputs = { variable, mean, square, gradient };
        const updated = fasterKernel(ADAM, inputs, { ...step }) ?? composed(inputs, step);
        [variable, mean, square].forEach((held, j) => {
          held.assign(updated[j]);
        });
      });
    });
  }

  dispose(): void {
    tf.dispose(this.moments.flat());
  }
}

/** Numbers of one step: learning rate and bias corrections in one factor each. */
interface AdamStep {
  /** learningRate / (1 - beta1^steps). */
  readonly stepSize: number;
  /** 1 / (1 - beta2^steps). */
  readonly squareScale: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly weightDecay: number;
  /** Added to the root of the mean square. */
  readonly epsilon: number;
}

function composed(
  inputs: Record<'variable' | 'mean' | 'square' | 'gradient', Tensor>,
  { stepSize, squareScale, beta1, beta2, weightDecay, epsilon }: AdamStep,
): Tensor[] {
  const { variable } = inputs;
  const gradient =
    weightDecay > 0 ? tf.add(inputs.gradient, tf.mul(variable, weightDecay)) : inputs.gradient;
  const mean = mix(inputs.mean, gradient, beta1);
  const square = mix(inputs.square, tf.square(gradient), beta2);
  const scale = tf.add(tf.sqrt(tf.mul(square, squareScale)), epsilon);
  return [tf.sub(variable, tf.div(tf.mul(mean, stepSize), scale)), mean, square];
}

function mix(old: Tensor, latest: Tensor, keep: number): Tensor {
  return tf.add(tf.mul(old, keep), tf.mul(latest, 1 - keep));
}
