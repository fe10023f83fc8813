import { noAugmentation } from '../images/augmentation.js';
import type { SaladSettings } from './options.js';

const paper = {
  pretrainEpochs: 50,
  rounds: 10,
  epochsPerRound: 50,
  batchSize: 16,
  learningRate: 1e-4,
  beta1: 0.5,
  beta2: 0.999,
  weightDecay: 0,
  temperature: 0.1,
  momentum: 0.5,
  latentWeight: 0.25,
  reconstructionWeight: 1,
  lossScale: 'paper',
  reconstructionError: 'squared',
  reconstructionReduction: 'mean',
  reconstructionTarget: 'view',
  neighborhoodSize: 10,
  includeSelf: false,
  overlap: true,
  entropyIncludesSelf: false,
  score: 'embedding',
  // Not read by that score.
  cells: { levels: 2, grid: [4, 4], coreset: 0.1, discard: 0, reading: 'mean' },
  method: 'relative',
  scoreNeighbors: 100,
  keep: 'last',
} satisfies Partial<SaladSettings>;

/**
 * The paper's NIH ChestX-ray14 set-up, for 256 x 256 images and
 * `convAutoencoder({ inputShape: [256, 256, 1], convsPerLevel: 2, upsampling: 'bilinear', outputActivation: 'tanh' })`.
 *
 * The paper does not give the neighbourhood size (10, the authors' later code) nor whether the own
 * row counts in the entropy (no: its words, "distribution to other nearby samples"). Eq. 2
 * is taken as printed: the own row is no member of its neighbourhood. The paper has no image
 * normalisation: pass `imageNormalization: none()`. It says nothing of augmentation either: the
 * horizontal flip is the authors' later code's.
 *
 * @see Bozorgtabar et al., MICCAI 2020, section 3.
 */
export const nihPreset: Partial<SaladSettings> = Object.freeze({
  ...paper,
  augmentation: Object.freeze({ ...noAugmentation, horizontalFlip: true }),
});

/**
 * The paper's MURA set-up, for images whose long side is 512 and `resnetAutoencoder`.
 *
 * The paper gives hardly any value for MURA: all but the backbone and the image size are assumed to
 * be those of NIH.
 */
export const muraPreset: Partial<SaladSettings> = Object.freeze({ ...nihPreset });
