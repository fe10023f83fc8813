import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { enableNativeKernels } from '../../src/tensorflow/index.js';
import { scanCases } from '../core/scan-cases.js';
import { describeTensorFlow } from './against-cpu.js';

describeTensorFlow('the scan of the bank by TensorFlow', () => {
  beforeAll(() => enableNativeKernels());
  const use = async () => void (await tf.setBackend('tensorflow'));
  scanCases(use);

  test('it is a kernel of its own', async () => {
    await use();
    expect(tf.getKernel('SaladBankScan', tf.getBackend())).toBeDefined();
  });
});
