import type { Tensor4D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { ScoringModel } from '../model/scoring-model.js';
import { meanOfEach } from '../support/sums.js';

/**
 * What an image would be if it were normal, as far as the model knows: its reconstruction.
 *
 * Where the backbone has no decoder, the image's own mean.
 *
 * @param images [batch, height, width, channels], normalised
 */
export function normalVersion({ backbone }: ScoringModel, images: Tensor4D): Tensor4D {
  const decode = backbone.decode?.bind(backbone);
  return tf.tidy(() =>
    decode
      ? decode(backbone.encode(images, false), false)
      : tf.add<Tensor4D>(tf.zerosLike(images), tf.reshape(meanOfEach(images), [-1, 1, 1, 1])),
  );
}
