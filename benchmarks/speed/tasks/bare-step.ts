import * as tf from '@tensorflow/tfjs-core';
import { randomImages, speedNetwork } from '../network.js';
import type { Task, TaskSettings } from '../task.js';

/** The backbone trained bare in tfjs: forward, squared error, backward, tfjs's Adam, on a batch that stands ready. */
export async function prepare({ size }: TaskSettings): Promise<Task> {
  const backbone = speedNetwork(size);
  const images = randomImages(size);
  const forward = () => backbone.decode!(backbone.encode(images, true), true);
  return { run: reconstructionStep(forward, images, backbone.trainable as tf.Variable[]) };
}

/** A step of squared error and tfjs's own Adam; the loss is read back, as every loop does. */
export function reconstructionStep(
  forward: () => tf.Tensor,
  images: tf.Tensor,
  variables: tf.Variable[],
): () => Promise<void> {
  const optimizer = tf.train.adam(1e-4);
  return async () => {
    const { value, grads } = tf.variableGrads(
      () => tf.mean(tf.square(tf.sub(images, forward()))) as tf.Scalar,
      variables,
    );
    optimizer.applyGradients(grads as Record<string, tf.Variable>);
    await value.data();
    tf.dispose([value, grads]);
  };
}
