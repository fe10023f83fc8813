import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { ScoreMethod } from '../core/anomaly-score.js';
import { meanOfEach, sumOfEach } from '../support/sums.js';

/** Cosines are held this far from 1, where the slope of the arc cosine is infinite. */
const MARGIN = 1e-6;

/** The bank as a score sees it, for one batch of images. */
export interface Comparison {
  readonly method: ScoreMethod;
  /** [N, dim]. */
  readonly rows: Tensor2D;
  /** [batch, K] row numbers of the nearest rows kept. */
  readonly nearest: Tensor2D;
  /** [N], 1 for a row that is kept. */
  readonly keep: Tensor1D;
}

/**
 * The anomaly score in operations that have gradients, the nearest rows being given.
 *
 *     angular    mean of arccos(m_j . z) over the nearest, over pi
 *     relative   the same mean over that of all rows kept
 *
 * Which rows are nearest does not change within a small step, so this has the gradient of the score.
 *
 * @param embeddings [batch, dim], unit rows
 * @returns [batch]
 */
export function differentiableScore(
  embeddings: Tensor2D,
  { method, rows, nearest, keep }: Comparison,
): Tensor1D {
  const [batch, dim] = embeddings.shape;
  const count = nearest.shape[1];
  const near = tf.reshape(tf.gather(rows, tf.reshape(nearest, [-1])), [batch, count, dim]);
  const cosines = tf.sum(tf.mul(near, tf.expandDims(embeddings, 1)), 2);
  const nearAngle = meanOfEach(arcCosine(cosines));
  if (method === 'angular') return tf.div(nearAngle, Math.PI);
  const angles = tf.mul(arcCosine(tf.matMul(embeddings, rows, false, true)), keep);
  return tf.div(nearAngle, tf.div(sumOfEach(angles), tf.sum(keep)));
}

const arcCosine = (cosines: tf.Tensor) => tf.acos(tf.clipByValue(cosines, MARGIN - 1, 1 - MARGIN));
