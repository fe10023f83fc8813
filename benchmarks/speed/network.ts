import * as tf from '@tensorflow/tfjs-core';
import { type Backbone, convAutoencoder } from 'salad-ad';

/** Images a step. */
export const BATCH = 16;

/** The network of every figure: two convolutions a level, bilinear up-sampling, default options otherwise. */
export function speedNetwork(size: number): Backbone {
  return convAutoencoder({
    inputShape: [size, size, 1],
    convsPerLevel: 2,
    upsampling: 'bilinear',
  });
}

/** Normally distributed pixels, the same in every process. */
export function randomImages(size: number, batch = BATCH): tf.Tensor4D {
  return tf.randomNormal([batch, size, size, 1], 0, 1, 'float32', 1);
}

/** Moves the running statistics away from 0 and 1, as training would. */
export function settle(backbone: Backbone, images: tf.Tensor4D, times = 20): void {
  for (let i = 0; i < times; i++) {
    tf.tidy(() => backbone.decode!(backbone.encode(images, true), true));
  }
}
