import type { Scalar, Tensor1D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { leastConvWeights } from '../../backbones/least-weights.js';
import { Adam } from '../../learning/adam.js';
import type { Detector } from '../../learning/detector.js';
import { quantile } from '../../metrics/quantile.js';
import { checkChoice, checkNumber } from '../../support/check.js';
import { BaselineDetector } from '../detector/baseline-detector.js';
import type { DetectorBody } from '../detector/body.js';
import { type Resolved, resolveTraining, type TrainingSettings } from '../detector/settings.js';
import { type ConvNetworkOptions, networkDefaults } from '../training/conv-options.js';
import { minimize } from '../training/descend.js';
import { imagesTensor, networkBody } from '../training/network-body.js';
import { trainNetwork } from '../training/train-network.js';
import { checkHypersphere, Hypersphere } from './hypersphere.js';

/** Options of `deepSvdd`. */
export interface DeepSvddOptions extends ConvNetworkOptions {
  /** Epochs in which the encoder and a decoder learn to reconstruct, before the centre is set. @defaultValue 0 */
  readonly pretrainEpochs?: number;
  /** Draw every image to the centre, or only those outside a sphere. @defaultValue 'oneClass' */
  readonly objective?: 'oneClass' | 'softBoundary';
  /** Soft boundary: the share of training images meant to lie outside, in (0, 1]. @defaultValue 0.1 */
  readonly nu?: number;
  /** Soft boundary: epochs before the radius leaves 0. @defaultValue 5 */
  readonly warmUpEpochs?: number;
}

type Settings = Resolved<DeepSvddOptions, TrainingSettings>;

/**
 * Deep SVDD: an encoder that maps normal images close to one point; scores by the distance to it.
 *
 *     oneClass:      minimise mean |phi(x) - c|^2;                                score = |phi(x) - c|^2
 *     softBoundary:  minimise R^2 + mean max(0, |phi(x) - c|^2 - R^2) / nu;       score = |phi(x) - c|^2 - R^2
 *
 * c is the mean embedding before training, away from 0. Labels are ignored: every training image is taken
 * as normal. Watch for `SCORES_COLLAPSED`.
 *
 * @param options `inputShape`; the others have defaults
 * @returns a detector that has learnt nothing yet
 * @throws INVALID_OPTION, UNKNOWN_OPTION. Its `fit`: IMAGE_UNREADABLE, SHAPE_MISMATCH, BACKEND_CANNOT_TRAIN, TRAINING_DIVERGED.
 * `loadDetector`: NOT_A_MODEL for a file of another network
 * @see Ruff et al., "Deep One-Class Classification", ICML 2018. R is set after every step to the
 * 1 - nu quantile of the batch's distances, as in the authors' code. Deviations: the encoder and its size,
 * shared by the detectors here; the default of `pretrainEpochs` is 0, where theirs starts from an autoencoder; a
 * constant learning rate; augmentation.
 * @example
 * const detector = deepSvdd({ inputShape: [32, 32, 1], seed: 7 });
 */
export function deepSvdd(options: DeepSvddOptions): Detector {
  const where = 'deepSvdd';
  const settings: Settings = resolveTraining(where, options, {
    ...networkDefaults(where, options),
    embeddingSize: 128,
    pretrainEpochs: 0,
    learningRate: 1e-4,
    weightDecay: 1e-6,
    objective: 'oneClass',
    nu: 0.1,
    warmUpEpochs: 5,
  });
  checkHypersphere(where, settings);
  checkChoice(where, 'objective', settings.objective, ['oneClass', 'softBoundary']);
  checkNumber(where, 'nu', settings.nu, { above: 0, max: 1 });
  checkNumber(where, 'warmUpEpochs', settings.warmUpEpochs, { min: 0, integer: true });
  const soft = settings.objective === 'softBoundary';
  return new BaselineDetector({
    kind: where,
    name: soft ? `${where}-soft` : where,
    usesLabels: false,
    settings,
    leastWeights: leastConvWeights(settings),
    body: () => body(settings, soft),
  });
}

function body(settings: Settings, soft: boolean): DetectorBody {
  const { nu, pretrainEpochs, warmUpEpochs } = settings;
  const sphere = new Hypersphere(settings);
  const radius = tf.tidy(() => tf.variable<tf.Rank.R0>(tf.scalar(0), false));
  const { trainable, statistics } = sphere.weights;
  const weights = { trainable, statistics: [...statistics, radius] };
  return networkBody({
    weights,
    scores: (images) => tf.sub(sphere.distances(imagesTensor(images), false), tf.square(radius)),
    async learn(learning) {
      const before = await sphere.prepare(learning);
      const optimizer = new Adam(sphere.trainable, settings);
      try {
        return await trainNetwork(learning, {
          settings,
          weights,
          before,
          async step(batch) {
            let distances: Tensor1D | undefined;
            const loss = minimize(optimizer, sphere.trainable, () => {
              distances = tf.keep(sphere.distances(imagesTensor(batch), true));
              return soft ? softBoundaryLoss(distances, radius, nu) : tf.mean(distances);
            });
            const kept = distances as unknown as Tensor1D;
            if (soft && batch.epoch - pretrainEpochs >= warmUpEpochs) {
              const value = radiusOf(await kept.data(), nu);
              tf.tidy(() => radius.assign(tf.scalar(value)));
            }
            kept.dispose();
            return loss;
          },
        });
      } finally {
        optimizer.dispose();
      }
    },
  });
}

/** R^2 + mean max(0, d - R^2) / nu of squared distances d. */
export function softBoundaryLoss(distances: Tensor1D, radius: Scalar, nu: number): Scalar {
  const square = tf.square(radius);
  const outside = tf.mean(tf.relu(tf.sub(distances, square)));
  return tf.add(square, tf.div(outside, nu));
}

/** The radius that leaves a share `nu` of squared distances outside. */
export function radiusOf(distances: ArrayLike<number>, nu: number): number {
  return quantile(Float64Array.from(distances, Math.sqrt).sort(), 1 - nu);
}
