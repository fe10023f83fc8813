import type { Scalar, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { dense } from '../../backbones/layers/dense.js';
import { variablesOf } from '../../backbones/layers/layer.js';
import { leastResnetWeights } from '../../backbones/least-weights.js';
import { featureChannels, resnetEncoder } from '../../backbones/resnet-autoencoder.js';
import type { ImageSource } from '../../images/image-source.js';
import type { Detector } from '../../learning/detector.js';
import { hasBothClasses, labelsOf } from '../../learning/labels.js';
import { check, checkNumber } from '../../support/check.js';
import { RandomStream } from '../../support/random.js';
import { BaselineDetector } from '../detector/baseline-detector.js';
import type { DetectorBody } from '../detector/body.js';
import type { PixelBlock } from '../detector/pixel-block.js';
import {
  type Resolved,
  resolveTraining,
  type TrainingOptions,
  type TrainingSettings,
} from '../detector/settings.js';
import { descend } from '../training/descend.js';
import { imagesTensor, networkBody } from '../training/network-body.js';

/** Options of `resnetClassifier`. */
export interface ResnetClassifierOptions extends TrainingOptions {
  /** Channels of the first stage; each of the other three doubles them (ResNet-18: 64). @defaultValue 64 */
  readonly width?: number;
  /** Whether both classes weigh the same, however few anomalies are known. @defaultValue true */
  readonly balanced?: boolean;
}

type Settings = Resolved<ResnetClassifierOptions, TrainingSettings>;

/**
 * A supervised ResNet-18 on the known anomalies: what labels give to a detector that trusts them alone.
 *
 *     f = w . mean over pixels of the last map + b;   minimise the log-loss of (f, label);   score = f
 *
 * Scores are log-odds: unlike probabilities they never saturate. It knows the kinds of anomaly that it was
 * shown; on others it may rank at random.
 *
 * @param options `inputShape`; the others have defaults
 * @returns a detector that has learnt nothing yet
 * @throws INVALID_OPTION, UNKNOWN_OPTION. Its `fit`: IMAGE_UNREADABLE, SHAPE_MISMATCH, BACKEND_CANNOT_TRAIN,
 * TRAINING_DIVERGED, EMPTY_SET without both classes.
 * `loadDetector`: NOT_A_MODEL for a file of another network
 * @see He et al., "Deep Residual Learning for Image Recognition", CVPR 2016. Deviations: no max-pool, for small
 * images, as in `resnetAutoencoder`; weights start from scratch; Adam.
 * @example
 * const detector = resnetClassifier({ inputShape: [64, 64, 1], seed: 7 });
 * await detector.fit(trainWithKnownAnomalies);
 */
export function resnetClassifier(options: ResnetClassifierOptions): Detector {
  const where = 'resnetClassifier';
  const settings: Settings = resolveTraining(where, options, {
    width: 64,
    balanced: true,
    weightDecay: 1e-4,
  });
  checkNumber(where, 'width', settings.width, { min: 1, integer: true });
  check(
    typeof settings.balanced === 'boolean',
    'INVALID_OPTION',
    () => `${where}: balanced is ${settings.balanced}; expected true or false.`,
  );
  return new BaselineDetector({
    kind: where,
    usesLabels: true,
    settings,
    leastWeights: leastResnetWeights(settings),
    body: () => body(settings),
  });
}

function body(settings: Settings): DetectorBody {
  const encoder = resnetEncoder({ ...settings, normalizationMomentum: 0.9 });
  const linear = dense({
    inputSize: featureChannels(settings),
    outputSize: 1,
    bias: true,
    random: new RandomStream(settings.seed, ['resnetClassifier', 'linear']),
  });
  const weights = variablesOf([encoder, linear]);
  const logOdds = (images: PixelBlock, training: boolean) => {
    const map = encoder.apply(imagesTensor(images), training);
    const odds = linear.apply(tf.mean<Tensor2D>(map, [1, 2]), training);
    return tf.reshape(odds, [-1]) as Tensor1D;
  };
  return networkBody({
    weights,
    scores: (images) => logOdds(images, false),
    async learn(learning) {
      const { where, source } = learning;
      check(
        hasBothClasses(source),
        'EMPTY_SET',
        () =>
          `${where}: the training images are not labelled with both classes; expected normal images and known anomalies; without any use a detector that learns from normals.`,
      );
      const weigh = classWeights(source, settings.balanced);
      return descend(learning, {
        settings,
        weights,
        variables: weights.trainable,
        loss: (batch) => weightedLogLoss(logOdds(batch, true), Array.from(batch.rows, weigh)),
      });
    },
  });
}

interface WeightedLabel {
  readonly label: number;
  readonly weight: number;
}

/** Weights whose mean over the source is 1; where balanced, of one sum for both classes. */
function classWeights(source: ImageSource, balanced: boolean): (row: number) => WeightedLabel {
  const labels = labelsOf(source);
  const anomalies = labels.filter(Boolean).length;
  const counts = [source.length - anomalies, anomalies];
  return (row) => {
    const label = Number(labels[row]);
    return { label, weight: balanced ? source.length / (2 * counts[label]) : 1 };
  };
}

/** mean weight (softplus(f) - label f), the log-loss of log-odds f. */
export function weightedLogLoss(logOdds: Tensor1D, targets: readonly WeightedLabel[]): Scalar {
  const labels = tf.tensor1d(targets.map(({ label }) => label));
  const weights = tf.tensor1d(targets.map(({ weight }) => weight));
  const losses = tf.sub(tf.softplus(logOdds), tf.mul(labels, logOdds));
  return tf.mean(tf.mul(weights, losses));
}
