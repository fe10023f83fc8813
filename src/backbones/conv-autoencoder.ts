import type { Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { ImageShape } from '../images/pixels.js';
import { checkChoice, checkNumber } from '../support/check.js';
import { RandomStream } from '../support/random.js';
import { checkBackendReady } from '../support/train-check.js';
import { autoencoder, outputLayer } from './autoencoder.js';
import type { Backbone } from './backbone.js';
import { convolution, transposedConvolution } from './layers/convolution.js';
import { dense } from './layers/dense.js';
import { type Layer, sequence, variablesOf } from './layers/layer.js';
import { type Normalization, normalization } from './layers/normalization.js';
import { halvings, type MapSize, upsample } from './layers/upsample.js';
import { checkInputShape, withDefaults } from './options.js';

/** Options of `convAutoencoder`. */
export interface ConvAutoencoderOptions {
  /** [height, width, channels] of one image, in pixels; any size. */
  readonly inputShape: ImageShape;
  /** Numbers in an embedding (paper: 200). @defaultValue 200 */
  readonly embeddingSize?: number;
  /**
   * Channels after each level; a level halves height and width.
   *
   * @defaultValue 16, 32, 64, ... up to 512, with three levels up to 64 pixels on the longer side, and above
   * that as many as bring it to 4 pixels, at most six (five at 128, the paper's six at 256)
   */
  readonly channels?: readonly number[];
  /** 3x3 convolutions a level, the halving one included. @defaultValue 1 */
  readonly convsPerLevel?: number;
  /** How the decoder doubles a map: a transposed 4x4 convolution, or bilinear resizing and a 3x3 one. @defaultValue 'transpose' */
  readonly upsampling?: 'transpose' | 'bilinear';
  /** Slope of the leaky ReLU left of zero, in [0, 1]. @defaultValue 0.1 */
  readonly activationSlope?: number;
  /** Weight of the old running statistics in batch normalisation, in [0, 1]. @defaultValue 0.9 */
  readonly normalizationMomentum?: number;
  /** The reconstruction's values as they are, or squeezed into (-1, 1) or (0, 1). @defaultValue 'linear' */
  readonly outputActivation?: 'linear' | 'tanh' | 'sigmoid';
  /** Where the decoder starts: at the unit embedding (paper), or at the encoder's last map. @defaultValue 'embedding' */
  readonly decodeFrom?: 'embedding' | 'features';
  /** Seed of the initial weights. Whole number. @defaultValue 0; in `SaladModel.create` the model's seed */
  readonly seed?: number;
}

const DEFAULTS = Object.freeze({
  embeddingSize: 200,
  convsPerLevel: 1,
  upsampling: 'transpose',
  activationSlope: 0.1,
  normalizationMomentum: 0.9,
  outputActivation: 'linear',
  decodeFrom: 'embedding',
  seed: 0,
} satisfies Partial<ConvAutoencoderOptions>);

type Resolved = Required<ConvAutoencoderOptions>;

/**
 * A convolutional autoencoder with a unit embedding in its middle and no skip connections.
 *
 *     image -> [convolution, stride 2] x levels -> projection -> unit length = embedding
 *     embedding -> dense -> [doubling convolution] x levels -> image
 *
 * Batch normalisation and leaky ReLU follow every convolution except the projection and the last one.
 *
 * @param options what to build; only `inputShape` is required.
 * @returns a Backbone; `dispose` it, or the model that holds it.
 * @throws UNKNOWN_OPTION, INVALID_OPTION, BACKEND_NOT_READY; `encode` throws SHAPE_MISMATCH.
 *
 * Source: Bozorgtabar et al., "SALAD" (MICCAI 2020), NIH set-up: six levels at 256x256, 200 numbers.
 * Deviation: channels, filter sizes and small images' depth are ours, since the paper does not give them.
 *
 * @example
 * const backbone = convAutoencoder({ inputShape: [64, 64, 1], seed: 7 });
 * const { embeddings } = backbone.encode(images, false);
 */
export function convAutoencoder(options: ConvAutoencoderOptions): Backbone {
  return makeConvAutoencoder('convAutoencoder', options);
}

/** The same for a call that errors are to name. */
export function makeConvAutoencoder(where: string, options: ConvAutoencoderOptions): Backbone {
  checkBackendReady(where);
  const resolved = resolveConv(where, options);
  const { inputShape, embeddingSize, channels, outputActivation, decodeFrom } = resolved;
  const sizes = halvings(inputShape, channels.length);
  const [height, width] = sizes[channels.length];
  const mapShape = [height, width, channels[channels.length - 1]] as const;
  return autoencoder('convAutoencoder', {
    inputShape,
    embeddingSize,
    config: { kind: 'convAutoencoder', ...resolved },
    mapSizes: sizes.slice(1),
    levels: encoderLevels(resolved),
    projection: projection(resolved, mapShape),
    expansion: decodeFrom === 'embedding' ? expansion(resolved, mapShape) : undefined,
    decoder: sequence([decoder(resolved, sizes), outputLayer(outputActivation)]),
  });
}

/** One for each entry of `channels`: convolutions of which the first halves the map. */
function encoderLevels(options: Resolved): Layer[] {
  const { inputShape, channels, convsPerLevel } = options;
  return channels.map((outputChannels, level) =>
    sequence(
      repeat(convsPerLevel, (index) => {
        const random = stream(options, 'encoder', level, index);
        const inputChannels =
          index > 0 ? outputChannels : level > 0 ? channels[level - 1] : inputShape[2];
        const stride = index === 0 ? 2 : 1;
        return convolution({
          inputChannels,
          outputChannels,
          kernelSize: 3,
          stride,
          normalization: normalize(options, outputChannels),
          random,
        });
      }),
    ),
  );
}

function projection(options: Resolved, mapShape: ImageShape): Layer<Tensor4D, Tensor2D> {
  const inputSize = tf.util.sizeFromShape([...mapShape]);
  const outputSize = options.embeddingSize;
  const linear = dense({
    inputSize,
    outputSize,
    bias: true,
    random: stream(options, 'projection'),
  });
  return {
    ...linear,
    apply: (x, training) => linear.apply(tf.reshape(x, [-1, inputSize]), training),
  };
}

function expansion(options: Resolved, mapShape: ImageShape): Layer<Tensor2D, Tensor4D> {
  const inputSize = options.embeddingSize;
  const outputSize = tf.util.sizeFromShape([...mapShape]);
  const linear = dense({
    inputSize,
    outputSize,
    bias: false,
    random: stream(options, 'expansion'),
  });
  const normalized = normalize(options, mapShape[2]);
  return {
    apply: (x, training) =>
      normalized.apply(tf.reshape(linear.apply(x, training), [-1, ...mapShape]), training),
    ...variablesOf([linear, normalized]),
  };
}

function decoder(options: Resolved, sizes: readonly MapSize[]): Layer {
  const { inputShape, channels, convsPerLevel, upsampling } = options;
  return sequence(
    channels.map((_, step) => {
      const level = channels.length - 1 - step;
      const levelChannels = channels[Math.max(0, level - 1)];
      return sequence([
        ...(upsampling === 'bilinear' ? [upsample(sizes[level])] : []),
        ...repeat(convsPerLevel, (index) => {
          const last = level === 0 && index === convsPerLevel - 1;
          const inputChannels = index === 0 ? channels[level] : levelChannels;
          const outputChannels = last ? inputShape[2] : levelChannels;
          const random = stream(options, 'decoder', level, index);
          const normalization = last ? undefined : normalize(options, outputChannels);
          const common = { inputChannels, outputChannels, normalization, random };
          return upsampling === 'transpose' && index === 0
            ? transposedConvolution({
                ...common,
                kernelSize: 4,
                stride: 2,
                outputSize: sizes[level],
              })
            : convolution({ ...common, kernelSize: 3, stride: 1 });
        }),
      ]);
    }),
  );
}

function normalize(options: Resolved, channels: number): Normalization {
  const { activationSlope: slope, normalizationMomentum: momentum } = options;
  return normalization({ channels, slope, momentum });
}

function stream(options: Resolved, ...path: (string | number)[]): RandomStream {
  return new RandomStream(options.seed, ['convAutoencoder', ...path]);
}

function repeat<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

/** Channels after each level where none are given. */
export function defaultChannels([height, width]: ImageShape): number[] {
  const side = Math.max(height, width);
  const levels = side <= 64 ? 3 : Math.min(6, Math.ceil(Math.log2(side / 4)));
  return repeat(levels, (level) => Math.min(512, 16 * 2 ** level));
}

/** Defaults filled in and every value checked. @throws UNKNOWN_OPTION | INVALID_OPTION */
export function resolveConv(where: string, options: ConvAutoencoderOptions): Resolved {
  checkInputShape(where, options?.inputShape);
  const defaults = { ...DEFAULTS, channels: defaultChannels(options.inputShape) };
  const resolved = withDefaults(where, options, defaults, { inputShape: true }) as Resolved;
  const count = { min: 1, integer: true };
  checkNumber(where, 'embeddingSize', resolved.embeddingSize, count);
  checkNumber(where, 'the number of channels', resolved.channels.length, count);
  for (const size of resolved.channels) checkNumber(where, 'channels', size, count);
  checkNumber(where, 'convsPerLevel', resolved.convsPerLevel, count);
  checkNumber(where, 'activationSlope', resolved.activationSlope, { min: 0, max: 1 });
  checkNumber(where, 'normalizationMomentum', resolved.normalizationMomentum, { min: 0, max: 1 });
  checkNumber(where, 'seed', resolved.seed, { integer: true });
  checkChoice(where, 'upsampling', resolved.upsampling, ['transpose', 'bilinear']);
  checkChoice(where, 'outputActivation', resolved.outputActivation, ['linear', 'tanh', 'sigmoid']);
  checkChoice(where, 'decodeFrom', resolved.decodeFrom, ['embedding', 'features']);
  return resolved;
}
