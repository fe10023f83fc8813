import type { Rank, Tensor1D, Tensor2D, Tensor4D, Variable } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { Backbone } from 'salad-ad';

/** The same network as `speedNetwork`, in tfjs's own operations and nothing else. */
export interface PlainNetwork {
  /** Images to reconstructions; in training with the batch's own statistics, which are not recorded. */
  forward(images: Tensor4D, training: boolean): Tensor4D;
  encode(images: Tensor4D, training: boolean): Tensor2D;
}

interface Normalization {
  readonly scale: Tensor1D;
  readonly offset: Tensor1D;
  readonly mean: Tensor1D;
  readonly variance: Tensor1D;
}

/** A convolution, and the normalisation behind it; the last one has a bias instead. */
interface Convolution {
  readonly filter: Variable<Rank.R4>;
  readonly bias?: Tensor1D;
  readonly normalization?: Normalization;
}

const EPSILON = 1e-5;
const SLOPE = 0.1;

/** Reads the weights of a `speedNetwork` in their order; they stay the backbone's. */
export function plainNetwork(backbone: Backbone): PlainNetwork {
  const trainable = [...backbone.trainable];
  const statistics = [...backbone.statistics];
  const next = <T extends tf.Tensor>() => trainable.shift() as unknown as T;
  const normalization = (): Normalization => ({
    scale: next(),
    offset: next(),
    mean: statistics.shift() as unknown as Tensor1D,
    variance: statistics.shift() as unknown as Tensor1D,
  });
  const convolution = (): Convolution => ({
    filter: next<Variable<Rank.R4>>(),
    normalization: normalization(),
  });
  const levels = (backbone.config.channels as number[]).length;
  const encoder = Array.from({ length: 2 * levels }, convolution);
  const projection = { weights: next<Tensor2D>(), bias: next<Tensor1D>() };
  const expansion = { weights: next<Tensor2D>(), normalization: normalization() };
  const decoder: Convolution[] = Array.from({ length: 2 * levels - 1 }, convolution);
  decoder.push({ filter: next<Variable<Rank.R4>>(), bias: next<Tensor1D>() });

  function features(images: Tensor4D, training: boolean): Tensor4D {
    return encoder.reduce(
      (x, layer, i) => convolve(x, layer, i % 2 === 0 ? 2 : 1, training),
      images,
    );
  }

  function embed(map: Tensor4D): Tensor2D {
    const flat = tf.reshape(map, [map.shape[0], -1]) as Tensor2D;
    const z = tf.add(tf.matMul(flat, projection.weights), projection.bias);
    const length = tf.sqrt(tf.maximum(tf.sum(tf.square(z), 1, true), 1e-12));
    return tf.div(z, length) as Tensor2D;
  }

  return {
    encode: (images, training) => embed(features(images, training)),
    forward(images, training) {
      const map = features(images, training);
      const expanded = tf.reshape(tf.matMul(embed(map), expansion.weights), map.shape) as Tensor4D;
      const start = normalizeAndActivate(expanded, expansion.normalization, training);
      return decoder.reduce((x, layer, i) => {
        const input = i % 2 === 0 ? doubled(x) : x;
        return convolve(input, layer, 1, training);
      }, start);
    },
  };
}

function convolve(
  x: Tensor4D,
  { filter, bias, normalization }: Convolution,
  stride: number,
  training: boolean,
): Tensor4D {
  const y = tf.conv2d(x, filter, stride, 'same');
  return normalization
    ? normalizeAndActivate(y, normalization, training)
    : (tf.add(y, bias!) as Tensor4D);
}

function normalizeAndActivate(
  x: Tensor4D,
  { scale, offset, mean, variance }: Normalization,
  training: boolean,
): Tensor4D {
  const moments = training ? tf.moments(x, [0, 1, 2]) : { mean, variance };
  const normalized = tf.batchNorm4d(
    x,
    moments.mean as Tensor1D,
    moments.variance as Tensor1D,
    offset,
    scale,
    EPSILON,
  );
  return tf.leakyRelu(normalized, SLOPE);
}

function doubled(x: Tensor4D): Tensor4D {
  const [, height, width] = x.shape;
  return tf.image.resizeBilinear(x, [2 * height, 2 * width], false, true);
}
