import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { enableWasmTraining } from '../../src/wasm/index.js';
import { useBackend } from '../support/backends.js';
import { gradientsOverPixels, sumsOverPixels } from '../support/million-pixels.js';

beforeAll(async () => {
  await useBackend('wasm');
  enableWasmTraining();
});

const key = Symbol.for('salad-ad/wasm/simd');

describe.each(['SIMD', 'composed'])('a million pixels on wasm, %s', (form) => {
  let module: unknown;
  beforeAll(() => {
    const backend = tf.backend() as tf.KernelBackend & Record<symbol, unknown>;
    module = backend[key];
    if (form === 'composed') backend[key] = null;
  });
  afterAll(() => {
    (tf.backend() as tf.KernelBackend & Record<symbol, unknown>)[key] = module;
  });

  sumsOverPixels();
  // Composed, the filter's gradient is one convolution of the stock kernel, which adds in one float32.
  gradientsOverPixels(form === 'SIMD');

  // What a user's own loss is made of.
  test('tf.sum, tf.mean, tf.moments and tf.losses', () => {
    tf.tidy(() => {
      const value = Math.fround(0.1);
      const x = tf.fill([1, 1024, 1024, 1], 0.1);
      const relative = (got: tf.Tensor, want: number) => Math.abs(got.dataSync()[0] / want - 1);
      expect(relative(tf.sum(x), value * 2 ** 20)).toBeLessThan(1e-5);
      expect(relative(tf.mean(x), value)).toBeLessThan(1e-5);
      const square = tf.losses.meanSquaredError(x, tf.zerosLike(x));
      expect(relative(square, value ** 2)).toBeLessThan(1e-5);
      expect(relative(tf.losses.absoluteDifference(x, tf.zerosLike(x)), value)).toBeLessThan(1e-5);
      const { mean, variance } = tf.moments(x);
      expect(relative(mean, value)).toBeLessThan(1e-5);
      expect(variance.dataSync()[0]).toBeLessThan(1e-10);
    });
  });
});

// The filter gradient in all its forms: direct, with one output channel, with a stride, of Winograd's tiles.
describe('the filter gradient over many places, on SIMD', () => {
  const FORMS: [
    batch: number,
    side: number,
    from: number,
    to: number,
    size: number,
    stride: number,
  ][] = [
    [1, 1024, 1, 1, 3, 1],
    [1, 1024, 1, 8, 3, 1],
    [1, 1024, 8, 1, 3, 1],
    [3, 512, 3, 4, 3, 2],
    [1, 512, 32, 32, 3, 1],
  ];
  test.each(FORMS)(
    '%d images of %d px, %d to %d channels, %dx%d',
    (batch, side, from, to, size, stride) => {
      tf.tidy(() => {
        const x = tf.fill<tf.Rank.R4>([batch, side, side, from], 0.1);
        const out = side / stride;
        const filter = tf.zeros<tf.Rank.R4>([size, size, from, to]);
        const gradient = tf.grad((f) => tf.conv2d(x, f as tf.Tensor4D, stride, 'same'));
        const got = gradient(filter, tf.fill([batch, out, out, to], 0.1));
        // The tap that sees a pixel for every place: the middle one, or the first where same padding comes last.
        const tap = stride === 1 ? 1 : 0;
        const values = tf.slice(got, [tap, tap, 0, 0], [1, 1, from, to]).dataSync();
        const want = Math.fround(0.1) ** 2 * batch * out * out;
        for (const value of values) expect(Math.abs(value / want - 1)).toBeLessThan(1e-5);
      });
    },
  );
});
