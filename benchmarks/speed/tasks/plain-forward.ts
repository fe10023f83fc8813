import * as tf from '@tensorflow/tfjs-core';
import { randomImages, settle, speedNetwork } from '../network.js';
import { plainNetwork } from '../plain-network.js';
import type { Task, TaskSettings } from '../task.js';

/** Stock forward: the whole autoencoder in inference mode, in tfjs's own operations, nothing folded. */
export async function prepare({ size }: TaskSettings): Promise<Task> {
  const backbone = speedNetwork(size);
  const images = randomImages(size);
  settle(backbone, images, 1);
  const plain = plainNetwork(backbone);
  const largest = tf.tidy(() => {
    const ours = backbone.decode!(backbone.encode(images, false), false);
    return tf.max(tf.abs(tf.sub(ours, plain.forward(images, false))));
  });
  const [apart] = await largest.data();
  largest.dispose();
  if (!(apart < 1e-3)) throw new Error(`the plain network differs from ours by ${apart}`);
  return {
    async run() {
      const output = tf.tidy(() => plain.forward(images, false));
      await output.data();
      output.dispose();
    },
    facts: { apart },
  };
}
