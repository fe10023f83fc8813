import { beforeAll, describe, test } from 'vitest';
import { enableWasmTraining } from '../../src/wasm/index.js';
import { lossAndGradient } from '../core/loss-and-gradient.js';
import { expectSameOnWasm } from './against-cpu.js';
import { covers } from './covers.js';
import { expectInBounds } from './guards.js';

covers('SaladBankSoftmax');

describe('the softmax over the bank on SIMD', () => {
  beforeAll(() => enableWasmTraining());
  const sizes: [batch: number, size: number, dim: number, temperature: number][] = [
    [1, 1, 1, 0.5],
    [3, 2, 3, 0.1],
    [4, 63, 8, 0.1],
    [8, 64, 9, 1],
    [9, 65, 13, 0.1],
    [16, 200, 24, 0.05],
  ];
  test.each(sizes)('%d samples, %d rows of %d, temperature %d', async (...problem) => {
    await expectSameOnWasm('loss and gradient', () => lossAndGradient(...problem));
  });
  test.each(sizes)('nothing is written outside, %d samples, %d rows of %d', async (...problem) => {
    await expectInBounds(() => lossAndGradient(...problem));
  });
});
