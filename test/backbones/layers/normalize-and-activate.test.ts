import type { Tensor, Tensor1D, Tensor4D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, describe, expect, it } from 'vitest';
import { normalization } from '../../../src/backbones/layers/normalization.js';
import {
  NORMALIZE_ACTIVATE,
  NORMALIZE_ACTIVATE_GRAD,
  normalizeAndActivate,
} from '../../../src/backbones/layers/normalize-and-activate.js';
import { describeOnBackends, expectNoLeak } from '../../support/backends.js';
import { normals } from '../conformance.js';

const EPSILON = 1e-5;
const SHAPES = [
  [1, 1, 1, 1],
  [1, 1, 1, 3],
  [3, 1, 1, 2],
  [1, 2, 3, 1],
  [2, 3, 2, 5],
  [4, 5, 7, 16],
];

/** Loops over pixels in float64: y, and the gradients of sum(y * weight). */
function oracle(x: Tensor4D, scale: number[], offset: number[], slope: number, weight: Tensor4D) {
  const channels = x.shape[3];
  const [input, dy] = [x.dataSync(), weight.dataSync()];
  const y = new Float64Array(x.size);
  const dx = new Float64Array(x.size);
  const [dScale, dOffset] = [new Float64Array(channels), new Float64Array(channels)];
  for (let c = 0; c < channels; c++) {
    const pixels = Array.from({ length: x.size / channels }, (_, i) => i * channels + c);
    const mean = pixels.reduce((sum, i) => sum + input[i], 0) / pixels.length;
    const variance = pixels.reduce((sum, i) => sum + (input[i] - mean) ** 2, 0) / pixels.length;
    const deviation = Math.sqrt(variance + EPSILON);
    const h = (i: number) => (input[i] - mean) / deviation;
    const z = (i: number) => scale[c] * h(i) + offset[c];
    const g = (i: number) => dy[i] * (z(i) > 0 ? 1 : slope);
    for (const i of pixels) {
      y[i] = z(i) > 0 ? z(i) : slope * z(i);
      dOffset[c] += g(i);
      dScale[c] += g(i) * h(i);
    }
    for (const i of pixels) {
      // Every pixel's g reaches x_i through its own h, the mean and the deviation.
      for (const j of pixels) {
        const own = i === j ? 1 : 0;
        const dh =
          (own - 1 / pixels.length) / deviation - (h(j) * h(i)) / pixels.length / deviation;
        dx[i] += g(j) * scale[c] * dh;
      }
    }
  }
  return { y, gradients: [dx, dScale, dOffset] };
}

function expectClose(actual: Tensor, expected: Float64Array, tolerance: number): void {
  const values = actual.dataSync();
  expect(values.length).toBe(expected.length);
  values.forEach((value, i) => {
    expect(Math.abs(value - expected[i])).toBeLessThan(tolerance * (1 + Math.abs(expected[i])));
  });
}

describeOnBackends('normalizeAndActivate', (backend) => {
  for (const shape of SHAPES) {
    it.each([0, 0.1, 1])(`equals loops at [${shape.join(', ')}], slope %d`, (slope) => {
      const channels = shape[3];
      tf.tidy(() => {
        const x = tf.add(tf.mul(normals(shape, 1), 2), 5) as Tensor4D;
        const weight = normals(shape, 2) as Tensor4D;
        const scale = normals([channels], 3) as Tensor1D;
        const offset = normals([channels], 4) as Tensor1D;
        const run = (...[x, scale, offset]: Tensor[]) =>
          normalizeAndActivate(x as Tensor4D, scale as Tensor1D, offset as Tensor1D, {
            epsilon: EPSILON,
            slope,
          });
        const expected = oracle(x, [...scale.dataSync()], [...offset.dataSync()], slope, weight);
        expectClose(run(x, scale, offset), expected.y, 1e-5);
        const gradients = tf.grads((...inputs) => run(...inputs))([x, scale, offset], weight);
        gradients.forEach((gradient, i) => {
          expectClose(gradient, expected.gradients[i], 1e-4);
        });
      });
    });
  }

  it('gives zero for constant channels, not NaN', () => {
    tf.tidy(() => {
      const x = tf.fill<tf.Rank.R4>([2, 3, 3, 2], 7);
      const [scale, offset] = [tf.ones<tf.Rank.R1>([2]), tf.zeros<tf.Rank.R1>([2])];
      const run = (x: Tensor) =>
        normalizeAndActivate(x as Tensor4D, scale, offset, { epsilon: EPSILON, slope: 0.1 });
      for (const value of run(x).dataSync()) expect(Math.abs(value)).toBeLessThan(1e-3);
      for (const value of tf.grad(run)(x).dataSync()) expect(Math.abs(value)).toBeLessThan(1e-3);
    });
  });

  it('hands out the mean and the biased variance', () => {
    tf.tidy(() => {
      const x = tf.tensor4d([1, 10, 3, 30], [1, 2, 1, 2]);
      const [scale, offset] = [tf.ones<tf.Rank.R1>([2]), tf.zeros<tf.Rank.R1>([2])];
      const moments: number[][] = [];
      normalizeAndActivate(x, scale, offset, { epsilon: EPSILON, slope: 1 }, (mean, variance) => {
        moments.push([...mean.dataSync()], [...variance.dataSync()]);
      });
      expect(moments).toEqual([
        [(1 + 3) / 2, (10 + 30) / 2],
        [((1 - 2) ** 2 + (3 - 2) ** 2) / 2, ((10 - 20) ** 2 + (30 - 20) ** 2) / 2],
      ]);
    });
  });

  describe('with kernels registered for the backend', () => {
    afterEach(() => {
      tf.unregisterKernel(NORMALIZE_ACTIVATE, backend);
      tf.unregisterKernel(NORMALIZE_ACTIVATE_GRAD, backend);
    });

    it('runs them with its attributes and gives back their outputs', async () => {
      const seen: unknown[] = [];
      tf.registerKernel({
        kernelName: NORMALIZE_ACTIVATE,
        backendName: backend,
        kernelFunc: ({ inputs, attrs }) => {
          seen.push([Object.keys(inputs), attrs]);
          const { x, scale } = inputs as unknown as Record<string, Tensor>;
          return [tf.onesLike(x), tf.zerosLike(scale), tf.onesLike(scale)];
        },
      });
      tf.registerKernel({
        kernelName: NORMALIZE_ACTIVATE_GRAD,
        backendName: backend,
        kernelFunc: ({ inputs, attrs }) => {
          seen.push([Object.keys(inputs), attrs]);
          const { x, scale } = inputs as unknown as Record<string, Tensor>;
          return [tf.fill(x.shape, 2), tf.fill(scale.shape, 3), tf.fill(scale.shape, 4)];
        },
      });
      await expectNoLeak(() => {
        tf.tidy(() => {
          const x = normals([1, 2, 2, 1], 1) as Tensor4D;
          const [scale, offset] = [tf.ones<tf.Rank.R1>([1]), tf.zeros<tf.Rank.R1>([1])];
          const gradients = tf.grads((...[x, scale, offset]) =>
            normalizeAndActivate(x as Tensor4D, scale as Tensor1D, offset as Tensor1D, {
              epsilon: 0.5,
              slope: 0.25,
            }),
          )([x, scale, offset]);
          expect(gradients.map((gradient) => [...gradient.dataSync()])).toEqual([
            [2, 2, 2, 2],
            [3],
            [4],
          ]);
        });
      });
      const attributes = { epsilon: 0.5, slope: 0.25 };
      expect(seen).toEqual([
        [['x', 'scale', 'offset'], attributes],
        [['x', 'y', 'dy', 'scale', 'mean', 'variance'], attributes],
      ]);
    });
  });
});

