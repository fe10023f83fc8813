/** One training run in a process of its own: `run-one.ts '<plan as JSON>'`; sends its record to the parent. */
import '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import type { ScoreResult } from 'salad-ad';
import { enableWasmTraining } from 'salad-ad/wasm';
import { loadChestXrays } from './data.js';
import { chestModel } from './model.js';
import { inForce, type RunPlan, type RunRecord, type SplitScores } from './runs.js';

const plan = JSON.parse(process.argv[2]) as RunPlan;
const { settings, anomalyRatio, seed, size, scoreTest } = plan;

await tf.setBackend('wasm');
enableWasmTraining();
const { train, validation, test } = await loadChestXrays({ anomalyRatio, seed });
const started = performance.now();
const model = chestModel({ size, seed, ...settings });
const { best, epochs } = await model.fit(train, { validation });
const record: RunRecord = {
  ...plan,
  inForce: inForce(plan),
  bestEpoch: best?.epoch ?? Number.NaN,
  validationAuc: best?.validationAuc ?? Number.NaN,
  history: epochs,
  validation: splitScores(await model.score(validation)),
  ...(scoreTest && { test: splitScores(await model.score(test)) }),
  seconds: (performance.now() - started) / 1000,
};
process.send?.(record, () => process.disconnect());

function splitScores({ angular, relative }: ScoreResult): SplitScores {
  return { angular: Array.from(angular), relative: Array.from(relative) };
}
