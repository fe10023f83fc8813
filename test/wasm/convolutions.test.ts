import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { enableWasmTraining } from '../../src/wasm/index.js';
import { normal } from '../support/normal.js';
import { expectSameOnWasm } from './against-cpu.js';
import { covers } from './covers.js';

covers(
  tf.Conv2D,
  tf.FusedConv2D,
  tf.Conv2DBackpropInput,
  tf.Conv2DBackpropFilter,
  tf.DepthwiseConv2dNativeBackpropInput,
  tf.DepthwiseConv2dNativeBackpropFilter,
);

// Before the backend starts, so the stock kernels behind ours are set up with it.
beforeAll(() => enableWasmTraining());

type Case = {
  size: [height: number, width: number];
  filter: [height: number, width: number];
  strides: number | [number, number];
  pad: 'valid' | 'same' | number | tf.backend_util.ExplicitPadding;
  channels: [input: number, output: number];
};

const sizes: Case['size'][] = [
  [5, 5],
  [6, 7],
  [8, 8],
];
const filters: Case['filter'][] = [
  [1, 1],
  [2, 2],
  [3, 3],
  [4, 4],
  [2, 3],
];
const pads: Case['pad'][] = [
  'valid',
  'same',
  1,
  [
    [0, 0],
    [0, 2],
    [1, 0],
    [0, 0],
  ],
];

const grid: Case[] = [
  ...sizes.flatMap((size) =>
    filters.flatMap((filter) =>
      [1, 2, 3].flatMap((strides) =>
        pads.map((pad): Case => ({ size, filter, strides, pad, channels: [2, 3] })),
      ),
    ),
  ),
  // Unequal strides, padding wider than the filter, a filter as large as the image, one pixel.
  { size: [7, 6], filter: [3, 2], strides: [1, 2], pad: 'same', channels: [2, 3] },
  { size: [7, 6], filter: [3, 2], strides: [3, 1], pad: 'valid', channels: [2, 3] },
  { size: [3, 4], filter: [2, 2], strides: 1, pad: 3, channels: [2, 3] },
  { size: [3, 4], filter: [2, 2], strides: 4, pad: 3, channels: [2, 3] },
  { size: [2, 2], filter: [1, 1], strides: 7, pad: 2, channels: [2, 3] },
  // A window that ends within the padding ahead of the image.
  {
    size: [3, 4],
    filter: [2, 3],
    strides: [1, 12],
    pad: [
      [0, 0],
      [0, 0],
      [5, 5],
      [0, 0],
    ],
    channels: [2, 3],
  },
  { size: [5, 4], filter: [5, 4], strides: 1, pad: 'valid', channels: [2, 3] },
  { size: [1, 1], filter: [3, 3], strides: 2, pad: 'same', channels: [2, 3] },
  // Channel counts that decide between one window for all column phases and one for each.
  ...[
    [1, 1],
    [1, 5],
    [4, 2],
    [8, 2],
    [9, 3],
    [16, 2],
  ].flatMap((channels) =>
    [
      [3, 3],
      [4, 4],
      [2, 2],
    ].map(
      (filter): Case => ({
        size: [6, 6],
        filter: filter as Case['filter'],
        strides: 2,
        pad: 'same',
        channels: channels as Case['channels'],
      }),
    ),
  ),
];

const describeCase = (c: Case) => JSON.stringify(c);
const batch = 2;

// Panels of eight output channels: whole, with an edge, nearly empty; windows of whole vectors or not;
// channels enough for Winograd's form.
const channelPairs: Case['channels'][] = [
  [1, 8],
  [1, 20],
  [8, 1],
  [16, 1],
  [12, 2],
  [3, 9],
  [8, 16],
  [16, 24],
  [24, 32],
  [32, 24],
];

