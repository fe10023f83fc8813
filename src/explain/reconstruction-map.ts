import type { Tensor4D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { ScoringModel } from '../model/scoring-model.js';
import { check } from '../support/check.js';

/**
 * What the decoder could not make again: |x - x'|, meaned over channels.
 *
 * It shows what training has not seen, but not what moved the score, which is made of the embedding.
 *
 * @param images [batch, height, width, channels], normalised
 * @returns [batch, height, width], flattened
 * @throws NO_DECODER
 */
export async function reconstructionMap(
  where: string,
  model: ScoringModel,
  images: Tensor4D,
): Promise<Float32Array> {
  const { backbone } = model;
  check(
    backbone.decode !== undefined,
    'NO_DECODER',
    () =>
      `${where}: method is 'reconstruction' but the backbone has no decoder; use 'gradient' or 'occlusion'.`,
  );
  const decode = backbone.decode.bind(backbone);
  const error = tf.tidy(() => {
    const again = decode(backbone.encode(images, false), false);
    return tf.mean(tf.abs(tf.sub(images, again)), 3);
  });
  const values = await error.data<'float32'>();
  error.dispose();
  return values;
}
