/**
 * What re-encoding the training films after training is worth: validation AUC with the bank as the steps
 * left it (the paper's) and with the refreshed one, weights of the last epoch, three seeds.
 *
 *   npx tsx benchmarks/quality/running-bank.ts
 */
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { anomalyScore, type MemoryBank, type SaladModel } from 'salad-ad';
import { areaUnderRoc } from 'salad-ad/metrics';
import { enableWasmTraining } from 'salad-ad/wasm';
import { type LabelledSource, loadChestXrays } from '../../examples/chest-xray/data.js';
import { chestModel } from '../../examples/chest-xray/model.js';
import { spread } from './spread.js';

const RATIOS = [0, 0.05];
const SEEDS = [1, 2, 3];

await tf.setBackend('wasm');
enableWasmTraining();

const lines = [
  '# Running and refreshed bank',
  '',
  'Validation AUC, weights of the last epoch, default settings, 32 px, seeds ' +
    `${SEEDS.join(', ')}; made by \`npx tsx benchmarks/quality/running-bank.ts\`.`,
  '',
  '| known anomalies | score | running bank | refreshed bank |',
  '|---|---|---|---|',
];
for (const anomalyRatio of RATIOS) {
  const areas = {
    angular: { running: [], refreshed: [] },
    relative: { running: [], refreshed: [] },
  } as Record<'angular' | 'relative', { running: number[]; refreshed: number[] }>;
  for (const seed of SEEDS) {
    const { train, validation } = await loadChestXrays({ anomalyRatio, seed });
    const model = chestModel({ size: 32, seed, keep: 'last' });
    await model.fit(train);
    for (const method of ['angular', 'relative'] as const) {
      const { running, refreshed } = areas[method];
      if (model.runningBank)
        running.push(await aucWith(model, model.runningBank, validation, method));
      refreshed.push(await aucWith(model, model.bank, validation, method));
    }
    model.dispose();
  }
  for (const [method, { running, refreshed }] of Object.entries(areas)) {
    lines.push(
      `| ${anomalyRatio * 100}% | ${method} | ${spread(running)} | ${spread(refreshed)} |`,
    );
  }
}
await writeFile(
  fileURLToPath(new URL('running-bank.md', import.meta.url)),
  `${lines.join('\n')}\n`,
);
console.log(lines.join('\n'));

async function aucWith(
  model: SaladModel,
  bank: MemoryBank,
  films: LabelledSource,
  method: 'angular' | 'relative',
): Promise<number> {
  const embeddings = await model.embed(films);
  const { scoreNeighbors } = model.settings;
  const { scores } = anomalyScore(embeddings, bank, {
    method,
    scoreNeighbors,
    discard: model.discard,
  });
  const values = await scores.data();
  tf.dispose([embeddings, scores]);
  return areaUnderRoc(values, films.labels);
}
