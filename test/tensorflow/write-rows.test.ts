import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { enableNativeKernels } from '../../src/tensorflow/index.js';
import { bankUpdateCases } from '../core/bank-update-cases.js';
import { rowCollectorCases } from '../core/row-collector-cases.js';
import { describeTensorFlow } from './against-cpu.js';

describeTensorFlow('the update of a bank where it lies, by TensorFlow', () => {
  beforeAll(() => enableNativeKernels());
  const use = async () => void (await tf.setBackend('tensorflow'));
  bankUpdateCases(use, true);
  rowCollectorCases(use);

  test('it is a kernel of its own', async () => {
    await use();
    expect(tf.getKernel('SaladWriteRows', tf.getBackend())).toBeDefined();
  });
});
