import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { withGradient } from '../support/tensors.js';
import type { BankLike } from './bank-like.js';
import {
  type AggregationLossOptions,
  checkAggregation,
  checkLatent,
  checkSampleSpecific,
  type LatentLossOptions,
  type SampleSpecificLossOptions,
} from './loss-options.js';
import { logMass, logPartition } from './partition.js';

/**
 * Eq. 1, cross-entropy of each sample against its own row: -log p_ii, with
 * p_ij = exp(m_j . z_i / tau) / sum_k exp(m_k . z_i / tau) over the whole bank.
 *
 * @param embeddings [batch, dim], unit rows z_i. @param bank [size, dim], unit rows m_j; a constant.
 * @returns [batch], nats, >= 0. The gradient flows through `embeddings` only.
 * @throws SHAPE_MISMATCH | INDEX_OUT_OF_RANGE | EMPTY_SET | INVALID_OPTION | UNKNOWN_OPTION
 * @see the paper, Eq. 1, where the stored m_j stand in for z_j. With one augmented view a step its sum over AUG_i has
 * one summand, p_ii. Full softmax, no noise-contrastive estimate.
 * @example
 * const perSample = sampleSpecificLoss(embeddings, bank, { rows: [0, 1, 2] });
 */
export function sampleSpecificLoss(
  embeddings: Tensor2D,
  bank: BankLike,
  options: SampleSpecificLossOptions,
): Tensor1D {
  checkSampleSpecific('sampleSpecificLoss', embeddings, bank, options);
  const { rows, ...softmax } = options;
  return tf.tidy(() =>
    negativeLogLikelihood(
      logMass(embeddings, bank, ownSets(rows), softmax),
      logPartition(embeddings, bank, softmax),
    ),
  );
}

/**
 * Eq. 2, cross-entropy of each sample against its neighbourhood: -log sum_{j in N_k(i)} p_ij.
 *
 * @param embeddings [batch, dim], unit rows z_i. @param bank [size, dim], unit rows m_j; a constant.
 * @returns [batch], nats, >= 0. The gradient flows through `embeddings` only:
 * (sum_j p_ij m_j - sum_{j in set} q_ij m_j) / tau, with q = p restricted to the set and renormalised.
 * @throws SHAPE_MISMATCH | INDEX_OUT_OF_RANGE | EMPTY_SET | INVALID_OPTION | UNKNOWN_OPTION
 * @see the paper, Eq. 2. The own row is counted as the authors' later code does; `includeSelf: false` is Eq. 2 as printed.
 * @example
 * const perSample = aggregationLoss(embeddings, bank, { rows: [0, 1], neighbors: [[3, 4], [5, 6]] });
 */
export function aggregationLoss(
  embeddings: Tensor2D,
  bank: BankLike,
  options: AggregationLossOptions,
): Tensor1D {
  checkAggregation('aggregationLoss', embeddings, bank, options);
  const { rows, neighbors, includeSelf, ...softmax } = options;
  return tf.tidy(() =>
    negativeLogLikelihood(
      logMass(embeddings, bank, neighborhoods(rows, neighbors, includeSelf), softmax),
      logPartition(embeddings, bank, softmax),
    ),
  );
}

/**
 * The latent loss of each sample: anchors have the aggregation loss (Eq. 2), the others the
 * sample-specific loss (Eq. 1).
 *
 *     a_i * aggregation_i + (1 - a_i) * sampleSpecific_i,     a_i = 1 for an anchor, else 0
 *     a_i * aggregation_i + sampleSpecific_i                  with `overlap`
 *
 * @param embeddings [batch, dim], unit rows z_i. @param bank [size, dim], unit rows m_j; a constant. Only the
 * neighbours of anchors count, but where there is an anchor all must be rows of the bank.
 * @returns [batch], nats, >= 0; its mean is the latent loss of the batch.
 * @throws SHAPE_MISMATCH | INDEX_OUT_OF_RANGE | EMPTY_SET | INVALID_OPTION | UNKNOWN_OPTION
 * @see the paper, section 2 (L_latent = L_ss + L_agg). The mean over the batch is ours, the paper prints sums.
 * @example
 * const perSample = latentLoss(embeddings, bank, { rows, neighbors, anchors: [true, false] });
 */
export function latentLoss(
  embeddings: Tensor2D,
  bank: BankLike,
  options: LatentLossOptions,
): Tensor1D {
  const isAnchor = checkLatent('latentLoss', embeddings, bank, options);
  const { rows, neighbors, anchors: _, includeSelf, overlap, ...softmax } = options;
  return tf.tidy(() => {
    const partition = logPartition(embeddings, bank, softmax);
    const own = logMass(embeddings, bank, ownSets(rows), softmax);
    const sampleSpecific = negativeLogLikelihood(own, partition);
    if (!isAnchor.includes(1)) return sampleSpecific;
    const around = neighborhoods(rows, neighbors, includeSelf);
    const aggregation = negativeLogLikelihood(
      logMass(embeddings, bank, around, softmax),
      partition,
    );
    const weight = tf.tensor1d(isAnchor.map((anchor) => (overlap ? 1 : 1 - anchor)));
    return tf.add(
      tf.mul(tf.tensor1d(isAnchor), aggregation),
      tf.mul(weight, sampleSpecific),
    ) as Tensor1D;
  });
}

/** -log (exp(mass) / exp(partition)); rounding must not make it negative, nor cut its gradient. */
function negativeLogLikelihood(mass: Tensor1D, partition: Tensor1D): Tensor1D {
  return withGradient(
    [mass, partition],
    // In this order NaN stays NaN on wasm, where relu and maximum(0, x) make it 0.
    () => ({ value: tf.maximum(tf.sub(partition, mass), 0) as Tensor1D, saved: [] }),
    (dy) => [tf.neg(dy), dy],
  );
}

/** {i} for each sample. */
function ownSets(rows: ArrayLike<number>): number[][] {
  return Array.from(rows, (row) => [row]);
}

/** N_k(i) for each sample, with i itself unless it is left out. */
function neighborhoods(
  rows: ArrayLike<number>,
  neighbors: ArrayLike<ArrayLike<number>>,
  includeSelf = true,
): number[][] {
  return Array.from(neighbors, (around, i) => [
    ...(includeSelf ? [rows[i]] : []),
    ...Array.from(around),
  ]);
}
