import type { Tensor1D, Tensor4D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { checkShape } from '../backbones/autoencoder.js';
import type { Backbone } from '../backbones/backbone.js';
import { checkInputShape } from '../backbones/options.js';
import type { ImageShape } from '../images/pixels.js';
import { invertedBottleneck } from '../operations/bottleneck.js';
import { check, checkKnownOptions, said } from '../support/check.js';
import { crc32 } from '../support/crc32.js';
import { checkBackendReady } from '../support/train-check.js';
import { encodedOf } from './encoded-of.js';
import {
  type BlockShape,
  type ConvolutionShape,
  filterShape,
  lite0Blocks,
} from './lite0-blocks.js';
import { type ConvolutionWeights, unpackWeights } from './unpack-weights.js';

const WHERE = 'efficientNetLite0';

/**
 * EfficientNet-Lite0 as a frozen encoder: trained on ImageNet by Google, up to its last map of stride 16.
 *
 *     maps = [batch, height / 8, width / 8, 40] and [batch, height / 16, width / 16, 112], sides rounded up
 *     embedding = the mean of the last map over its places, of unit length
 *
 * It takes what the model's image normalisation makes of a film, [-1.5, 1.5] with `localContrast`, as it is; the network
 * was trained on colours in [-1, 1]. Grey is repeated over three channels (as one sum of the first filter).
 * A film with a NaN has NaN maps. 1.5 MB of weights are read when it is called, from the package unless they are given.
 *
 * @returns a frozen backbone of 112 numbers; `dispose` it, or the model that holds it.
 * @throws UNKNOWN_OPTION | INVALID_OPTION | BACKEND_NOT_READY | MISSING_WEIGHTS where the file of the package is not found;
 * `encode` throws SHAPE_MISMATCH
 * @see Tan and Le 2019, "EfficientNet" (ICML); the weights, their source and licence: NOTICE. Deviation: weights are rounded
 * to 16 bits, which moves maps by up to 2e-4 of their largest value.
 * @example
 * import { efficientNetLite0 } from 'salad-ad/encoders';
 *
 * const backbone = await efficientNetLite0();
 * const model = SaladModel.create({ backbone, resize: { method: 'bilinear', fit: 'pad' }, score: 'cells' });
 * await model.fit(normals, { validation });
 */
export async function efficientNetLite0(
  options: {
    /** [height, width, channels] of a film; at least 16 pixels a side, 1 or 3 channels. @defaultValue [224, 224, 1] */
    readonly inputShape?: ImageShape;
    /**
     * The weights as bytes: of `salad-ad/encoders/efficientnet-lite0.bin`, or in float32.
     *
     * @defaultValue those of the package, found beside the code that runs: read in Node, fetched in a page
     */
    readonly weights?: ArrayBuffer | Uint8Array;
  } = {},
): Promise<Backbone> {
  checkKnownOptions(WHERE, options, { inputShape: true, weights: true });
  const { inputShape = [224, 224, 1], weights } = options;
  checkInputShape(WHERE, inputShape);
  const [height, width, channels] = inputShape;
  check(
    Math.min(height, width) >= 16 && (channels === 1 || channels === 3),
    'INVALID_OPTION',
    () =>
      `${WHERE}: inputShape is [${inputShape.join(', ')}]; expected at least 16 pixels a side, and 1 or 3 channels.`,
    { inputShape },
  );
  checkBackendReady(WHERE);
  const bytes = weights === undefined ? await packagedWeights() : bytesOf(weights);
  const shapes = lite0Blocks();
  const blocks = loaded(shapes, unpackWeights(WHERE, bytes, shapes), channels);
  return {
    inputShape,
    embeddingSize: 112,
    mapSizes: [8, 16].map((stride) => [Math.ceil(height / stride), Math.ceil(width / stride)]),
    encode(images) {
      checkShape(WHERE, 'images', images, inputShape);
      return encodedOf(images, mapsOf(blocks, images));
    },
    trainable: [],
    statistics: [],
    config: { kind: WHERE, inputShape, fingerprint: fingerprintOfWeights(bytes) },
    dispose: () => tf.dispose(blocks.flatMap(({ convolutions }) => convolutions.map(tensorsOf))),
  };
}

/** The file of the package, where the library runs. @throws MISSING_WEIGHTS */
export async function packagedWeights(where = WHERE): Promise<Uint8Array> {
  return (await import('#encoder-weights')).packagedWeights(where);
}

/** By what the encoder made of some bytes is known again. */
export function fingerprintOfWeights(bytes: Uint8Array): string {
  return `crc32 ${crc32(bytes).toString(16)}`;
}

function bytesOf(weights: unknown): Uint8Array {
  check(
    weights instanceof ArrayBuffer || weights instanceof Uint8Array,
    'INVALID_OPTION',
    () => `${WHERE}: weights is ${said(weights)}; expected an ArrayBuffer or a Uint8Array.`,
  );
  return weights instanceof Uint8Array ? weights : new Uint8Array(weights);
}

/** A convolution on the backend. */
interface Convolution extends ConvolutionShape {
  readonly filter: Tensor4D;
  readonly bias: Tensor1D;
}

interface Block extends BlockShape {
  readonly convolutions: readonly Convolution[];
}

const tensorsOf = ({ filter, bias }: Convolution) => [filter, bias];

function loaded(
  shapes: readonly BlockShape[],
  weights: readonly ConvolutionWeights[],
  channels: number,
): Block[] {
  let next = 0;
  return shapes.map((block) => ({
    ...block,
    convolutions: block.convolutions.map((shape) => {
      const { filter, bias } = weights[next++];
      const values = tf.tensor4d(filter, filterShape(shape));
      return {
        ...shape,
        filter: shape.inputs === 3 && channels === 1 ? forGrey(values) : values,
        bias: tf.tensor1d(bias),
      };
    }),
  }));
}

/** The filter that does to grey what this one does to grey repeated over its channels; takes it over. */
function forGrey(filter: Tensor4D): Tensor4D {
  const sum = tf.tidy(() => tf.sum(filter, 2, true) as Tensor4D);
  filter.dispose();
  return sum;
}

/** The maps that cells are read from. */
function mapsOf(blocks: readonly Block[], images: Tensor4D): Tensor4D[] {
  const maps: Tensor4D[] = [];
  let x = images;
  for (const block of blocks) {
    x = applied(block, x);
    if (block.map) maps.push(x);
  }
  return maps;
}

/** What a block returns; the maps within it, which are the largest, are freed. */
function applied({ convolutions, residual }: Block, input: Tensor4D): Tensor4D {
  return tf.tidy(() => {
    // The stem is one convolution; each block after it ends in a projection, behind a depthwise one.
    const [project, spatial, expand] = [...convolutions].reverse();
    if (!spatial) return stem(project, input);
    const { stride } = spatial;
    const output = invertedBottleneck(input, { expand, spatial, project, stride });
    return residual ? tf.add(input, output) : output;
  });
}

function stem({ filter, bias, stride }: Convolution, x: Tensor4D): Tensor4D {
  return tf.fused.conv2d({ x, filter, strides: stride, pad: 'same', bias, activation: 'relu6' });
}
