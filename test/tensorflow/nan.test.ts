import * as tf from '@tensorflow/tfjs-core';
import { describe } from 'vitest';
import { enableNativeKernels } from '../../src/tensorflow/index.js';
import { nanCases } from '../support/nan-cases.js';
import { describeTensorFlow } from './against-cpu.js';

const use = async () => void (await tf.setBackend('tensorflow'));

// In this order: kernels stay.
describeTensorFlow('NaN on tensorflow', () => {
  describe('without kernels', () => nanCases(use, true));
  describe('with them', () =>
    nanCases(async () => {
      enableNativeKernels();
      await use();
    }, true));
});
