import type { Scalar, Variable } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { Adam } from '../../learning/adam.js';
import type { FitHistory } from '../../learning/detector.js';
import { gradientsOf } from '../../learning/gradients.js';
import type { Learning } from '../detector/body.js';
import { type NetworkTraining, type TrainingStep, trainNetwork } from './train-network.js';

/** One step of the optimiser down `loss`. @returns its value, which the caller disposes. */
export function minimize(
  optimizer: Adam,
  variables: readonly Variable[],
  loss: () => Scalar,
): Scalar {
  const { value, grads } = gradientsOf(variables, loss);
  optimizer.apply(grads);
  tf.dispose(grads);
  return value;
}

/** What `descend` takes besides the images. */
export interface Descent extends Omit<NetworkTraining, 'step'> {
  /** What is learnt. */
  readonly variables: readonly Variable[];
  /** The mean loss of a batch. */
  loss(batch: TrainingStep): Scalar;
}

/** `trainNetwork` for what has one loss: every step is one of Adam down it. */
export async function descend(
  learning: Learning,
  { variables, loss, ...training }: Descent,
): Promise<FitHistory> {
  const optimizer = new Adam(variables, training.settings);
  try {
    return await trainNetwork(learning, {
      ...training,
      step: (batch) => minimize(optimizer, variables, () => loss(batch)),
    });
  } finally {
    optimizer.dispose();
  }
}
