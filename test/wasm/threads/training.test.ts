import { afterAll, beforeAll, expect, test } from 'vitest';
import { convAutoencoder } from '../../../src/index.js';
import { enableWasmTraining } from '../../../src/wasm/index.js';
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

/** All that training and scoring give: losses, weights, the bank, scores. */
async function trained(threads: number) {
  enableWasmTraining({ threads });
  const backbone = convAutoencoder({
    ...{ inputShape: [SIDE, SIDE, 1], channels: [16, 32], embeddingSize: 8, seed: 3 },
    ...{ convsPerLevel: 2, upsampling: 'bilinear' },
  });
  const model = tinyModel({ backbone, score: 'both', cells: { grid: [2, 2], coreset: 0.5 } });
  const losses: unknown[] = [];
  await model.fit(normals(12), {
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
  const one = await trained(1);
  expect(cut.count).toBe(0);
  expect(await trained(2)).toEqual(one);
  expect(cut.count).toBeGreaterThan(0);
  expect(await trained(8)).toEqual(one);
});
