import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, test } from 'vitest';
import { bankAngles } from '../../src/core/bank-angles.js';
import { enableWasmTraining } from '../../src/wasm/index.js';
import { scanCases } from '../core/scan-cases.js';
import { useBackend } from '../support/backends.js';
import { normal } from '../support/normal.js';
import { covers } from './covers.js';
import { expectInBounds } from './guards.js';

covers('SaladBankScan');

const unit = (name: string, shape: [number, number]) =>
  tf.tidy(() => {
    const rows = normal(name, shape);
    return tf.div(rows, tf.norm(rows, 2, 1, true)) as tf.Tensor2D;
  });

describe('the scan of the bank on SIMD', () => {
  beforeAll(async () => {
    await useBackend('wasm');
    enableWasmTraining();
  });
  scanCases(() => useBackend('wasm'));

  test.each([1, 7, 16])('nothing is written outside, %d queries', async (batch) => {
    await expectInBounds(() => {
      const options = { scoreNeighbors: 9, discard: Array.from({ length: 70 }, (_, i) => i === 3) };
      const { nearest, indices, total } = bankAngles(
        unit('z', [batch, 9]),
        unit('bank', [70, 9]),
        options,
      );
      return [nearest, indices, total];
    });
  });
});
