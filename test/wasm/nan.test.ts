import { describe } from 'vitest';
import { enableWasmTraining } from '../../src/wasm/index.js';
import { useBackend } from '../support/backends.js';
import { nanCases } from '../support/nan-cases.js';

describe('NaN on wasm with the kernels', () =>
  nanCases(async () => {
    await useBackend('wasm');
    enableWasmTraining();
  }, true));
