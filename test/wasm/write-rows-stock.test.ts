import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import { expect, it } from 'vitest';
import { writeRows } from '../../src/operations/write-rows.js';
import { writeRowsKernel } from '../../src/wasm/kernels/write-rows.js';
import { expectNoLeak } from '../support/backends.js';

it("tfjs's own products, which keep their second factor packed, see rows that were written", async () => {
  await tf.setBackend('wasm');
  tf.registerKernel({ ...writeRowsKernel, backendName: 'wasm' });
  await expectNoLeak(async () => {
    const rows = tf.ones<tf.Rank.R2>([8, 4]);
    const queries = tf.ones<tf.Rank.R2>([2, 8]);
    const product = async () => {
      const result = tf.matMul(queries, rows);
      const values = [...(await result.data())];
      result.dispose();
      return values;
    };
    expect(await product()).toEqual([8, 8, 8, 8, 8, 8, 8, 8]);
    const values = tf.fill<tf.Rank.R2>([2, 4], 3);
    expect(writeRows(rows, Int32Array.of(1, 6), values)).toBe(rows);
    expect(await product()).toEqual([12, 12, 12, 12, 12, 12, 12, 12]);
    expect([...(await rows.data())].slice(4, 8)).toEqual([3, 3, 3, 3]);
    tf.dispose([rows, queries, values]);
  });
});
