import * as tf from '@tensorflow/tfjs-core';
import { BATCH, randomImages, settle, speedNetwork } from '../network.js';
import type { Task, TaskSettings } from '../task.js';

/** Embeddings of a batch: pixels in as a typed array, numbers out as one. */
export async function prepare({ size }: TaskSettings): Promise<Task> {
  const backbone = speedNetwork(size);
  const images = randomImages(size);
  settle(backbone, images, 1);
  const pixels = await images.data<'float32'>();
  return {
    async run() {
      const embeddings = tf.tidy(() => {
        const batch = tf.tensor4d(pixels, [BATCH, size, size, 1]);
        return backbone.encode(batch, false).embeddings;
      });
      await embeddings.data();
      embeddings.dispose();
    },
  };
}
