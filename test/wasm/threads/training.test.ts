import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { convAutoencoder, type SaladOptions } from '../../../src/index.js';
import { enableWasmTraining } from '../../../src/wasm/index.js';
import type { Simd } from '../../../src/wasm/simd/simd.js';
import { simdOf } from '../../../src/wasm/simd/simd-of.js';
import { memoryFile, mixed, normals, SIDE, tinyModel } from '../../model/tiny.js';
import { cutSmallWork } from './cut-small-work.js';
import { removeWasm, useThreadedWasm } from './threaded.js';

let cut: ReturnType<typeof cutSmallWork>;
beforeAll(async () => {
  await useThreadedWasm(1);
  cut = cutSmallWork();
});
afterAll(() => {
  cut.restore();
  removeWasm();
});

/** All that training with so many normals and scoring give: losses, weights, the bank, scores. */
async function trained(threads: number, count: number, options: Partial<SaladOptions> = {}) {
  enableWasmTraining({ threads });
  const backbone = convAutoencoder({
    ...{ inputShape: [SIDE, SIDE, 1], channels: [16, 32], embeddingSize: 8, seed: 3 },
    ...{ convsPerLevel: 2, upsampling: 'bilinear' },
  });
  const model = tinyModel({ backbone, ...options });
  const losses: unknown[] = [];
  await model.fit(normals(count), {
    validation: mixed(4, 4, 5),
    callbacks: { onEpochEnd: (epoch) => void losses.push(JSON.stringify(epoch)) },
  });
  const file = memoryFile();
  await model.save(file);
  const { scores } = await model.score(mixed(7, 6, 9));
  const weights = Buffer.from(file.artifacts?.weightData as ArrayBuffer).toString('base64');
  model.dispose();
  return { losses, weights, scores };
}

test('one seed gives one model and the same scores on 1, 2 and 8 threads', async () => {
  const before = cut.count;
  const run = (threads: number) =>
    trained(threads, 12, { score: 'both', cells: { grid: [2, 2], coreset: 0.5 } });
  const one = await run(1);
  expect(cut.count).toBe(before);
  expect(await run(2)).toEqual(one);
  expect(cut.count).toBeGreaterThan(before);
  expect(await run(8)).toEqual(one);
});

test('likewise with so many rows that their softmax is summed in sets', async () => {
  const run = (threads: number) =>
    trained(threads, 2100, { pretrainEpochs: 0, rounds: 1, batchSize: 700 });
  const simd = simdOf(tf.backend()) as Simd;
  const { functions } = simd;
  const mergeSoftmax = vi.fn(functions.mergeSoftmax);
  Object.assign(simd, { functions: { ...functions, mergeSoftmax } });
  const one = await run(1);
  expect(mergeSoftmax).toHaveBeenCalled();
  expect(await run(2)).toEqual(one);
  expect(await run(8)).toEqual(one);
  Object.assign(simd, { functions });
});
