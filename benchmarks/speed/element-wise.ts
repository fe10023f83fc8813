import * as tf from '@tensorflow/tfjs-core';
import { normalizeAndActivate } from '../../src/backbones/layers/normalize-and-activate.js';
import { upsample } from '../../src/backbones/layers/upsample.js';
import { Adam } from '../../src/learning/adam.js';
import { l2Normalize } from '../../src/support/tensors.js';
import type { KernelWork } from './kernel-work.js';

type Shape4D = [number, number, number, number];

/**
 * What is done value by value, in the shapes of the default autoencoder. Before `enableWasmTraining()` the
 * library composes it of the backend's own kernels.
 */
export function elementWise(batch: number, size: number): KernelWork[] {
  const map: Shape4D = [batch, size / 2, size / 2, 16];
  const half: Shape4D = [batch, size / 4, size / 4, 16];
  const mapBytes = 4 * tf.util.sizeFromShape(map);
  const embeddings: [number, number] = [batch, 200];
  const weights = [256, 4096];
  const normalized = (...[x, scale, offset]: tf.Tensor[]): tf.Tensor =>
    normalizeAndActivate(x as tf.Tensor4D, scale as tf.Tensor1D, offset as tf.Tensor1D, {
      epsilon: 1e-3,
      slope: 0.1,
    });
  const doubled = (x: tf.Tensor): tf.Tensor =>
    upsample([map[1], map[2]]).apply(x as tf.Tensor4D, true);
  const unit = (x: tf.Tensor): tf.Tensor => l2Normalize(x as tf.Tensor2D);
  const prepareNormalized = () => [
    tf.randomNormal(map),
    tf.randomNormal([16]),
    tf.randomNormal([16]),
    tf.randomNormal(map),
  ];
  return [
    {
      name: `normalise, activate                   [${map}]`,
      bytes: 3 * mapBytes, // x twice, y
      prepare: prepareNormalized,
      run: ([x, scale, offset]) => normalized(x, scale, offset),
    },
    {
      name: `normalise, activate, and gradients    [${map}]`,
      bytes: 10 * mapBytes, // and x, y and dy twice, dx
      prepare: prepareNormalized,
      run: ([x, scale, offset, dy]) => tf.grads(normalized)([x, scale, offset], dy)[0],
    },
    {
      name: `bilinear doubling to                  [${map}]`,
      bytes: 1.25 * mapBytes,
      prepare: () => [tf.randomNormal(half)],
      run: ([x]) => doubled(x),
    },
    {
      name: `bilinear doubling, and gradient, to   [${map}]`,
      bytes: 2.5 * mapBytes,
      prepare: () => [tf.randomNormal(half), tf.randomNormal(map)],
      run: ([x, dy]) => tf.grad(doubled)(x, dy),
    },
    adamStep(weights),
    {
      name: `unit length, and gradient             [${embeddings}]`,
      bytes: 5 * 4 * batch * 200,
      prepare: () => [tf.randomNormal(embeddings), tf.randomNormal(embeddings)],
      run: ([x, dy]) => tf.grad(unit)(x, dy),
    },
    {
      name: 'gather                                176 of [1000, 200]',
      bytes: 2 * 4 * 176 * 200,
      prepare: () => [tf.randomNormal([1000, 200]), tf.randomUniform([176], 0, 1000, 'int32')],
      run: ([x, indices]) => tf.gather(x, indices as tf.Tensor1D),
    },
    {
      name: 'slice                                 4096 of [10000, 200]',
      bytes: 2 * 4 * 4096 * 200,
      prepare: () => [tf.randomNormal([10000, 200])],
      run: ([x]) => tf.slice(x, [4096, 0], [4096, 200]),
    },
    {
      name: 'exp                                   [16, 4096]',
      bytes: 2 * 4 * 16 * 4096,
      prepare: () => [tf.randomUniform([16, 4096], -20, 0)],
      run: ([x]) => tf.exp(x),
    },
    {
      name: `leakyRelu                             [${map}]`,
      bytes: 2 * mapBytes,
      prepare: () => [tf.randomNormal(map)],
      run: ([x]) => tf.leakyRelu(x, 0.1),
    },
  ];
}

function adamStep(shape: number[]): KernelWork {
  const variable = tf.tidy(() => tf.variable(tf.zeros(shape)));
  const options = { learningRate: 1e-3, beta1: 0.9, beta2: 0.999, weightDecay: 0 };
  const adam = new Adam([variable], options);
  return {
    name: `Adam                                  [${shape}]`,
    bytes: 7 * 4 * variable.size,
    prepare: () => [tf.randomNormal(shape)],
    run: ([gradient]) => {
      adam.apply({ [variable.name]: gradient });
      return tf.scalar(0);
    },
  };
}