describe('conv2d', () => {
  test('forward over channels, strides and dilations', async () => {
    for (const [input, output] of channelPairs) {
      for (const [stride, dilation] of [
        [1, 1],
        [2, 1],
        [3, 1],
        [1, 2],
        [1, 3],
      ]) {
        await expectSameOnWasm(JSON.stringify({ input, output, stride, dilation }), () => {
          const x = normal('x', [batch, 9, 10, input]) as tf.Tensor4D;
          const filter = normal('filter', [3, 3, input, output]) as tf.Tensor4D;
          return [tf.conv2d(x, filter, stride, 'same', 'NHWC', dilation)];
        });
      }
    }
  });

  test('both gradients over channels', async () => {
    for (const [input, output] of channelPairs) {
      for (const stride of [1, 2]) {
        await expectSameOnWasm(JSON.stringify({ input, output, stride }), () => {
          const x = normal('x', [batch, 9, 10, input]) as tf.Tensor4D;
          const filter = normal('filter', [3, 3, input, output]) as tf.Tensor4D;
          const weighted = (a: tf.Tensor, b: tf.Tensor) => {
            const y = tf.conv2d(a as tf.Tensor4D, b as tf.Tensor4D, stride, 'same');
            return tf.sum(tf.mul(y, normal('dy', y.shape))) as tf.Scalar;
          };
          return tf.grads(weighted)([x, filter]);
        });
      }
    }
  });

  test('more images than are framed at a time', async () => {
    await expectSameOnWasm('3 images of 0.4 MB', () => {
      const x = normal('x', [3, 80, 80, 16]) as tf.Tensor4D;
      const filter = normal('filter', [3, 3, 16, 2]) as tf.Tensor4D;
      const weighted = (a: tf.Tensor, b: tf.Tensor) =>
        tf.mean(tf.square(tf.conv2d(a as tf.Tensor4D, b as tf.Tensor4D, 1, 'same'))) as tf.Scalar;
      return [tf.conv2d(x, filter, 1, 'same'), ...tf.grads(weighted)([x, filter])];
    });
  });

  test('fused with a bias and an activation', async () => {
    for (const activation of ['linear', 'relu', 'relu6', 'prelu', 'leakyrelu', 'elu'] as const) {
      await expectSameOnWasm(activation, () => {
        const x = normal('x', [batch, 6, 7, 3]) as tf.Tensor4D;
        const filter = normal('filter', [3, 3, 3, 5]) as tf.Tensor4D;
        const preluActivationWeights =
          activation === 'prelu' ? tf.tensor1d([0, 0.1, 0.5, 1, -1]) : undefined;
        const options = { x, filter, strides: 1, pad: 'same', activation } as const;
        const alpha = activation === 'leakyrelu' ? { leakyreluAlpha: 0.3 } : {};
        const bias = normal('bias', [5]) as tf.Tensor1D;
        return [
          tf.fused.conv2d({ ...options, ...alpha, preluActivationWeights, bias }),
          ...(activation === 'prelu' ? [] : [tf.fused.conv2d({ ...options, ...alpha })]),
        ];
      });
    }
  });

  test(`both gradients over ${grid.length} forms`, async () => {
    for (const c of grid) {
      await expectSameOnWasm(describeCase(c), () => {
        const x = normal('x', [batch, ...c.size, c.channels[0]]) as tf.Tensor4D;
        const filter = normal('filter', [...c.filter, ...c.channels]) as tf.Tensor4D;
        const weighted = (a: tf.Tensor, b: tf.Tensor) => {
          const y = tf.conv2d(a as tf.Tensor4D, b as tf.Tensor4D, c.strides, c.pad);
          return tf.sum(tf.mul(y, normal('dy', y.shape))) as tf.Scalar;
        };
        return tf.grads(weighted)([x, filter]);
      });
    }
  });

  test('of no images the gradient by the filter is zero', async () => {
    await tf.setBackend('wasm');
    for (const [inputs, outputs] of [
      [2, 3],
      [32, 32],
    ]) {
      const gradient = tf.tidy(() => {
        const x = tf.zeros<tf.Rank.R4>([0, 4, 4, inputs]);
        const filter = normal('filter', [3, 3, inputs, outputs]) as tf.Tensor4D;
        return tf
          .grad((w: tf.Tensor) => tf.sum(tf.conv2d(x, w as tf.Tensor4D, 1, 'same')))(filter)
          .dataSync();
      });
      expect(gradient.every((value) => value === 0)).toBe(true);
    }
  });

  test('an unbatched image and a rounding mode', async () => {
    await expectSameOnWasm('rank 3', () => {
      const x = normal('x', [5, 5, 2]) as tf.Tensor3D;
      const filter = normal('filter', [3, 3, 2, 2]) as tf.Tensor4D;
      return tf.grads((a, b) =>
        tf.sum(tf.square(tf.conv2d(a as tf.Tensor3D, b as tf.Tensor4D, 2, 1))),
      )([x, filter]);
    });
    await expectSameOnWasm('ceil', () => {
      const dy = normal('dy', [2, 3, 3, 2]) as tf.Tensor4D;
      const filter = normal('filter', [2, 2, 3, 2]) as tf.Tensor4D;
      return [tf.conv2dTranspose(dy, filter, [2, 5, 5, 3], 2, 1, 'ceil')];
    });
  });

  test('channels first stay with the stock kernel', async () => {
    await expectSameOnWasm('NCHW', () => {
      const attrs = { strides: 2, pad: 'same', dataFormat: 'NCHW', inputShape: [2, 3, 5, 5] };
      const dy = normal('dy', [2, 4, 3, 3]);
      const filter = normal('filter', [3, 3, 3, 4]);
      return [tf.engine().runKernel(tf.Conv2DBackpropInput, { dy, filter }, attrs) as tf.Tensor];
    });
  });

  test('channels first are refused where nothing computes them', async () => {
    await tf.setBackend('wasm');
    const attrs = { strides: 2, pad: 'same', dataFormat: 'NCHW', filterShape: [3, 3, 3, 4] };
    expect(() =>
      tf.tidy(() => {
        const x = tf.ones([2, 3, 5, 5]);
        const dy = tf.ones([2, 4, 3, 3]);
        return tf.engine().runKernel(tf.Conv2DBackpropFilter, { x, dy }, attrs) as tf.Tensor;
      }),
    ).toThrowError(/NCHW.*\[INVALID_OPTION\]/);
  });
});

