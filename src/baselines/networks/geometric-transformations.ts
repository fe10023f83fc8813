import type { Scalar, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { leastConvWeights } from '../../backbones/least-weights.js';
import type { Detector } from '../../learning/detector.js';
import { check, checkChoice, checkNumber } from '../../support/check.js';
import { RandomStream } from '../../support/random.js';
import { BaselineDetector } from '../detector/baseline-detector.js';
import type { DetectorBody, Learning } from '../detector/body.js';
import type { PixelBlock } from '../detector/pixel-block.js';
import { readBlocks } from '../detector/read-images.js';
import { type Resolved, resolveTraining, type TrainingSettings } from '../detector/settings.js';
import { convEncoder } from '../training/conv-network.js';
import {
  type ConvNetworkOptions,
  checkNetwork,
  networkDefaults,
} from '../training/conv-options.js';
import { descend } from '../training/descend.js';
import { imagesTensor, networkBody } from '../training/network-body.js';
import { fitDirichlet } from './dirichlet.js';
import { transform, transformations } from './transformations.js';

/** Options of `geometricTransformations`. */
export interface GeometricTransformationsOptions extends Omit<ConvNetworkOptions, 'embeddingSize'> {
  /** Whether images are also mirrored left to right. @defaultValue true */
  readonly flips?: boolean;
  /** Whether images are also turned by 90, 180 and 270 degrees; they must be square then. @defaultValue true */
  readonly rotations?: boolean;
  /** How far images are also shifted in each direction, as a share of height and width in [0, 0.5]; 0 shifts none. @defaultValue 0.25 */
  readonly translation?: number;
  /** What of the probabilities scores: their Dirichlet likelihood, or that of the true transformation alone. @defaultValue 'dirichlet' */
  readonly score?: 'dirichlet' | 'trueTransformation';
}

type Settings = Resolved<GeometricTransformationsOptions, TrainingSettings>;

/**
 * A classifier that predicts which of 72 geometric transformations was applied; scores by how unusual its probabilities are.
 *
 *     score = - mean over transformations t of  sum_k (alpha_tk - 1) log p(k | t(x))
 *
 * alpha_t is the Dirichlet density of p(. | t(x)) over the training images; with `score:
 * 'trueTransformation'` the inner sum is log p(t | t(x)). Labels are ignored: every training image is taken as normal.
 *
 * @param options `inputShape`; the others have defaults
 * @returns a detector that has learnt nothing yet
 * @throws INVALID_OPTION, UNKNOWN_OPTION. Its `fit`: IMAGE_UNREADABLE, SHAPE_MISMATCH, BACKEND_CANNOT_TRAIN, TRAINING_DIVERGED.
 * `loadDetector`: NOT_A_MODEL for a file of another network
 * @see Golan & El-Yaniv, "Deep Anomaly Detection Using Geometric Transformations", NeurIPS 2018.
 * Deviations: one transformation of each image a step, drawn anew, instead of all 72, so an epoch here is a
 * 72nd of theirs; a small convolutional network instead of a wide residual one; the densities are fitted once, at the
 * end, so the validation AUC of an epoch is that of the true transformation. No augmentation by default,
 * since a small turn or shift is what the classifier predicts.
 * @example
 * const detector = geometricTransformations({ inputShape: [32, 32, 1], seed: 7 });
 */
export function geometricTransformations(options: GeometricTransformationsOptions): Detector {
  const where = 'geometricTransformations';
  const settings: Settings = resolveTraining(where, options, {
    ...networkDefaults(where, options),
    augmentation: { shift: 0, rotation: 0, scale: 0 },
    flips: true,
    rotations: true,
    translation: 0.25,
    score: 'dirichlet',
  });
  checkNetwork(where, { ...settings, embeddingSize: 1 });
  checkNumber(where, 'translation', settings.translation, { min: 0, max: 0.5 });
  checkChoice(where, 'score', settings.score, ['dirichlet', 'trueTransformation']);
  check(
    transformations(where, settings.inputShape, settings).length > 1,
    'INVALID_OPTION',
    () =>
      `${where}: no transformation is chosen; expected flips, rotations or a translation above 0.`,
  );
  return new BaselineDetector({
    kind: where,
    usesLabels: false,
    settings,
    leastWeights: leastConvWeights({ ...settings, embeddingSize: 1 }),
    body: () => body(settings),
  });
}

function body(settings: Settings): DetectorBody {
  const { inputShape, seed } = settings;
  const all = transformations('geometricTransformations', inputShape, settings);
  const count = all.length;
  const network = convEncoder({ ...settings, part: 'classifier', outputSize: count, bias: true });
  // alpha - 1; before the densities are fitted only the true transformation counts.
  const exponents = tf.tidy(() => tf.variable(tf.eye(count), false));
  const { trainable, statistics } = network;
  const weights = { trainable, statistics: [...statistics, exponents] };

  /** [batch, count], log-probabilities of the transformations after each image went through one. */
  function logProbabilities(
    { values, shape }: PixelBlock,
    choice: (image: number) => number,
    training: boolean,
  ): Tensor2D {
    const transformed = new Float32Array(values.length);
    const size = values.length / shape[0];
    for (let image = 0; image < shape[0]; image++) {
      transform(values, all[choice(image)], transformed, image * size);
    }
    const logits = network.apply(imagesTensor({ values: transformed, shape }), training);
    return tf.logSoftmax(logits);
  }

  async function fitDensities({ where, source, intake, signal }: Learning): Promise<void> {
    const sums = all.map(() => new Float64Array(count));
    for await (const images of readBlocks(where, source, intake)) {
      signal?.throwIfAborted();
      for (let t = 0; t < count; t++) {
        const summed = tf.tidy(() =>
          tf.sum(
            logProbabilities(images, () => t, false),
            0,
          ),
        );
        (await summed.data()).forEach((value, k) => {
          sums[t][k] += value;
        });
        summed.dispose();
      }
    }
    const fitted = sums.flatMap((row) =>
      Array.from(fitDirichlet(row.map((sum) => sum / source.length)), (alpha) => alpha - 1),
    );
    tf.tidy(() => exponents.assign(tf.tensor2d(fitted, [count, count])));
  }

  return networkBody({
    weights,
    scores: (images) => {
      const likelihoods = all.map((_, t) =>
        tf.tidy(() => {
          const exponent = tf.slice(exponents, [t, 0], [1, count]);
          return tf.sum(
            tf.mul(
              logProbabilities(images, () => t, false),
              exponent,
            ),
            1,
          );
        }),
      );
      return tf.neg(tf.mean<Tensor1D>(tf.stack(likelihoods), 0));
    },
    async learn(learning) {
      const history = await descend(learning, {
        settings,
        weights,
        variables: trainable,
        loss: (batch) => {
          const choice = Array.from(batch.rows, (row) =>
            new RandomStream(seed, ['transformation', batch.epoch, row]).integer(count),
          );
          const logs = logProbabilities(batch, (image) => choice[image], true);
          const chosen = tf.oneHot(tf.tensor1d(choice, 'int32'), count);
          return tf.neg(tf.mean<Scalar>(tf.sum(tf.mul(logs, chosen), 1)));
        },
      });
      if (settings.score === 'dirichlet') await fitDensities(learning);
      return history;
    },
  });
}
