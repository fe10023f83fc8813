import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { normalizeAndActivate } from '../../src/backbones/layers/normalize-and-activate.js';
import { upsample } from '../../src/backbones/layers/upsample.js';
import { Adam } from '../../src/learning/adam.js';
import { enableNativeKernels } from '../../src/tensorflow/index.js';
import { normal } from '../support/normal.js';
import { describeTensorFlow, expectAsOnCpu } from './against-cpu.js';

type Shape = [number, number, number, number];

describeTensorFlow("TensorFlow's own operations", () => {
  beforeAll(() => enableNativeKernels());

  const maps: Shape[] = [
    [1, 1, 1, 2],
    [2, 1, 1, 3],
    [3, 5, 4, 1],
    [2, 8, 7, 16],
    [4, 3, 3, 33],
  ];

  test.each(maps.flatMap((shape) => [0, 0.1, 1].map((slope) => ({ shape, slope }))))(
    'normalise and activate $shape, slope $slope',
    async ({ shape, slope }) => {
      await expectAsOnCpu(['SaladNormalizeActivate', 'SaladNormalizeActivateGrad'], () => {
        const x = tf.add(tf.mul(normal<tf.Rank.R4>('x', shape), 2), 3) as tf.Tensor4D;
        const scale = normal<tf.Rank.R1>('scale', [shape[3]]);
        const offset = normal<tf.Rank.R1>('offset', [shape[3]]);
        let moments: Float32Array[] = [];
        const run = (...[x, scale, offset]: tf.Tensor[]) =>
          normalizeAndActivate(
            x as tf.Tensor4D,
            scale as tf.Tensor1D,
            offset as tf.Tensor1D,
            { epsilon: 1e-3, slope },
            (...measured) => {
              moments = measured.map((moment) => moment.dataSync<'float32'>());
            },
          );
        const { value, grads } = tf.valueAndGrads(run)([x, scale, offset], normal('dy', shape));
        return [value, ...grads, ...moments.map((moment) => tf.tensor1d(moment))];
      });
    },
  );

  test('the variance is the biased one', async () => {
    await tf.setBackend('tensorflow');
    tf.tidy(() => {
      const x = tf.tensor4d([1, 3], [2, 1, 1, 1]);
      const attributes = { epsilon: 1e-3, slope: 1 };
      const read = (mean: tf.Tensor, variance: tf.Tensor) =>
        expect([mean.dataSync()[0], variance.dataSync()[0]]).toEqual([2, 1]);
      normalizeAndActivate(x, tf.ones([1]), tf.zeros([1]), attributes, read);
    });
  });

  test.each([
    { shape: [1, 1, 1, 1] as Shape, size: [2, 2] as const },
    { shape: [2, 1, 3, 2] as Shape, size: [2, 6] as const },
    { shape: [3, 4, 3, 5] as Shape, size: [7, 6] as const },
  ])('bilinear doubling of $shape to $size', async ({ shape, size }) => {
    await expectAsOnCpu(['SaladDoubleBilinear', 'SaladDoubleBilinearGrad'], () => {
      const layer = upsample(size);
      const { value, grad } = tf.valueAndGrad((x) => layer.apply(x as tf.Tensor4D, true))(
        normal('x', shape),
        normal('dy', [shape[0], ...size, shape[3]]),
      );
      return [value, grad];
    });
  });

  test.each([
    { shape: [1], weightDecay: 0 },
    { shape: [7], weightDecay: 0.1 },
    { shape: [3, 3, 2, 5], weightDecay: 0.1 },
  ])('Adam over $shape, weight decay $weightDecay', async ({ shape, weightDecay }) => {
    await expectAsOnCpu(['SaladAdam'], () => {
      const variables = ['a', 'b'].map((name) => tf.variable(normal(name, shape)));
      const options = { learningRate: 0.01, beta1: 0.5, beta2: 0.999, weightDecay };
      const adam = new Adam(variables, options);
      const before = variables.map((variable) => tf.clone(variable));
      for (let step = 0; step < 4; step++)
        adam.apply(
          Object.fromEntries(
            variables.map(({ name }, i) => [name, normal(`gradient ${i} ${step}`, shape)]),
          ),
        );
      const values = [...variables, ...adam.moments.flat()].map((held) => tf.clone(held));
      adam.dispose();
      tf.dispose(variables);
      // What the variables were before must not have been written over.
      return [...values, ...before];
    });
  });

  test.each([
    { name: 'one slope', slopes: [0.1, 0.1, 0.1], kernels: ['LeakyRelu'] },
    { name: 'slope 0', slopes: [0, 0, 0], kernels: ['LeakyRelu'] },
    { name: 'a slope above 1', slopes: [2, 2, 2], kernels: ['LeakyRelu'] },
    { name: 'a slope for each channel', slopes: [0.1, 0.2, 0.3], kernels: ['Relu'] },
  ])('PReLU and a convolution before it, $name', async ({ slopes }) => {
    await expectAsOnCpu(['Prelu', 'FusedConv2D'], () => {
      const x = normal<tf.Rank.R4>('x', [2, 5, 4, 2]);
      const filter = normal<tf.Rank.R4>('filter', [3, 3, 2, 3]);
      const preluActivationWeights = tf.tensor1d(slopes);
      const convolution = {
        x,
        filter,
        strides: 2,
        pad: 'same',
        bias: normal('bias', [3]),
      } as const;
      return [
        tf.prelu(normal('map', [2, 3, 3, 3]), preluActivationWeights),
        tf.prelu(tf.tensor([-2, 0, 3], [1, 3], 'int32'), preluActivationWeights),
        tf.fused.conv2d({ ...convolution, activation: 'prelu', preluActivationWeights }),
        tf.fused.conv2d({ ...convolution, activation: 'relu' }),
        tf.fused.conv2d(convolution),
      ];
    });
  });

  test.each([
    { shape: [2, 5, 4, 3] as Shape, filterShape: [3, 5, 3, 1] as Shape, stride: 1 },
    { shape: [1, 1, 2, 2] as Shape, filterShape: [3, 3, 2, 1] as Shape, stride: 1 },
    { shape: [2, 5, 4, 3] as Shape, filterShape: [2, 3, 3, 1] as Shape, stride: 1 },
    { shape: [2, 5, 4, 3] as Shape, filterShape: [3, 3, 3, 1] as Shape, stride: 2 },
    { shape: [2, 5, 4, 3] as Shape, filterShape: [3, 3, 3, 2] as Shape, stride: 1 },
  ])('filter gradient of $shape by $filterShape, stride $stride', async (example) => {
    const { shape, filterShape, stride } = example;
    await expectAsOnCpu([tf.Conv2DBackpropFilter], () => {
      const x = normal<tf.Rank.R4>('x', shape);
      const run = (filter: tf.Tensor) =>
        tf.sum(tf.square(tf.conv2d(x, filter as tf.Tensor4D, stride, 'same')));
      return [tf.grad(run)(normal('filter', filterShape))];
    });
  });
});
