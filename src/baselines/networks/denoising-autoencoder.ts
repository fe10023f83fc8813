import type { Tensor4D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { convAutoencoder } from '../../backbones/conv-autoencoder.js';
import { leastConvWeights } from '../../backbones/least-weights.js';
import type { Detector } from '../../learning/detector.js';
import { checkNumber } from '../../support/check.js';
import { RandomStream } from '../../support/random.js';
import { BaselineDetector } from '../detector/baseline-detector.js';
import type { DetectorBody } from '../detector/body.js';
import { type Resolved, resolveTraining, type TrainingSettings } from '../detector/settings.js';
import {
  type ConvNetworkOptions,
  checkNetwork,
  networkDefaults,
} from '../training/conv-options.js';
import { descend } from '../training/descend.js';
import { imagesTensor, meanSquares, networkBody } from '../training/network-body.js';
import type { TrainingStep } from '../training/train-network.js';

/** Options of `denoisingAutoencoder`. */
export interface DenoisingAutoencoderOptions extends ConvNetworkOptions {
  /** Standard deviation of the normal noise that is to be taken away, in units of the normalised image; 0 is a plain autoencoder. @defaultValue 0.2 */
  readonly noise?: number;
}

type Settings = Resolved<DenoisingAutoencoderOptions, TrainingSettings>;

/**
 * A denoising autoencoder: scores by how badly an image is reconstructed.
 *
 *     minimise mean |decode(encode(x + noise)) - x|^2;   score = mean |decode(encode(x)) - x|^2
 *
 * Labels are ignored: every training image is taken as normal.
 *
 * @param options `inputShape`; the others have defaults
 * @returns a detector that has learnt nothing yet
 * @throws INVALID_OPTION, UNKNOWN_OPTION. Its `fit`: IMAGE_UNREADABLE, SHAPE_MISMATCH, BACKEND_CANNOT_TRAIN, TRAINING_DIVERGED.
 * `loadDetector`: NOT_A_MODEL for a file of another network
 * @see Vincent et al., "Extracting and composing robust features with denoising autoencoders", ICML 2008.
 * Deviations: convolutional, with `convAutoencoder`'s embedding of unit length, as in the other
 * detectors here; normal noise instead of pixels set to zero.
 * @example
 * const detector = denoisingAutoencoder({ inputShape: [32, 32, 1], seed: 7 });
 * await detector.fit(normalImages);
 * const { scores } = await detector.score(newImages);
 */
export function denoisingAutoencoder(options: DenoisingAutoencoderOptions): Detector {
  const where = 'denoisingAutoencoder';
  const settings: Settings = resolveTraining(where, options, {
    ...networkDefaults(where, options),
    embeddingSize: 200,
    noise: 0.2,
  });
  checkNetwork(where, settings);
  checkNumber(where, 'noise', settings.noise, { min: 0 });
  return new BaselineDetector({
    kind: where,
    usesLabels: false,
    settings,
    leastWeights: leastConvWeights(settings),
    body: () => body(settings),
  });
}

function body(settings: Settings): DetectorBody {
  const { inputShape, channels, embeddingSize, activationSlope, seed, noise } = settings;
  const backbone = convAutoencoder({ inputShape, channels, embeddingSize, activationSlope, seed });
  const decode = backbone.decode as NonNullable<typeof backbone.decode>;
  const reconstruct = (images: Tensor4D, training: boolean) =>
    decode(backbone.encode(images, training), training);
  return networkBody({
    weights: backbone,
    scores: (prepared) => {
      const images = imagesTensor(prepared);
      return meanSquares(tf.sub(reconstruct(images, false), images));
    },
    learn: (learning) =>
      descend(learning, {
        settings,
        weights: backbone,
        variables: backbone.trainable,
        loss: (batch) => {
          const noisy = withNoise(batch, noise, seed);
          const rebuilt = reconstruct(imagesTensor({ values: noisy, shape: batch.shape }), true);
          return tf.mean(meanSquares(tf.sub(rebuilt, imagesTensor(batch))));
        },
      }),
  });
}

/** Drawn anew for every image and epoch. */
function withNoise(
  { values, rows, epoch }: TrainingStep,
  deviation: number,
  seed: number,
): Float32Array {
  if (deviation === 0) return values;
  const noisy = values.slice();
  const size = values.length / rows.length;
  rows.forEach((row, image) => {
    const random = new RandomStream(seed, ['noise', epoch, row]);
    for (let i = image * size; i < (image + 1) * size; i++)
      noisy[i] += deviation * random.gaussian();
  });
  return noisy;
}
