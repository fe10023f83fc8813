import type { Scalar, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { Detector } from '../core/detector.js';
import { Adam } from '../model/adam.js';
import { check, checkNumber } from '../support/check.js';
import { RandomStream } from '../support/random.js';
import { BaselineDetector } from './baseline-detector.js';
import type { DetectorBody } from './body.js';
import {
  type ConvNetworkOptions,
  checkNetwork,
  convEncoder,
  networkDefaults,
} from './conv-network.js';
import { imagesTensor, minimize, networkBody } from './network-body.js';
import type { PreparedImages } from './prepared-images.js';
import { type Resolved, resolveTraining, type TrainingSettings } from './settings.js';
import { trainNetwork } from './train-network.js';
import { type TransformationChoice, transform, transformations } from './transformations.js';

/** Options of `geometricTransformations`. */
export interface GeometricOptions
  extends Omit<ConvNetworkOptions, 'embeddingSize'>,
    Partial<TransformationChoice> {}

type Settings = Resolved<GeometricOptions, TrainingSettings>;

/**
 * A classifier that tells which of 72 geometric transformations was applied; scores by how badly it does.
 *
 *     score = - sum over transformations t of log p(t | t(x)) / their number
 *
 * Labels are ignored: every training image is taken as normal.
 *
 * @throws UNKNOWN_OPTION | INVALID_OPTION; see `Detector`
 * @see Golan & El-Yaniv, "Deep Anomaly Detection Using Geometric Transformations", NeurIPS 2018.
 * Deviations: the simple score, a sum of log-probabilities of the true transformation, not the fitted Dirichlet
 * densities; one transformation of each image a step, drawn anew, instead of all 72, so an epoch here is a 72nd
 * of theirs; a small convolutional network instead of a wide residual one; no augmentation, since a small
 * turn or shift is what is to be told.
 * @example
 * const detector = geometricTransformations({ inputShape: [32, 32, 1], seed: 7 });
 */
export function geometricTransformations(options: GeometricOptions): Detector {
  const where = 'geometricTransformations';
  const settings: Settings = resolveTraining(where, options, {
    ...networkDefaults(options),
    augmentation: { shift: 0, rotation: 0, scale: 0 },
    flips: true,
    rotations: true,
    translation: 0.25,
  });
  checkNetwork(where, { ...settings, embeddingSize: 1 });
  checkNumber(where, 'translation', settings.translation, { min: 0, max: 0.5 });
  check(
    transformations(where, settings.inputShape, settings).length > 1,
    'INVALID_OPTION',
    () =>
      `${where}: no transformation is chosen; expected flips, rotations or a translation above 0.`,
  );
  return new BaselineDetector({
    kind: 'geometric',
    usesLabels: false,
    settings,
    body: () => body(settings),
  });
}

function body(settings: Settings): DetectorBody {
  const { inputShape, seed } = settings;
  const all = transformations('geometricTransformations', inputShape, settings);
  const outputSize = all.length;
  const network = convEncoder({ ...settings, part: 'classifier', outputSize, bias: true });

  /** [batch], log p of the transformation that each image went through. */
  const logProbabilities = (
    { values, shape }: PreparedImages,
    choice: readonly number[],
    training: boolean,
  ): Tensor1D => {
    const transformed = new Float32Array(values.length);
    const size = values.length / shape[0];
    choice.forEach((t, image) => {
      transform(values, all[t], transformed, image * size);
    });
    const logits = network.apply(imagesTensor({ values: transformed, shape }), training);
    const chosen = tf.oneHot(tf.tensor1d([...choice], 'int32'), outputSize);
    return tf.sum(tf.mul(tf.logSoftmax(logits as Tensor2D), chosen), 1) as Tensor1D;
  };

  return networkBody({
    weights: network,
    scores: (images) => {
      const each = all.map((_, t) =>
        tf.tidy(() => logProbabilities(images, new Array(images.shape[0]).fill(t), false)),
      );
      return tf.neg(tf.mean<Tensor1D>(tf.stack(each), 0));
    },
    async learn(learning) {
      const optimizer = new Adam(network.trainable, settings);
      try {
        return await trainNetwork(learning, {
          settings,
          weights: network,
          step: (batch) => {
            const choice = Array.from(batch.rows, (row) =>
              new RandomStream(seed, ['transformation', batch.epoch, row]).integer(outputSize),
            );
            return minimize(optimizer, network.trainable, () =>
              tf.neg(tf.mean<Scalar>(logProbabilities(batch, choice, true))),
            );
          },
        });
      } finally {
        optimizer.dispose();
      }
    },
  });
}
