import type { Scalar, Tensor1D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { leastConvWeights } from '../../backbones/least-weights.js';
import type { Detector } from '../../learning/detector.js';
import { labelsOf } from '../../learning/labels.js';
import { checkNumber } from '../../support/check.js';
import { BaselineDetector } from '../detector/baseline-detector.js';
import type { DetectorBody } from '../detector/body.js';
import { type Resolved, resolveTraining, type TrainingSettings } from '../detector/settings.js';
import { type ConvNetworkOptions, networkDefaults } from '../training/conv-options.js';
import { descend } from '../training/descend.js';
import { imagesTensor, networkBody } from '../training/network-body.js';
import { checkHypersphere, Hypersphere } from './hypersphere.js';

/** Options of `deepSad`. */
export interface DeepSadOptions extends ConvNetworkOptions {
  /** Epochs in which the encoder and a decoder learn to reconstruct, before the centre is set. @defaultValue 10 */
  readonly pretrainEpochs?: number;
  /** eta, weight of a known anomaly against an unlabelled image; above 0. @defaultValue 1 */
  readonly anomalyWeight?: number;
}

type Settings = Resolved<DeepSadOptions, TrainingSettings>;

/**
 * Deep SAD: Deep SVDD that pushes known anomalies away from the centre.
 *
 *     d = |phi(x) - c|^2;   minimise mean (known anomaly ? eta / (d + 1e-6) : d);   score = d
 *
 * Images labelled 0 are the unlabelled ones of the source, "mostly normal". Without known anomalies it is
 * Deep SVDD from an autoencoder's weights.
 *
 * @param options `inputShape`; the others have defaults
 * @returns a detector that has learnt nothing yet
 * @throws INVALID_OPTION, UNKNOWN_OPTION. Its `fit`: IMAGE_UNREADABLE, SHAPE_MISMATCH, BACKEND_CANNOT_TRAIN, TRAINING_DIVERGED.
 * `loadDetector`: NOT_A_MODEL for a file of another network
 * @see Ruff et al., "Deep Semi-Supervised Anomaly Detection", ICLR 2020, Eq. 7. Deviations: no labelled
 * normal images (their exponent +1); the encoder and its size, shared by the detectors here; a constant
 * learning rate; augmentation.
 * @example
 * const detector = deepSad({ inputShape: [32, 32, 1], seed: 7 });
 * await detector.fit(trainWithKnownAnomalies);
 */
export function deepSad(options: DeepSadOptions): Detector {
  const where = 'deepSad';
  const settings: Settings = resolveTraining(where, options, {
    ...networkDefaults(where, options),
    embeddingSize: 128,
    pretrainEpochs: 10,
    learningRate: 1e-4,
    weightDecay: 1e-6,
    anomalyWeight: 1,
  });
  checkHypersphere(where, settings);
  checkNumber(where, 'anomalyWeight', settings.anomalyWeight, { above: 0 });
  return new BaselineDetector({
    kind: where,
    usesLabels: true,
    settings,
    leastWeights: leastConvWeights(settings),
    body: () => body(settings),
  });
}

function body(settings: Settings): DetectorBody {
  const sphere = new Hypersphere(settings);
  const { weights, trainable } = sphere;
  return networkBody({
    weights,
    scores: (images) => sphere.distances(imagesTensor(images), false),
    async learn(learning) {
      const before = await sphere.prepare(learning);
      const known = labelsOf(learning.source);
      return descend(learning, {
        settings,
        weights,
        before,
        variables: trainable,
        loss: (batch) =>
          semiSupervisedLoss(
            sphere.distances(imagesTensor(batch), true),
            Array.from(batch.rows, (row) => known[row]),
            settings.anomalyWeight,
          ),
      });
    },
  });
}

/** Added to a distance that is divided by. */
const EPSILON = 1e-6;

/** The mean of d, or of eta / (d + 1e-6) where the image is a known anomaly, of squared distances d. */
export function semiSupervisedLoss(
  distances: Tensor1D,
  known: readonly boolean[],
  anomalyWeight: number,
): Scalar {
  const anomalous = tf.tensor1d(known.map(Number));
  // Divides by 1 where nothing is to be divided: a gradient of a distance of 0 would else be huge times 0.
  const safe = tf.add(tf.mul(tf.add(distances, EPSILON), anomalous), tf.sub(1, anomalous));
  const pushed = tf.mul(anomalous, tf.div(anomalyWeight, safe));
  return tf.mean(tf.add(tf.mul(distances, tf.sub(1, anomalous)), pushed));
}
