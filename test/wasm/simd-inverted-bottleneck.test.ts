import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Bottleneck, invertedBottleneck } from '../../src/operations/bottleneck.js';
import { enableWasmTraining } from '../../src/wasm/index.js';
import { normal } from '../support/normal.js';
import { expectSameOnWasm } from './against-cpu.js';
import { covers } from './covers.js';
import { expectInBounds } from './guards.js';

covers('SaladInvertedBottleneck');

beforeAll(() => enableWasmTraining());

interface Form {
  readonly size: readonly [height: number, width: number];
  readonly taps: number;
  readonly stride: number;
  /** As many inputs as inner channels: no expansion. */
  readonly channels: readonly [inputs: number, inner: number, outputs: number];
}

/** Weights of [taps, taps, inputs, outputs]; `depthwise` ones have a bias for each input. */
const weights = (name: string, shape: [number, number, number, number], depthwise = false) => ({
  filter: normal(name, shape) as tf.Tensor4D,
  bias: normal(`${name} bias`, [shape[depthwise ? 2 : 3]]) as tf.Tensor1D,
});

function mapsAndBlock({ size, taps, stride, channels: [inputs, inner, outputs] }: Form) {
  const block: Bottleneck = {
    ...(inputs !== inner && { expand: weights('expand', [1, 1, inputs, inner]) }),
    spatial: weights('spatial', [taps, taps, inner, 1], true),
    project: weights('project', [1, 1, inner, outputs]),
    stride,
  };
  return { x: normal('x', [2, ...size, inputs]) as tf.Tensor4D, block };
}

const few = [
  [3, 8, 8],
  [5, 16, 24],
  [16, 16, 8],
] as const;
const forms = few.flatMap((channels) =>
  [3, 5].flatMap((taps) =>
    [1, 2].flatMap(
      (stride) =>
      ([[1, 1], [2, 7], [9, 6]] as const).map((size) => ({ size, taps, stride, channels })), // biome-ignore format: one line
    ),
  ),
);

/** Maps whose expansion takes several bands. */
const large: Form[] = [3, 5].flatMap((taps) =>
  [1, 2].map((stride) => ({ size: [41, 23], taps, stride, channels: [8, 640, 8] })),
);

const oneAfterTheOther = (x: tf.Tensor4D, { expand, spatial, project, stride }: Bottleneck) => {
  const given = { strides: 1, pad: 'same', activation: 'relu6' } as const;
  const wide = expand ? tf.fused.conv2d({ x, ...expand, ...given }) : x;
  const seen = tf.fused.depthwiseConv2d({ x: wide, ...spatial, ...given, strides: stride });
  return tf.fused.conv2d({ x: seen, ...project, ...given, activation: 'linear' });
};

describe('inverted bottlenecks on SIMD', () => {
  test('as on cpu', async () => {
    for (const form of [...forms, large[0], large[3]])
      await expectSameOnWasm(JSON.stringify(form), () => {
        const { x, block } = mapsAndBlock(form);
        return [invertedBottleneck(x, block)];
      });
  });

  test('panels that are not full are left to the three convolutions', async () => {
    for (const channels of [[3, 12, 8], [3, 8, 12]] as const) // biome-ignore format: one line
      await expectSameOnWasm(JSON.stringify(channels), () => {
        const { x, block } = mapsAndBlock({ size: [6, 6], taps: 3, stride: 1, channels });
        return [invertedBottleneck(x, block)];
      });
  });

  test('in bands as by one convolution after the other, to the bit', async () => {
    await tf.setBackend('wasm');
    for (const form of large)
      tf.tidy(() => {
        const { x, block } = mapsAndBlock(form);
        const expected = oneAfterTheOther(x, block).dataSync();
        expect(invertedBottleneck(x, block).dataSync()).toEqual(expected);
      });
  });

  test('the gradient by the maps', async () => {
    await expectSameOnWasm('gradient', () => {
      const { x, block } = mapsAndBlock({ size: [7, 6], taps: 3, stride: 2, channels: [4, 8, 8] });
      const loss = (x: tf.Tensor) => tf.sum(tf.square(invertedBottleneck(x as tf.Tensor4D, block)));
      return [tf.grad(loss)(x)];
    });
  });

  test('nothing is written outside', async () => {
    for (const form of [forms[5], large[1], large[2]])
      await expectInBounds(() => {
        const { x, block } = mapsAndBlock(form);
        return [invertedBottleneck(x, block)];
      });
  });

  test('NaN reaches every place that sees it, and no other', async () => {
    await tf.setBackend('wasm');
    tf.tidy(() => {
      const { x, block } = mapsAndBlock({ size: [8, 8], taps: 3, stride: 1, channels: [4, 8, 8] });
      const values = x.dataSync().slice();
      values[(3 * 8 + 4) * 4 + 1] = Number.NaN;
      const y = invertedBottleneck(tf.tensor4d(values, [2, 8, 8, 4]), block).dataSync();
      y.forEach((value, i) => {
        const [image, row, column] = [i >> 9, (i >> 6) & 7, (i >> 3) & 7];
        const near = image === 0 && Math.abs(row - 3) <= 1 && Math.abs(column - 4) <= 1;
        expect(Number.isNaN(value)).toBe(near);
      });
    });
  });
});
