import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { randomImages, settle, speedNetwork } from '../network.js';
import type { Task, TaskSettings } from '../task.js';

/**
 * Writes the network for libraries in other languages: network.json names the tensors of network.bin, float32
 * one after the other. Beside the weights, a batch and what comes of it in inference mode, so that a library
 * can show that it is the same network.
 */
export async function prepare({ size, folder }: TaskSettings): Promise<Task> {
  const backbone = speedNetwork(size);
  const images = randomImages(size);
  settle(backbone, images);
  const outputs = tf.tidy(() => {
    const encoded = backbone.encode(images, false);
    return { embeddings: encoded.embeddings, reconstructions: backbone.decode!(encoded, false) };
  });
  const tensors: Record<string, tf.Tensor> = { images, ...outputs };
  backbone.trainable.forEach((variable, i) => {
    tensors[`trainable ${i}`] = variable;
  });
  backbone.statistics.forEach((variable, i) => {
    tensors[`statistics ${i}`] = variable;
  });
  const description = {
    levels: (backbone.config.channels as number[]).length,
    tensors: Object.entries(tensors).map(([name, { shape }]) => ({ name, shape })),
  };
  const values = await Promise.all(Object.values(tensors).map((tensor) => tensor.data()));
  await mkdir(folder as string, { recursive: true });
  await writeFile(join(folder as string, 'network.json'), JSON.stringify(description));
  await writeFile(
    join(folder as string, 'network.bin'),
    Buffer.concat(values.map((each) => Buffer.from(each.buffer, each.byteOffset, each.byteLength))),
  );
  return { run: () => undefined };
}
