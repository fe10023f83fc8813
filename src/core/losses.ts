import type { Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { check, checkIndices, checkKnownOptions } from '../support/check.js';
import {
  type BankLike,
  bankRows,
  checkAgainstBank,
  checkTemperature,
  DEFAULT_BLOCK_SIZE,
} from './similarity.js';
import { softmaxOverBank, softmaxWithin } from './softmax.js';

/** Options that the losses over the bank share. */
export interface BankLossOptions {
  /** [batch]: each sample's own slot in the bank. */
  readonly rows: ArrayLike<number>;
  /** tau, in (0, 1]; 0.1 unless told. */
  readonly temperature?: number;
  /** Bank rows looked at at a time; 4096 unless told. Bounds memory, changes no result but by rounding. */
  readonly blockSize?: number;
}

const OPTIONS = ['rows', 'temperature', 'blockSize'];
const AGGREGATION_OPTIONS = [...OPTIONS, 'neighbors', 'includeSelf'];
const LATENT_OPTIONS = [...AGGREGATION_OPTIONS, 'anchors', 'overlap'];

/**
 * Cross-entropy of each sample against its own slot: -log p_ii, with
 * p_ij = exp(m_j . z_i / tau) / sum_k exp(m_k . z_i / tau) over the whole bank.
 *
 * @param embeddings [batch, dim], unit rows z_i. @param bank [size, dim], unit rows m_j; a constant.
 * @returns [batch], nats, >= 0. The gradient flows through `embeddings` only.
 * @throws SHAPE_MISMATCH | INDEX_OUT_OF_RANGE | INVALID_OPTION | UNKNOWN_OPTION
 * @see the paper, Eq. 1, where the stored m_j stand in for z_j. Full softmax, no noise-contrastive estimate.
 * @example
 * const perSample = sampleSpecificLoss(embeddings, bank, { rows: [0, 1, 2] });
 */
export function sampleSpecificLoss(
  embeddings: Tensor2D,
  bank: BankLike,
  options: BankLossOptions,
): Tensor1D {
  checkKnownOptions('sampleSpecificLoss', options, OPTIONS);
  const members = Array.from(options.rows, (row) => [row]);
  const everyone = options.rows.length;
  return setLoss('sampleSpecificLoss', embeddings, bank, options, members, [
    { include: () => true, weight: new Float32Array(everyone).fill(1) },
  ]);
}

/**
 * Cross-entropy of each sample against its neighbourhood: -log sum_{j in N_k(i)} p_ij.
 *
 * @param options.neighbors [batch][k]: each sample's neighbouring rows. @param options.includeSelf
 * whether the own slot counts as a member (k + 1 members); true unless told.
 * @returns [batch], nats, >= 0. The gradient flows through `embeddings` only:
 * (sum_j p_ij m_j - sum_{j in set} q_ij m_j) / tau, with q = p restricted to the set and renormalised.
 * @throws SHAPE_MISMATCH | INDEX_OUT_OF_RANGE | INVALID_OPTION | UNKNOWN_OPTION
 * @see the paper, Eq. 2. The own slot is counted as the authors' later code does; `includeSelf: false` is Eq. 2 as printed.
 * @example
 * const perSample = aggregationLoss(embeddings, bank, { rows: [0, 1], neighbors: [[3, 4], [5, 6]] });
 */
export function aggregationLoss(
  embeddings: Tensor2D,
  bank: BankLike,
  options: BankLossOptions & {
    readonly neighbors: ArrayLike<ArrayLike<number>>;
    readonly includeSelf?: boolean;
  },
): Tensor1D {
  checkKnownOptions('aggregationLoss', options, AGGREGATION_OPTIONS);
  const { includeSelf = true } = options;
  const members = withNeighbors('aggregationLoss', options.rows, options.neighbors, includeSelf);
  return setLoss('aggregationLoss', embeddings, bank, options, members, [
    {
      include: (_, position) => includeSelf || position > 0,
      weight: new Float32Array(members.length).fill(1),
    },
  ]);
}

/**
 * The latent loss of each sample: anchors pay aggregation, the others sample-specific.
 *
 * With `overlap` every sample pays sample-specific and anchors pay aggregation on top.
 *
 * @param options.neighbors [batch][k]; only those of anchors count, but beside an anchor all must be
 * rows of the bank. @param options.anchors [batch]: whether the sample is an anchor. @param options.overlap the paper's sets, B_ps within
 * B_spl; false unless told (the authors' later code).
 * @returns [batch], nats, >= 0; its mean is the latent loss of the batch.
 * @throws SHAPE_MISMATCH | INDEX_OUT_OF_RANGE | INVALID_OPTION | UNKNOWN_OPTION
 * @see the paper, section 2 (L_latent = L_ss + L_agg). The mean over the batch is ours, the paper prints sums.
 * @example
 * const perSample = latentLoss(embeddings, bank, { rows, neighbors, anchors: [true, false] });
 */
export function latentLoss(
  embeddings: Tensor2D,
  bank: BankLike,
  options: BankLossOptions & {
    readonly neighbors: ArrayLike<ArrayLike<number>>;
    readonly anchors: ArrayLike<boolean | number>;
    readonly overlap?: boolean;
    readonly includeSelf?: boolean;
  },
): Tensor1D {
  checkKnownOptions('latentLoss', options, LATENT_OPTIONS);
  const { rows, anchors, overlap = false, includeSelf = true, temperature, blockSize } = options;
  check(
    anchors.length === rows.length,
    'SHAPE_MISMATCH',
    () =>
      `latentLoss: anchors has ${anchors.length} entries but rows has ${rows.length}; expected one of each per embedding.`,
  );
  const isAnchor = Array.from(anchors, Boolean);
  if (!isAnchor.some(Boolean)) {
    return sampleSpecificLoss(embeddings, bank, { rows, temperature, blockSize });
  }
  const members = withNeighbors('latentLoss', rows, options.neighbors, includeSelf);
  const aggregation: MemberSet = {
    include: (_, position) => includeSelf || position > 0,
    weight: Float32Array.from(isAnchor, Number),
  };
  const sampleSpecific: MemberSet = {
    include: (_, position) => position === 0,
    weight: Float32Array.from(isAnchor, (anchor) => (overlap || !anchor ? 1 : 0)),
  };
  return setLoss('latentLoss', embeddings, bank, options, members, [aggregation, sampleSpecific]);
}

/** A subset of each sample's members, and how much the sample pays for it. */
interface MemberSet {
  readonly include: (sample: number, position: number) => boolean;
  readonly weight: Float32Array;
}

function withNeighbors(
  where: string,
  rows: ArrayLike<number>,
  neighbors: ArrayLike<ArrayLike<number>>,
  includeSelf: boolean,
): number[][] {
  check(
    neighbors.length === rows.length,
    'SHAPE_MISMATCH',
    () =>
      `${where}: neighbors has ${neighbors.length} rows but rows has ${rows.length} entries; expected one row of neighbours per embedding.`,
  );
  const k = neighbors.length > 0 ? neighbors[0].length : 0;
  check(
    includeSelf || k > 0,
    'INVALID_OPTION',
    () =>
      `${where}: includeSelf is false and there are no neighbours, so every set is empty; give at least one neighbour.`,
  );
  return Array.from(neighbors, (row, i) => {
    check(
      row.length === k,
      'SHAPE_MISMATCH',
      () =>
        `${where}: neighbors[${i}] has ${row.length} entries but neighbors[0] has ${k}; expected as many for every sample.`,
    );
    return [rows[i], ...Array.from(row)];
  });
}

/**
 * sum_s w_s(i) * -log sum_{j in set s of i} p_ij, one fused operation with its own gradient.
 *
 * One pass over the bank in blocks keeps a running log-sum-exp and the running expectation
 * E_p[m] = sum_j p_ij m_j, so neither the logits of the whole bank nor p is ever stored, and the
 * backward pass is a product with a direction that already stands.
 */
function setLoss(
  where: string,
  embeddings: Tensor2D,
  bank: BankLike,
  options: BankLossOptions,
  members: readonly (readonly number[])[],
  sets: readonly MemberSet[],
): Tensor1D {
  const { temperature = 0.1, blockSize = DEFAULT_BLOCK_SIZE } = options;
  const rows = bankRows(where, bank);
  const { batch, size, dim } = checkAgainstBank(where, embeddings, rows);
  checkTemperature(where, temperature);
  check(
    members.length === batch,
    'SHAPE_MISMATCH',
    () =>
      `${where}: rows has ${members.length} entries but embeddings has ${batch} rows; expected one slot per embedding.`,
  );
  const width = members[0]?.length ?? 0;
  const named = members.flat();
  checkIndices(where, width > 1 ? 'rows or neighbors' : 'rows', named, size);
  const flat = Int32Array.from(named);

  const loss = tf.customGrad((z, save) => {
    const queries = z as Tensor2D;
    const memberRows = tf.reshape(tf.gather(rows, tf.tensor1d(flat, 'int32')), [
      batch,
      width,
      dim,
    ]) as Tensor3D;
    const memberLogits = tf.div(
      tf.reshape(tf.matMul(memberRows, tf.reshape(queries, [batch, dim, 1])), [batch, width]),
      temperature,
    ) as Tensor2D;
    const whole = softmaxOverBank(queries, rows, temperature, blockSize);
    let value: Tensor1D = tf.zeros([batch]);
    let direction: Tensor2D = tf.zeros([batch, dim]);
    for (const set of sets) {
      const weight = tf.tensor2d(set.weight, [batch, 1]);
      const mask = tf.tensor2d(membership(members, set), [batch, width]);
      const within = softmaxWithin(memberLogits, mask, memberRows, temperature);
      const gap = tf.maximum(tf.sub(whole.logPartition, within.logPartition), 0);
      value = tf.add(value, tf.reshape(tf.mul(weight, gap), [batch]));
      const pull = tf.sub(whole.expectation, within.expectation);
      direction = tf.add(direction, tf.mul(pull, tf.div(weight, temperature)));
    }
    (save as (tensors: tf.Tensor[]) => void)([direction]);
    const gradFunc = (upstream: tf.Tensor, [saved]: tf.Tensor[]) =>
      tf.mul(tf.reshape(upstream, [batch, 1]), saved);
    return { value, gradFunc: gradFunc as (dy: tf.Tensor, saved: tf.Tensor[]) => tf.Tensor };
  });
  return tf.tidy(() => loss(embeddings) as Tensor1D);
}

/** 1 for a member of the set, 0 for none; a row named twice counts once, for it is a set. */
function membership(members: readonly (readonly number[])[], set: MemberSet): Float32Array {
  const mask: number[] = [];
  members.forEach((row, sample) => {
    const seen = new Set<number>();
    row.forEach((member, position) => {
      const counts = set.include(sample, position) && !seen.has(member);
      if (counts) seen.add(member);
      mask.push(counts ? 1 : 0);
    });
  });
  return Float32Array.from(mask);
}