describeOnBackends('normalization', () => {
  const create = () => normalization({ channels: 2, slope: 0.1, momentum: 0.9 });

  it('keeps .9 of the old statistics and takes .1 of the new ones, the variance unbiased', () => {
    const layer = create();
    const x = tf.tensor4d([1, 10, 3, 30], [2, 1, 1, 2]);
    tf.tidy(() => void layer.apply(x, true));
    const [mean, variance] = layer.statistics.map((variable) => variable.dataSync());
    expect(mean[0]).toBeCloseTo(0.9 * 0 + 0.1 * 2, 6);
    expect(mean[1]).toBeCloseTo(0.9 * 0 + 0.1 * 20, 6);
    expect(variance[0]).toBeCloseTo(0.9 * 1 + 0.1 * ((1 + 1) / (2 - 1)), 6);
    expect(variance[1]).toBeCloseTo(0.9 * 1 + 0.1 * ((100 + 100) / (2 - 1)), 5);
    tf.dispose([x, ...layer.trainable, ...layer.statistics]);
  });

  it('uses them in inference, with gradients for x, scale and offset', () => {
    const layer = create();
    const [scale, offset] = layer.trainable;
    const [mean, variance] = layer.statistics;
    tf.tidy(() => {
      scale.assign(tf.tensor1d([2, 3]));
      offset.assign(tf.tensor1d([0.5, -1]));
      mean.assign(tf.tensor1d([1, 10]));
      variance.assign(tf.tensor1d([4, 25]));
      const x = tf.tensor4d([4, 5, -4, 12], [1, 2, 1, 2]);
      const z = [
        (2 * (4 - 1)) / Math.sqrt(4 + EPSILON) + 0.5,
        (3 * (5 - 10)) / Math.sqrt(25 + EPSILON) - 1,
        (2 * (-4 - 1)) / Math.sqrt(4 + EPSILON) + 0.5,
        (3 * (12 - 10)) / Math.sqrt(25 + EPSILON) - 1,
      ];
      const slope = z.map((value) => (value > 0 ? 1 : 0.1));
      const y = layer.apply(x, false).dataSync();
      y.forEach((value, i) => {
        expect(value).toBeCloseTo(z[i] * slope[i], 5);
      });
      const { grads } = tf.variableGrads(() => tf.sum(layer.apply(x, false)), [scale, offset]);
      const h = [(4 - 1) / 2, (5 - 10) / 5, (-4 - 1) / 2, (12 - 10) / 5];
      const [dScale, dOffset] = [grads[scale.name].dataSync(), grads[offset.name].dataSync()];
      expect(dScale[0]).toBeCloseTo(slope[0] * h[0] + slope[2] * h[2], 4);
      expect(dScale[1]).toBeCloseTo(slope[1] * h[1] + slope[3] * h[3], 4);
      expect(dOffset[0]).toBeCloseTo(slope[0] + slope[2], 5);
      expect(dOffset[1]).toBeCloseTo(slope[1] + slope[3], 5);
      const dx = tf
        .grad((x) => layer.apply(x as Tensor4D, false))(x)
        .dataSync();
      dx.forEach((value, i) => {
        expect(value).toBeCloseTo(slope[i] * (i % 2 === 0 ? 2 / 2 : 3 / 5), 5);
      });
    });
    tf.dispose([...layer.trainable, ...layer.statistics]);
  });
});