describe('conv2dTranspose', () => {
  test('forward and both gradients, output sizes that a stride does not divide', async () => {
    for (const filterSize of [1, 2, 3, 4, 5]) {
      for (const stride of [1, 2, 3]) {
        // The composed gradient by the input is a stock convolution; with 'same' padding and gaps between
        // its windows that one is wrong on wasm.
        if (filterSize > 1 && filterSize < stride) continue;
        for (const height of [7, 8, 9]) {
          const output: [number, number, number, number] = [batch, height, 8, 3];
          const rows = Math.ceil(height / stride);
          const columns = Math.ceil(8 / stride);
          await expectSameOnWasm(JSON.stringify({ filterSize, stride, height }), () => {
            const dy = normal('dy', [batch, rows, columns, 2]) as tf.Tensor4D;
            const filter = normal('filter', [filterSize, filterSize, 3, 2]) as tf.Tensor4D;
            const up = (a: tf.Tensor, b: tf.Tensor) =>
              tf.conv2dTranspose(a as tf.Tensor4D, b as tf.Tensor4D, output, stride, 'same');
            const weights = normal('weights', output);
            const gradients = tf.grads((a, b) => tf.sum(tf.mul(up(a, b), weights)))([dy, filter]);
            return [up(dy, filter), ...gradients];
          });
        }
      }
    }
  });
});

test('conv2dTranspose with gaps between its windows', async () => {
  await expectSameOnWasm('filter 2, stride 3', () => {
    const dy = normal('dy', [2, 3, 3, 2]) as tf.Tensor4D;
    const filter = normal('filter', [2, 2, 3, 2]) as tf.Tensor4D;
    return [tf.conv2dTranspose(dy, filter, [2, 9, 8, 3], 3, 'same')];
  });
});

describe('depthwiseConv2d', () => {
  test('both gradients over strides, pads, sizes and multipliers', async () => {
    for (const multiplier of [1, 2]) {
      for (const c of grid.filter(({ channels }) => channels[0] === 2 && channels[1] === 3)) {
        await expectSameOnWasm(describeCase(c), () => {
          const x = normal('x', [batch, ...c.size, 3]) as tf.Tensor4D;
          const filter = normal('filter', [...c.filter, 3, multiplier]) as tf.Tensor4D;
          const weighted = (a: tf.Tensor, b: tf.Tensor) => {
            const y = tf.depthwiseConv2d(a as tf.Tensor4D, b as tf.Tensor4D, c.strides, c.pad);
            return tf.sum(tf.mul(y, normal('dy', y.shape))) as tf.Scalar;
          };
          return tf.grads(weighted)([x, filter]);
        });
      }
    }
  });
});
