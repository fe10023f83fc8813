import type * as tf from '@tensorflow/tfjs-core';
import { randomImages, speedNetwork } from '../network.js';
import { plainNetwork } from '../plain-network.js';
import type { Task, TaskSettings } from '../task.js';
import { reconstructionStep } from './bare-step.js';

/** One step in tfjs's own operations: forward, squared error, backward, tfjs's Adam. */
export async function prepare({ size }: TaskSettings): Promise<Task> {
  const backbone = speedNetwork(size);
  const images = randomImages(size);
  const plain = plainNetwork(backbone);
  const forward = () => plain.forward(images, true);
  return { run: reconstructionStep(forward, images, backbone.trainable as tf.Variable[]) };
}
