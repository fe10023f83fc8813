import type { Scalar, Tensor1D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import {
  check,
  checkChoice,
  checkKnownOptions,
  checkNumber,
  type OptionNames,
} from '../support/check.js';
import { checkTensor } from '../support/tensors.js';

/** Weights and scales of the two terms of the total loss. */
export interface SaladLossOptions {
  /** lambda, weight of the latent term, >= 0 (paper: 0.25). @defaultValue 0.25 */
  readonly latentWeight?: number;
  /** Weight of the reconstruction term, >= 0; 0 is the ablation without it. @defaultValue 1 */
  readonly reconstructionWeight?: number;
  /** `paper`: Eq. 3 as printed. `normalized`: each term in units of what it starts at. @defaultValue 'paper' */
  readonly lossScale?: 'paper' | 'normalized';
  /** `normalized` only: variance of the (normalised) training pixels, > 0. */
  readonly pixelVariance?: number;
  /** `normalized` only: N, the number of bank rows, > 1. */
  readonly bankSize?: number;
}

const saladLossOptions: OptionNames<SaladLossOptions> = {
  latentWeight: true,
  reconstructionWeight: true,
  lossScale: true,
  pixelVariance: true,
  bankSize: true,
};

/**
 * The total loss of a batch: mean(reconstruction) + latentWeight * mean(latent).
 *
 * With `lossScale: 'normalized'` reconstruction is divided by the variance of the training pixels
 * and latent by ln N, so that one latentWeight means the same on any data.
 *
 * @param terms [batch] each; at least one of the two.
 * @returns a scalar.
 * @throws INVALID_OPTION | UNKNOWN_OPTION
 * @see the paper, Eq. 3. `normalized` is ours.
 * @example
 * const total = saladLoss({ reconstruction, latent }, { latentWeight: 0.25 });
 */
export function saladLoss(
  terms: {
    /** [batch], from `reconstructionLoss`; absent for an encoder alone. */
    readonly reconstruction?: Tensor1D;
    /** [batch], nats, from `latentLoss`; absent when its weight is 0 (MemDAE). */
    readonly latent?: Tensor1D;
  },
  options: SaladLossOptions = {},
): Scalar {
  const where = 'saladLoss';
  checkKnownOptions(where, terms, { reconstruction: true, latent: true });
  const { reconstruction, latent } = terms;
  for (const [name, term] of Object.entries(terms))
    if (term !== undefined) checkTensor(where, name, term, 'a tensor [batch]');
  checkKnownOptions(where, options, saladLossOptions);
  const { latentWeight = 0.25, reconstructionWeight = 1, lossScale = 'paper' } = options;
  checkNumber(where, 'latentWeight', latentWeight, { min: 0 });
  checkNumber(where, 'reconstructionWeight', reconstructionWeight, { min: 0 });
  checkChoice(where, 'lossScale', lossScale, ['paper', 'normalized']);
  const normalized = lossScale === 'normalized';
  const { pixelVariance = Number.NaN, bankSize = Number.NaN } = options;
  if (normalized) {
    checkNumber(where, 'pixelVariance', pixelVariance, { above: 0 });
    checkNumber(where, 'bankSize', bankSize, { min: 2, integer: true });
  }
  const summands = [
    { term: reconstruction, weight: reconstructionWeight / (normalized ? pixelVariance : 1) },
    { term: latent, weight: latentWeight / (normalized ? Math.log(bankSize) : 1) },
  ].filter(({ term, weight }) => term && weight > 0);
  check(
    summands.length > 0,
    'INVALID_OPTION',
    () => `${where}: no term with a weight above 0 is left; give reconstruction, latent or both.`,
  );
  return tf.tidy(() =>
    summands
      .map(({ term, weight }): Scalar => tf.mul(tf.mean(term as Tensor1D), weight))
      .reduce((total, summand) => tf.add(total, summand)),
  );
}
