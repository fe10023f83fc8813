import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import { beforeAll, describe } from 'vitest';
import { enableWasmTraining } from '../../src/wasm/index.js';
import { bankUpdateCases } from '../core/bank-update-cases.js';
import { rowCollectorCases } from '../core/row-collector-cases.js';
import { covers } from './covers.js';

covers('SaladWriteRows');

beforeAll(() => enableWasmTraining());

describe('the update of a bank where it lies', () => {
  const use = async () => void (await tf.setBackend('wasm'));
  bankUpdateCases(use, true);
  rowCollectorCases(use);
});
