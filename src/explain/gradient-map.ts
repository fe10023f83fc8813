import type { Tensor4D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { bankAngles } from '../core/bank-angles.js';
import type { ScoringModel } from '../model/scoring-model.js';
import { freeingTape } from '../support/free-tape.js';
import { differentiableScore } from './differentiable-score.js';
import { normalVersion } from './normal-version.js';

/**
 * By how much the score would fall if a pixel were as in the normal version x' of its image x, to first
 * order.
 *
 *     map = sum over channels of max(0, d score / d x * (x - x'))
 *
 * @param images [batch, height, width, channels], normalised
 * @returns [batch, height, width], flattened
 * @see Shrikumar et al. 2017 (ICML), gradient times difference from a reference.
 */
export async function gradientMap(model: ScoringModel, images: Tensor4D): Promise<Float32Array> {
  const map = tf.tidy(() => {
    const difference = tf.sub(images, normalVersion(model, images));
    return tf.sum(tf.relu(tf.mul(scoreGradient(model, images), difference)), 3);
  });
  const values = await map.data<'float32'>();
  map.dispose();
  return values;
}

/** d score / d images. @returns the shape of the images */
export function scoreGradient(model: ScoringModel, images: Tensor4D): Tensor4D {
  return tf.tidy(() => {
    const { backbone, bank, settings, discard } = model;
    const { embeddings } = backbone.encode(images, false);
    const { scoreNeighbors, method } = settings;
    const { indices: nearest } = bankAngles(embeddings, bank, { scoreNeighbors, discard });
    const keep = tf.tensor1d(discard.map((out) => (out ? 0 : 1)));
    const comparison = { method, rows: bank.rows, nearest, keep };
    const total = (x: tf.Tensor) =>
      tf.sum(differentiableScore(backbone.encode(x as Tensor4D, false).embeddings, comparison));
    return freeingTape(() => tf.grad(total)(images)) as Tensor4D;
  });
}
