import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { enableWasmTraining } from '../../src/wasm/index.js';
import { neighborCases } from '../core/neighbor-cases.js';
import { useBackend } from '../support/backends.js';
import { covers } from './covers.js';

covers('SaladBankNeighbors');

describe('neighbourhoods on SIMD', () => {
  beforeAll(async () => {
    await useBackend('wasm');
    enableWasmTraining();
  });
  neighborCases(() => useBackend('wasm'));

  test('it is a kernel of its own', () => {
    expect(tf.getKernel('SaladBankNeighbors', tf.getBackend())).toBeDefined();
  });
});
