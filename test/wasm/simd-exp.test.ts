import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { enableWasmTraining } from '../../src/wasm/index.js';
import { normal } from '../support/normal.js';
import { expectSameOnWasm } from './against-cpu.js';
import { covers } from './covers.js';
import { expectInBounds } from './guards.js';

covers(tf.Exp);

beforeAll(() => enableWasmTraining());

/** e^x on wasm, of float32 values. */
async function exp(values: ArrayLike<number>): Promise<Float32Array> {
  await tf.setBackend('wasm');
  return tf.tidy(() => tf.exp(tf.tensor1d(Float32Array.from(values))).dataSync<'float32'>());
}

/** Distance of a float32 from its next, at an exact value; that of subnormal numbers below 2^-126. */
const unit = (exact: number) => 2 ** (Math.max(-126, Math.floor(Math.log2(exact))) - 23);

describe('exp', () => {
  test('within about one unit in the last place, subnormal results too', async () => {
    const x = Float32Array.from({ length: 200_000 }, (_, i) => -103 + (i * 191.7) / 200_000);
    const y = await exp(x);
    let worst = 0;
    y.forEach((value, i) => {
      const exact = Math.exp(x[i]);
      const error = Math.abs(value - exact) / unit(exact);
      if (!(error <= worst)) worst = error;
    });
    expect(worst).toBeLessThan(1.05);
  });

  test('zero, infinities, NaN, and what leaves float32', async () => {
    const { NaN: none, POSITIVE_INFINITY: most, NEGATIVE_INFINITY: least } = Number;
    const y = await exp([0, -0, none, most, least, 88.73, 1e30, -104, -1e30]);
    expect([...y]).toEqual([1, 1, none, most, 0, most, most, 0, 0]);
  });

  test.each([1, 3, 4, 5, 18])('%d values, and the gradient', async (count) => {
    const both = () => {
      const x = normal('x', [count]);
      return [tf.exp(x), tf.grad((t: tf.Tensor) => tf.exp(t))(x)];
    };
    await expectSameOnWasm(`${count} values`, both);
    await expectInBounds(both);
  });

  test('whole numbers stay with the stock kernel', async () => {
    await expectSameOnWasm('int32', () => [tf.exp(tf.tensor1d([0, 1, 2], 'int32'))]);
  });
});
