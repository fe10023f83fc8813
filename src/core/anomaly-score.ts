import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { checkChoice, checkKnownOptions } from '../support/check.js';
import { meanOfEach } from '../support/sums.js';
import { checkTensor } from '../support/tensors.js';
import {
  anglesTo,
  type BankAngles,
  type BankAnglesOptions,
  bankAnglesOptions,
} from './bank-angles.js';
import type { BankLike } from './bank-like.js';

/** `relative`: Eq. 4, the nearest rows against all. `angular`: the nearest rows alone, over pi. They rank differently. */
export type ScoreMethod = 'relative' | 'angular';

/**
 * Eq. 4: N * mean of the K smallest angles / sum of all, in [0, 1]; 0 where every angle is 0.
 *
 * The factor N, ours, makes it the mean of the near over the mean of all; at a fixed number of kept
 * rows it ranks as Eq. 4 does.
 *
 * @param angles from `bankAngles`; not disposed.
 * @returns [batch].
 * @throws INVALID_OPTION for anything else
 * @see the paper, Eq. 4.
 * @example
 * const scores = relativeScore(bankAngles(embeddings, bank, { scoreNeighbors: 100 }));
 */
export function relativeScore(angles: BankAngles): Tensor1D {
  checkAngles('relativeScore', angles, ['nearest', 'kept', 'total']);
  return tf.tidy(() => {
    const near = tf.mul(meanOfEach(angles.nearest), angles.kept);
    return tf.minimum(tf.divNoNan(near, angles.total), 1) as Tensor1D;
  });
}

/**
 * Mean of the K smallest angles over pi, in [0, 1].
 *
 * @param angles from `bankAngles`; not disposed.
 * @returns [batch].
 * @throws INVALID_OPTION for anything else
 * @see the authors' later code; not in the paper.
 * @example
 * const scores = angularScore(bankAngles(embeddings, bank, { scoreNeighbors: 100 }));
 */
export function angularScore(angles: BankAngles): Tensor1D {
  checkAngles('angularScore', angles, ['nearest']);
  return tf.tidy(() => tf.div(meanOfEach(angles.nearest), Math.PI) as Tensor1D);
}

/**
 * How unlike the images of the bank each sample is: `relativeScore` (Eq. 4) or `angularScore` of its `bankAngles`.
 *
 * @param embeddings [batch, dim], unit rows. @param bank [size, dim], unit rows.
 * @param options those of `bankAngles`, and the score method.
 * @returns `scores` [batch] in [0, 1], higher is more anomalous, which the caller disposes; and `scoreNeighbors`, the K in
 * force.
 * @throws SHAPE_MISMATCH | EMPTY_SET | INDEX_OUT_OF_RANGE | INVALID_OPTION | UNKNOWN_OPTION | NO_ROWS_KEPT
 * @see the paper, Eq. 4, of which discarded rows leave both the K nearest and the sum.
 * @example
 * const { scores } = anomalyScore(embeddings, bank, { scoreNeighbors: 100, discard: isKnownAnomaly });
 */
export function anomalyScore(
  embeddings: Tensor2D,
  bank: BankLike,
  options: BankAnglesOptions & {
    /** `relative` is Eq. 4. @defaultValue 'relative' */
    readonly method?: ScoreMethod;
  } = {},
): { scores: Tensor1D; scoreNeighbors: number } {
  checkKnownOptions('anomalyScore', options, { ...bankAnglesOptions, method: true });
  const { method = 'relative', ...rest } = options;
  checkChoice('anomalyScore', 'method', method, ['relative', 'angular']);
  return tf.tidy(() => {
    const angles = anglesTo('anomalyScore', embeddings, bank, rest);
    const scores = method === 'relative' ? relativeScore(angles) : angularScore(angles);
    return { scores, scoreNeighbors: angles.scoreNeighbors };
  });
}

function checkAngles(
  where: string,
  angles: BankAngles,
  tensors: readonly ('nearest' | 'kept' | 'total')[],
): void {
  for (const name of tensors)
    checkTensor(where, `angles.${name}`, angles?.[name], 'a tensor, as bankAngles returns it');
}
