import { beforeAll, test } from 'vitest';
import { enableNativeKernels } from '../../src/tensorflow/index.js';
import { lossAndGradient } from '../core/loss-and-gradient.js';
import { describeTensorFlow, expectAsOnCpu } from './against-cpu.js';

describeTensorFlow('the softmax over the bank by TensorFlow', () => {
  beforeAll(() => enableNativeKernels());

  test.each<[batch: number, size: number, dim: number, temperature: number]>([
    [1, 1, 1, 0.5],
    [3, 2, 3, 0.1],
    [4, 63, 8, 0.1],
    [8, 64, 9, 1],
    [9, 65, 13, 0.1],
    [16, 200, 24, 0.05],
    [3, 40, 6, 0.025],
    // Blocks of 1024 rows, of which the last has 5.
    [1024, 2053, 6, 0.1],
  ])('%d samples, %d rows of %d, temperature %d', async (...problem) => {
    await expectAsOnCpu(['SaladBankSoftmax'], () => lossAndGradient(...problem), 3e-5);
  });

  test('very small temperatures are left to portable operations, which look for the largest logit', async () => {
    for (const temperature of [0.0249, 0.01])
      await expectAsOnCpu([], () => lossAndGradient(5, 40, 6, temperature), 1e-4);
  });
});
