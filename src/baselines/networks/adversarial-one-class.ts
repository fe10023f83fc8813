import type { Scalar, Tensor1D, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { Encoded } from '../../backbones/backbone.js';
import { convAutoencoder } from '../../backbones/conv-autoencoder.js';
import { variablesOf } from '../../backbones/layers/layer.js';
import { leastConvWeights } from '../../backbones/least-weights.js';
import { Adam } from '../../learning/adam.js';
import type { Detector } from '../../learning/detector.js';
import { checkChoice, checkNumber } from '../../support/check.js';
import { RandomStream } from '../../support/random.js';
import { meanOfAll } from '../../support/sums.js';
import { l2Normalize } from '../../support/tensors.js';
import { BaselineDetector } from '../detector/baseline-detector.js';
import type { DetectorBody } from '../detector/body.js';
import type { PixelBlock } from '../detector/pixel-block.js';
import { type Resolved, resolveTraining, type TrainingSettings } from '../detector/settings.js';
import { convEncoder } from '../training/conv-network.js';
import {
  type ConvNetworkOptions,
  checkNetwork,
  networkDefaults,
} from '../training/conv-options.js';
import { minimize } from '../training/descend.js';
import { imagesTensor, meanSquares, networkBody } from '../training/network-body.js';
import { type TrainingStep, trainNetwork } from '../training/train-network.js';
import { adversarialGames } from './adversarial-games.js';
import { critic, gradientPenalty } from './critic.js';

/** Options of `adversarialOneClass`. */
export interface AdversarialOneClassOptions extends ConvNetworkOptions {
  /** The game: a discriminator's log-loss, or a critic's Wasserstein distance with a gradient penalty. @defaultValue 'logistic' */
  readonly adversary?: 'logistic' | 'wasserstein';
  /** Weight of fooling the adversary. @defaultValue 1 */
  readonly adversarialWeight?: number;
  /** Weight of the mean absolute error of the reconstruction. @defaultValue 50 */
  readonly reconstructionWeight?: number;
  /** Weight of the squared distance between the embeddings of an image and of its reconstruction. @defaultValue 1 */
  readonly embeddingWeight?: number;
  /** Weight of the gradient penalty of 'wasserstein'. @defaultValue 10 */
  readonly penaltyWeight?: number;
  /** Steps of the adversary before each of the generator, on the same images. @defaultValue 1 */
  readonly adversarySteps?: number;
  /** What scores: the mean squared error of the reconstruction, or the distance between the two embeddings. @defaultValue 'reconstruction' */
  readonly score?: 'reconstruction' | 'embedding';
}

type Settings = Resolved<AdversarialOneClassOptions, TrainingSettings>;

/**
 * The generative adversarial one-class classifier: an autoencoder G that an adversary D holds to real-looking
 * images, and an encoder E that sees its reconstructions. Scores by how badly an image is reconstructed.
 *
 *     G, E minimise  a fool(D(G(x))) + r mean |x - G(x)| + e |z - E(G(x))|^2,   z the embedding inside G
 *     D minimises    softplus(-D(x)) + softplus(D(G(x)))                          (logistic)
 *                    D(G(x)) - D(x) + p (|dD/dx| - 1)^2                           (wasserstein)
 *
 * Labels are ignored: every training image is taken as normal.
 *
 * @param options `inputShape`; the others have defaults
 * @returns a detector that has learnt nothing yet
 * @throws INVALID_OPTION, UNKNOWN_OPTION. Its `fit`: IMAGE_UNREADABLE, SHAPE_MISMATCH, BACKEND_CANNOT_TRAIN, TRAINING_DIVERGED.
 * `loadDetector`: NOT_A_MODEL for a file of another network
 * @see Tang et al., "Abnormal Chest X-Ray Identification with Generative Adversarial One-Class Classifier",
 * ISBI 2019: the three networks; Akçay et al., "GANomaly", ACCV 2018: the losses and their weights 1, 50, 1;
 * Gulrajani et al., NeurIPS 2017: the penalty. Deviations: no U-Net skip connections, which would let an
 * anomaly pass by the embedding; G is `convAutoencoder`, z and E of unit length; no batch normalisation and
 * no sigmoid in D; one adversary step a step in either game, where Gulrajani et al. take five.
 * @example
 * const detector = adversarialOneClass({ inputShape: [32, 32, 1], adversary: 'wasserstein' });
 */
export function adversarialOneClass(options: AdversarialOneClassOptions): Detector {
  const where = 'adversarialOneClass';
  const settings: Settings = resolveTraining(where, options, {
    ...networkDefaults(where, options),
    embeddingSize: 200,
    beta1: 0.5,
    adversary: 'logistic',
    adversarialWeight: 1,
    reconstructionWeight: 50,
    embeddingWeight: 1,
    penaltyWeight: 10,
    adversarySteps: 1,
    score: 'reconstruction',
  });
  checkNetwork(where, settings);
  checkChoice(where, 'adversary', settings.adversary, ['logistic', 'wasserstein']);
  checkChoice(where, 'score', settings.score, ['reconstruction', 'embedding']);
  for (const name of [
    'adversarialWeight',
    'reconstructionWeight',
    'embeddingWeight',
    'penaltyWeight',
  ] as const) {
    checkNumber(where, name, settings[name], { min: 0 });
  }
  checkNumber(where, 'adversarySteps', settings.adversarySteps, { min: 1, integer: true });
  return new BaselineDetector({
    kind: where,
    name: settings.adversary === 'wasserstein' ? `${where}-wasserstein` : where,
    usesLabels: false,
    settings,
    leastWeights: leastConvWeights(settings),
    body: () => body(settings),
  });
}

function body(settings: Settings): DetectorBody {
  const { inputShape, channels, embeddingSize, activationSlope, seed } = settings;
  const generator = convAutoencoder({ inputShape, channels, embeddingSize, activationSlope, seed });
  const decode = generator.decode as NonNullable<typeof generator.decode>;
  const encoder = convEncoder({
    ...settings,
    part: 'second encoder',
    outputSize: embeddingSize,
    bias: true,
  });
  const adversary = critic({ ...settings, part: 'adversary' });
  const game = adversarialGames[settings.adversary];
  const weights = variablesOf([generator, encoder, adversary]);
  const made = [...generator.trainable, ...encoder.trainable];

  const generate = (images: Tensor4D, training: boolean) => {
    const encoded: Encoded = generator.encode(images, training);
    return { embeddings: encoded.embeddings, rebuilt: decode(encoded, training) };
  };
  const embeddingDistances = (embeddings: Tensor2D, rebuilt: Tensor4D, training: boolean) =>
    tf.sum<Tensor1D>(
      tf.square(tf.sub(embeddings, l2Normalize(encoder.apply(rebuilt, training)))),
      1,
    );

  function generatorLoss(images: Tensor4D): Scalar {
    const { embeddings, rebuilt } = generate(images, true);
    const fool = game.fool(adversary.apply(rebuilt, true));
    const error: Scalar = meanOfAll(tf.abs(tf.sub(images, rebuilt)));
    const distance: Scalar = tf.mean(embeddingDistances(embeddings, rebuilt, true));
    return tf.addN([
      tf.mul(fool, settings.adversarialWeight),
      tf.mul(error, settings.reconstructionWeight),
      tf.mul(distance, settings.embeddingWeight),
    ]) as Scalar;
  }

  function adversaryLoss(images: Tensor4D, rebuilt: Tensor4D, mix: Float32Array): Scalar {
    const loss = game.judge(adversary.apply(images, true), adversary.apply(rebuilt, true));
    if (settings.adversary === 'logistic') return loss;
    const penalty = gradientPenalty(adversary, images, rebuilt, mix);
    return tf.add(loss, tf.mul(penalty, settings.penaltyWeight));
  }

  function step(batch: TrainingStep, adam: { generator: Adam; adversary: Adam }): Scalar {
    const images = imagesTensor(batch);
    const rebuilt = tf.tidy(() => generate(images, true).rebuilt);
    try {
      for (let turn = 0; turn < settings.adversarySteps; turn++) {
        const random = new RandomStream(seed, ['mix', batch.epoch, batch.step, turn]);
        const mix = Float32Array.from(batch.rows, () => random.uniform());
        minimize(adam.adversary, adversary.trainable, () =>
          adversaryLoss(images, rebuilt, mix),
        ).dispose();
      }
      return minimize(adam.generator, made, () => generatorLoss(images));
    } finally {
      tf.dispose([images, rebuilt]);
    }
  }

  return networkBody({
    weights,
    scores: (prepared: PixelBlock) => {
      const images = imagesTensor(prepared);
      const { embeddings, rebuilt } = generate(images, false);
      return settings.score === 'reconstruction'
        ? meanSquares(tf.sub(rebuilt, images))
        : embeddingDistances(embeddings, rebuilt, false);
    },
    async learn(learning) {
      const adam = {
        generator: new Adam(made, settings),
        adversary: new Adam(adversary.trainable, settings),
      };
      try {
        return await trainNetwork(learning, {
          settings,
          weights,
          step: (batch) => step(batch, adam),
        });
      } finally {
        adam.generator.dispose();
        adam.adversary.dispose();
      }
    },
  });
}
