import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeEach, expect } from 'vitest';
import type { SaladModel } from '../../src/index.js';
import { enableWasmTraining } from '../../src/wasm/index.js';
import { type BackendName, useBackend } from '../support/backends.js';

/** Makes a backend current and able to train. */
export async function trainOn(backend: BackendName): Promise<void> {
  await useBackend(backend);
  if (backend === 'wasm') enableWasmTraining();
}

/**
 * Called once in a test file: every test must leave as many tensors as it found, once the models it
 * held are disposed.
 *
 * @returns hold: takes a model into care and gives it back.
 */
export function heldModels(): (model: SaladModel) => SaladModel {
  const held: SaladModel[] = [];
  let tensors = 0;
  beforeEach(() => {
    tensors = tf.memory().numTensors;
  });
  afterEach(() => {
    for (const model of held.splice(0)) model.dispose();
    expect(tf.memory().numTensors, 'tensors left behind').toBe(tensors);
  });
  return (model) => {
    held.push(model);
    return model;
  };
}
