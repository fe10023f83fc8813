import type { Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { ImageShape } from '../images/pixels.js';
import { checkChoice, checkNumber } from '../support/check.js';
import { RandomStream } from '../support/random.js';
import { checkBackendReady } from '../support/train-check.js';
import { autoencoder, outputLayer } from './autoencoder.js';
import type { Backbone } from './backbone.js';
import { convolution } from './layers/convolution.js';
import { dense } from './layers/dense.js';
import { type Layer, sequence, variablesOf } from './layers/layer.js';
import { normalization } from './layers/normalization.js';
import { residualBlock } from './layers/residual-block.js';
import { halvings, type MapSize, upsample } from './layers/upsample.js';
import { checkInputShape, withDefaults } from './options.js';

/** Options of `resnetAutoencoder`. */
export interface ResnetAutoencoderOptions {
  /** [height, width, channels] of one image, in pixels; any size. */
  readonly inputShape: ImageShape;
  /** Numbers in an embedding (paper: 200). @defaultValue 200 */
  readonly embeddingSize?: number;
  /** Channels of the first stage; each of the other three doubles them (ResNet-18: 64). @defaultValue 64 */
  readonly width?: number;
  /** Where the decoder starts: at the unit embedding (paper), or at the encoder's last map (the authors' later code). @defaultValue 'embedding' */
  readonly decodeFrom?: 'embedding' | 'features';
  /** Weight of the old running statistics in batch normalisation, in [0, 1]. @defaultValue 0.9 */
  readonly normalizationMomentum?: number;
  /** The reconstruction's values as they are, or squeezed into (-1, 1) or (0, 1). @defaultValue 'linear' */
  readonly outputActivation?: 'linear' | 'tanh' | 'sigmoid';
  /** Seed of the initial weights. Whole number. @defaultValue 0; in `SaladModel.create` the model's seed */
  readonly seed?: number;
}

const DEFAULTS = Object.freeze({
  embeddingSize: 200,
  width: 64,
  decodeFrom: 'embedding',
  normalizationMomentum: 0.9,
  outputActivation: 'linear',
  seed: 0,
} satisfies Partial<ResnetAutoencoderOptions>);

type Resolved = Required<ResnetAutoencoderOptions>;

/** Strides of the four stages; with the stem's 2, an image is halved four times. */
const STAGE_STRIDES = [1, 2, 2, 2];
const BLOCKS_PER_STAGE = 2;
const STEM_KERNEL = 7;

/**
 * ResNet-18 without its max-pool as encoder, and its mirror image as decoder.
 *
 *     image -> 7x7 convolution, stride 2 -> 4 stages of 2 residual blocks = features
 *     features -> mean over pixels -> projection -> unit length = embedding
 *     embedding (or features) -> the stages backwards, bilinear doubling for each stride -> image
 *
 * @param options what to build; only `inputShape` is required.
 * @returns a Backbone; `dispose` it, or the model that holds it.
 * @throws UNKNOWN_OPTION, INVALID_OPTION, BACKEND_NOT_READY; `encode` throws SHAPE_MISMATCH.
 *
 * Source: Bozorgtabar et al., "SALAD" (MICCAI 2020), MURA set-up; He et al., "Deep Residual Learning" (2016).
 * Deviation: weights start from scratch, not from ImageNet. From the embedding, a dense layer makes
 * a map of at most 4 pixels a side, doubled up to the features' size (ours; the paper does not say).
 *
 * @example
 * const backbone = resnetAutoencoder({ inputShape: [512, 512, 1], decodeFrom: 'features' });
 */
export function resnetAutoencoder(options: ResnetAutoencoderOptions): Backbone {
  return makeResnetAutoencoder('resnetAutoencoder', options);
}

/** The same for a call that errors are to name. */
export function makeResnetAutoencoder(where: string, options: ResnetAutoencoderOptions): Backbone {
  checkBackendReady(where);
  const resolved = resolveResnet(where, options);
  const { inputShape, embeddingSize, decodeFrom, outputActivation } = resolved;
  const sizes = halvings(inputShape, STAGE_STRIDES.length);
  return autoencoder('resnetAutoencoder', {
    inputShape,
    embeddingSize,
    config: { kind: 'resnetAutoencoder', ...resolved },
    mapSizes: sizes.slice(1),
    levels: resnetLevels(resolved),
    projection: projection(resolved),
    expansion: decodeFrom === 'embedding' ? expansion(resolved, sizes[4]) : undefined,
    decoder: sequence([decoder(resolved, sizes), outputLayer(outputActivation)]),
  });
}

/** What the encoder of ResNet-18 is made of. */
export type ResnetEncoderOptions = Pick<
  Resolved,
  'inputShape' | 'width' | 'normalizationMomentum' | 'seed'
>;

/** ResNet-18 without its max-pool, up to its last map, which has 8 x `width` channels. */
export function resnetEncoder(options: ResnetEncoderOptions): Layer {
  return sequence(resnetLevels(options));
}

/** The same as its four stages, each of which halves the map; the first begins with the stem. */
function resnetLevels(options: ResnetEncoderOptions): Layer[] {
  const { inputShape, width, normalizationMomentum: momentum } = options;
  const stem = convolution({
    inputChannels: inputShape[2],
    outputChannels: width,
    kernelSize: STEM_KERNEL,
    stride: 2,
    normalization: normalization({ channels: width, slope: 0, momentum }),
    random: stream(options, 'stem'),
  });
  return stagesOf(options).map((shapes, stage) => {
    const blocks = shapes.map((shape, block) =>
      residualBlock({
        ...shape,
        momentum,
        random: (name) => stream(options, 'encoder', stage, block, name),
      }),
    );
    return sequence(stage === 0 ? [stem, ...blocks] : blocks);
  });
}

/** The residual blocks of each stage: channels in and out, and the stride. */
export function stagesOf({ width }: Pick<Resolved, 'width'>) {
  return STAGE_STRIDES.map((stageStride, stage) =>
    Array.from({ length: BLOCKS_PER_STAGE }, (_, block) => ({
      inputChannels: block === 0 ? channelsBefore({ width }, stage) : width * 2 ** stage,
      outputChannels: width * 2 ** stage,
      stride: block === 0 ? stageStride : 1,
    })),
  );
}

/** Each stage backwards: what its last block was, then a doubling where it halved, then its first block. */
function decoder(options: Resolved, sizes: readonly MapSize[]): Layer {
  const { inputShape, width, normalizationMomentum: momentum } = options;
  const stages = STAGE_STRIDES.map((stageStride, stage) => {
    const channels = width * 2 ** stage;
    const block = (index: number, outputChannels: number) =>
      residualBlock({
        inputChannels: channels,
        outputChannels,
        stride: 1,
        momentum,
        random: (name) => stream(options, 'decoder', stage, index, name),
      });
    return sequence([
      block(1, channels),
      ...(stageStride === 2 ? [upsample(sizes[stage])] : []),
      block(0, channelsBefore(options, stage)),
    ]);
  });
  const image = convolution({
    inputChannels: width,
    outputChannels: inputShape[2],
    kernelSize: STEM_KERNEL,
    stride: 1,
    random: stream(options, 'image'),
  });
  return sequence([...stages.reverse(), upsample(sizes[0]), image]);
}

function projection(options: Resolved): Layer<Tensor4D, Tensor2D> {
  const linear = dense({
    inputSize: featureChannels(options),
    outputSize: options.embeddingSize,
    bias: true,
    random: stream(options, 'projection'),
  });
  return { ...linear, apply: (x, training) => linear.apply(tf.mean(tf.mean(x, 2), 1), training) };
}

function expansion(options: Resolved, featureSize: MapSize): Layer<Tensor2D, Tensor4D> {
  const channels = featureChannels(options);
  const [size, ...sizes] = sizesOfGrowth(featureSize);
  const mapShape: ImageShape = [...size, channels];
  const linear = dense({
    inputSize: options.embeddingSize,
    outputSize: tf.util.sizeFromShape([...mapShape]),
    bias: false,
    random: stream(options, 'expansion'),
  });
  const momentum = options.normalizationMomentum;
  const normalized = normalization({ channels, slope: 0, momentum });
  const grow = sequence(sizes.map(upsample));
  return {
    apply(x, training) {
      const map = tf.reshape(linear.apply(x, training), [-1, ...mapShape]) as Tensor4D;
      return grow.apply(normalized.apply(map, training), training);
    },
    ...variablesOf([linear, normalized]),
  };
}

/** The sizes of a map from at most 4 pixels a side up to that of the features, each twice the one before or one less. */
export function sizesOfGrowth(featureSize: MapSize): MapSize[] {
  const doublings = Math.max(0, Math.ceil(Math.log2(Math.max(...featureSize) / 4)));
  return halvings(featureSize, doublings).reverse();
}

function channelsBefore({ width }: Pick<Resolved, 'width'>, stage: number): number {
  return width * 2 ** Math.max(0, stage - 1);
}

/** Channels of the encoder's last map. */
export function featureChannels({ width }: Pick<Resolved, 'width'>): number {
  return width * 2 ** (STAGE_STRIDES.length - 1);
}

function stream({ seed }: Pick<Resolved, 'seed'>, ...path: (string | number)[]): RandomStream {
  return new RandomStream(seed, ['resnetAutoencoder', ...path]);
}

/** Defaults filled in and every value checked. @throws UNKNOWN_OPTION | INVALID_OPTION */
export function resolveResnet(where: string, options: ResnetAutoencoderOptions): Resolved {
  checkInputShape(where, options?.inputShape);
  const resolved: Resolved = withDefaults(where, options, DEFAULTS, { inputShape: true });
  checkNumber(where, 'embeddingSize', resolved.embeddingSize, { min: 1, integer: true });
  checkNumber(where, 'width', resolved.width, { min: 1, integer: true });
  checkNumber(where, 'normalizationMomentum', resolved.normalizationMomentum, { min: 0, max: 1 });
  checkNumber(where, 'seed', resolved.seed, { integer: true });
  checkChoice(where, 'decodeFrom', resolved.decodeFrom, ['embedding', 'features']);
  checkChoice(where, 'outputActivation', resolved.outputActivation, ['linear', 'tanh', 'sigmoid']);
  return resolved;
}
