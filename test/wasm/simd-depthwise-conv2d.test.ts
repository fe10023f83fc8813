import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { enableWasmTraining } from '../../src/wasm/index.js';
import { normal } from '../support/normal.js';
import { expectSameOnWasm } from './against-cpu.js';
import { covers } from './covers.js';
import { expectInBounds } from './guards.js';

covers(tf.DepthwiseConv2dNative, tf.FusedDepthwiseConv2D);

beforeAll(() => enableWasmTraining());

type Images = tf.Tensor4D;
type Pad = 'same' | 'valid' | number | tf.backend_util.ExplicitPadding;

const UNEQUAL: Pad = [
  [0, 0],
  [0, 2],
  [3, 1],
  [0, 0],
];

const imagesAndFilter = (size: [number, number], taps: [number, number], channels: number) => ({
  x: normal('x', [2, ...size, channels]) as Images,
  filter: normal('filter', [...taps, channels, 1]) as Images,
});

const strides: (number | [number, number])[] = [1, 2, 3, [1, 2], [2, 1]];

// Whole vectors of channels, some and none; rows of fewer places than are computed together, as many, and more.
const forms = [1, 3, 4, 6, 8, 13].flatMap((channels) =>
  [1, 2, 3, 5, 9, 14].flatMap((width) =>
    (['same', 'valid', 1, UNEQUAL] as Pad[]).map((pad) => ({ channels, width, pad })),
  ),
);

describe('depthwise convolutions on SIMD', () => {
  test.each([
    [1, 1],
    [2, 2],
    [3, 3],
    [5, 5],
    [3, 5],
    [7, 4],
  ])('as on cpu, %d x %d', async (...taps) => {
    for (const { channels, width, pad } of forms)
      for (const stride of strides) {
        const height = Math.max(6, taps[0]);
        if (pad !== 'same' && width < taps[1]) continue;
        const compute = () => {
          const { x, filter } = imagesAndFilter([height, width], taps, channels);
          return [tf.depthwiseConv2d(x, filter, stride, pad)];
        };
        // tfjs's own is wrong for unequal strides and padding of one's own, and writes outside of what it returns.
        await expectSameOnWasm(JSON.stringify({ channels, width, pad, stride }), compute, ['SIMD']);
      }
  });

  test('fused with a bias and an activation', async () => {
    for (const activation of ['linear', 'relu', 'relu6', 'prelu', 'leakyrelu', 'elu'] as const)
      await expectSameOnWasm(activation, () => {
        const { x, filter } = imagesAndFilter([7, 9], [3, 3], 6);
        const given = { x, filter, strides: 1, pad: 'same', activation } as const;
        const slopes = activation === 'prelu' && {
          preluActivationWeights: normal('slopes', [6]) as tf.Tensor1D,
        };
        const alpha = activation === 'leakyrelu' && { leakyreluAlpha: 0.3 };
        const bias = normal('bias', [6]) as tf.Tensor1D;
        return [
          tf.fused.depthwiseConv2d({ ...given, ...slopes, ...alpha, bias }),
          ...(slopes ? [] : [tf.fused.depthwiseConv2d({ ...given, ...alpha })]),
        ];
      });
  });

  test('dilated, and of several filters a channel', async () => {
    await expectSameOnWasm('left to tfjs', () => {
      const { x, filter } = imagesAndFilter([9, 9], [3, 3], 4);
      const two = normal('two', [3, 3, 4, 2]) as Images;
      return [
        tf.depthwiseConv2d(x, filter, 1, 'same', 'NHWC', 2),
        tf.depthwiseConv2d(x, two, 2, 'same'),
        tf.fused.depthwiseConv2d({ x, filter: two, strides: 1, pad: 'same', activation: 'relu' }),
      ];
    });
  });

  test('nothing is written outside, whatever the channels', async () => {
    await expectInBounds(() =>
      [1, 3, 4, 7].flatMap((channels) => {
        const { x, filter } = imagesAndFilter([6, 11], [3, 3], channels);
        const bias = normal('bias', [channels]) as tf.Tensor1D;
        return [1, 2].map((step) =>
          tf.fused.depthwiseConv2d({ x, filter, bias, strides: step, pad: 'same' }),
        );
      }),
    );
  });

  test('an image alone is computed as among others, to the bit', async () => {
    await tf.setBackend('wasm');
    tf.tidy(() => {
      const { x, filter } = imagesAndFilter([14, 15], [5, 5], 10);
      const all = tf.depthwiseConv2d(x, filter, 1, 'same');
      const alone = tf.depthwiseConv2d(tf.slice(x, 1, 1), filter, 1, 'same');
      expect(alone.dataSync()).toEqual(tf.slice(all, 1, 1).dataSync());
    });
  });

  test('NaN reaches every place whose window holds it, through a limit as well', async () => {
    await tf.setBackend('wasm');
    tf.tidy(() => {
      const size = 8;
      const values = new Float32Array(size * size * 5).fill(-1);
      values[(3 * size + 4) * 5 + 2] = Number.NaN;
      const x = tf.tensor4d(values, [1, size, size, 5]);
      const filter = tf.ones<tf.Rank.R4>([3, 3, 5, 1]);
      const given = { x, filter, strides: 1, pad: 'same' } as const;
      const y = tf.fused.depthwiseConv2d({ ...given, activation: 'relu6' }).dataSync();
      y.forEach((value, i) => {
        const [row, column, channel] = [Math.floor(i / 40), Math.floor(i / 5) % size, i % 5];
        const near = channel === 2 && Math.abs(row - 3) <= 1 && Math.abs(column - 4) <= 1;
        expect(value).toBe(near ? Number.NaN : 0);
      });
    });
  });
});
