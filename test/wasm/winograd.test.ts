import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import { enableWasmTraining } from '../../src/wasm/index.js';
import { formOf } from '../../src/wasm/simd/winograd.js';
import { useBackend } from '../support/backends.js';
import { normal } from '../support/normal.js';
import { expectSameOnWasm } from './against-cpu.js';
import { expectInBounds } from './guards.js';
import { type Convolution, infoOf, naive } from './naive-convolution.js';

beforeAll(async () => {
  await useBackend('wasm');
  enableWasmTraining();
});

/** The unit of rounding in float32. */
const UNIT = 2 ** -24;

/**
 * Errors of normal values, in units of rounding of the sum of all absolute products: those of Winograd's form are up to 31, at borders,
 * where few products are added. No more than twice that is let through.
 */
const MOST = 62;

// Whole tiles, odd edges, tiles of which one row or column is within; few channels and many; more tiles than a block has.
const forms: Convolution[] = [
  { images: 2, size: [16, 16], channels: [8, 16], stride: 1 },
  { images: 3, size: [13, 18], channels: [12, 8], stride: 1 },
  { images: 5, size: [7, 9], channels: [32, 40], stride: 1 },
  { images: 1, size: [160, 90], channels: [8, 8], stride: 1 },
  { images: 70, size: [6, 6], channels: [64, 8], stride: 1 },
  { images: 2, size: [32, 32], channels: [8, 16], stride: 2 },
  { images: 9, size: [31, 26], channels: [12, 8], stride: 2 },
  { images: 9, size: [15, 16], channels: [16, 24], stride: 2 },
  { images: 1, size: [200, 180], channels: [8, 8], stride: 2 },
];
const label = ({ images, size, channels, stride }: Convolution) =>
  `${images} of ${size.join(' x ')}, ${channels.join(' to ')}, stride ${stride}`;
const named = forms.map((form) => [label(form), form] as const);

const inputs = ({ images, size, channels }: Convolution) => ({
  x: normal('x', [images, ...size, channels[0]]) as tf.Tensor4D,
  filter: normal('filter', [3, 3, ...channels]) as tf.Tensor4D,
});

/** The largest error, in units of rounding of the sum of absolute products. */
function worst(
  values: ArrayLike<number>,
  { sums, sizes }: Pick<ReturnType<typeof naive>, 'sums' | 'sizes'>,
): number {
  return (
    sums.reduce((most, sum, i) => Math.max(most, Math.abs(values[i] - sum) / sizes[i]), 0) / UNIT
  );
}

describe("Winograd's form against sums in float64", () => {
  it.each(named)('%s', (_, form) => {
    const info = infoOf(form);
    expect(formOf(info, info.outHeight, info.outWidth)?.stride).toBe(form.stride);
    const { x, filter } = inputs(form);
    const y = tf.tidy(() => tf.conv2d(x, filter, form.stride, 'same').dataSync());
    expect(worst(y, naive(form, x.dataSync(), filter.dataSync()))).toBeLessThan(MOST);
    tf.dispose([x, filter]);
  });

  it.each(named.filter(([, { stride }]) => stride === 1))('both gradients: %s', (_, form) => {
    const { x, filter } = inputs(form);
    const dy = normal('dy', [form.images, ...form.size, form.channels[1]]);
    const [dx, dFilter] = tf.tidy(() => {
      const weighted = (a: tf.Tensor, b: tf.Tensor) =>
        tf.sum(tf.mul(tf.conv2d(a as tf.Tensor4D, b as tf.Tensor4D, 1, 'same'), dy));
      return tf
        .grads(weighted)([x, filter])
        .map((gradient) => gradient.dataSync());
    });
    const values = [x, filter, dy].map((tensor) => tensor.dataSync()) as Float32Array[];
    const by = naive(form, values[0], values[1], values[2]);
    expect(worst(dx, by.input)).toBeLessThan(MOST);
    expect(worst(dFilter, by.filter)).toBeLessThan(MOST);
    tf.dispose([x, filter, dy]);
  });
});

it('is used where it takes fewer products, whatever the number of images', () => {
  const used = (form: Convolution) => {
    const info = infoOf(form);
    return formOf(info, info.outHeight, info.outWidth) !== undefined;
  };
  const channels = [8, 8] as const;
  for (const images of [1, 16, 64]) {
    expect(used({ images, size: [4, 4], channels, stride: 1 })).toBe(true);
    expect(used({ images, size: [2, 2], channels, stride: 1 })).toBe(false);
    expect(used({ images, size: [16, 16], channels, stride: 2 })).toBe(true);
    expect(used({ images, size: [8, 8], channels, stride: 2 })).toBe(false);
  }
});

it.each([
  [1, 12],
  [2, 24],
] as const)('writes nothing outside, stride %d', async (stride, side) => {
  await expectInBounds(() => {
    const { x, filter } = inputs({ images: 3, size: [side - 1, side], channels: [16, 24], stride });
    const convolve = (a: tf.Tensor, b: tf.Tensor) =>
      tf.sum(tf.square(tf.conv2d(a as tf.Tensor4D, b as tf.Tensor4D, stride, 'same')));
    return tf.grads(convolve)([x, filter]);
  });
});

it.each(['linear', 'relu', 'relu6', 'prelu', 'leakyrelu'] as const)(
  'is finished by a bias and %s',
  async (activation) => {
    for (const stride of [1, 2]) {
      await expectSameOnWasm(`stride ${stride}`, () => {
        const { x, filter } = inputs({ images: 3, size: [17, 18], channels: [8, 16], stride: 1 });
        const slopes = normal('slopes', [16]) as tf.Tensor1D;
        return [
          tf.fused.conv2d({
            ...{ x, filter, strides: stride, pad: 'same', activation },
            bias: normal('bias', [16]) as tf.Tensor1D,
            ...(activation === 'prelu' && { preluActivationWeights: slopes }),
            ...(activation === 'leakyrelu' && { leakyreluAlpha: 0.3 }),
          }),
        ];
      });
    }
  },
);

describe.each([
  [1, 15],
  [2, 31],
] as const)('a value that is not finite, stride %d', (stride, side) => {
  const form: Convolution = { images: 3, size: [side, side], channels: [8, 8], stride };
  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    '%d makes all that sees it so, and nothing of another tile or image',
    (value) => {
      for (const at of [0, 4, 7, side - 1]) {
        const { x, filter } = inputs(form);
        const values = x.dataSync();
        const place = ((side + at) * side + at) * 8 + 3;
        values[place] = value;
        const y = tf.tidy(() => {
          const broken = tf.tensor(values, x.shape) as tf.Tensor4D;
          return tf.conv2d(broken, filter, stride, 'same').dataSync();
        });
        const exact = naive(form, values, filter.dataSync()).sums;
        const out = Math.ceil(side / stride);
        const tile = (i: number) => {
          const place = Math.floor(i / 8);
          const [column, row] = [place % out, Math.floor(place / out) % out];
          return [Math.floor(place / out / out), row >> 2, column >> 2].join();
        };
        const touched = new Set<string>();
        exact.forEach((sum, i) => {
          if (!Number.isFinite(sum)) touched.add(tile(i));
        });
        expect(touched.size).toBeGreaterThan(0);
        exact.forEach((sum, i) => {
          if (!Number.isFinite(sum)) expect(Number.isFinite(y[i])).toBe(false);
          else if (!touched.has(tile(i))) expect(Number.isFinite(y[i])).toBe(true);
        });
        tf.dispose([x, filter]);
      }
    },
  );
});
