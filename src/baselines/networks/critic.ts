import type { Scalar, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { convolution } from '../../backbones/layers/convolution.js';
import type { Layer } from '../../backbones/layers/layer.js';
import { sumOfEach } from '../../support/sums.js';
import { type ConvStack, halvingEncoder } from '../training/conv-network.js';

/**
 * One number an image, [batch, 1]: how real it looks. Halving convolutions with biases and leaky ReLU, a linear map.
 *
 * Made so that a gradient penalty can be taken: tfjs has no right second-order gradient of its leaky ReLU,
 * of sigmoid or of batch normalisation, and a critic with batch normalisation has no gradient an image
 * (Gulrajani et al., section 4).
 */
export function critic(stack: ConvStack): Layer<Tensor4D, Tensor2D> {
  return halvingEncoder({ ...stack, outputSize: 1, bias: true }, (options) => {
    const { apply, ...variables } = convolution(options);
    return {
      ...variables,
      apply: (x, training) => leakyByRelu(apply(x, training), stack.activationSlope),
    };
  });
}

/** Leaky ReLU of operations whose second-order gradients are right: relu(x) - slope relu(-x). */
function leakyByRelu(x: Tensor4D, slope: number): Tensor4D {
  return tf.sub(tf.relu(x), tf.mul(slope, tf.relu(tf.neg(x))));
}

/**
 * mean over images of (|d critic(x) / d x| - 1)^2, at points between real images and made ones.
 *
 * @param mix [batch], the share of the real image in each point, in [0, 1].
 * @see Gulrajani et al., "Improved Training of Wasserstein GANs", NeurIPS 2017, Eq. 3.
 */
export function gradientPenalty(
  network: Pick<Layer<Tensor4D, Tensor2D>, 'apply'>,
  real: Tensor4D,
  made: Tensor4D,
  mix: ArrayLike<number>,
): Scalar {
  const share = tf.tensor4d(Float32Array.from(mix), [mix.length, 1, 1, 1]);
  const between = tf.add(tf.mul(real, share), tf.mul(made, tf.sub(1, share)));
  const slope = tf.grad((x) => tf.sum(network.apply(x as Tensor4D, true)))(between);
  const squares = sumOfEach(tf.square(slope));
  // The root has no gradient at 0.
  const lengths = tf.sqrt(tf.add(squares, 1e-12));
  return tf.mean(tf.square(tf.sub(lengths, 1)));
}
