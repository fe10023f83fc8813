// Loads a model in a process of its own and prints what it makes of images:
// node --import tsx score-in-a-process.ts <folder> <cpu | wasm | none>
import * as tf from '@tensorflow/tfjs-core';
import { SaladModel } from '../../src/index.js';
import { fileSystem } from '../../src/node/index.js';
import { mixed, tinyModel } from './tiny.js';

const [folder, backend] = process.argv.slice(2);
if (backend === 'cpu') await import('@tensorflow/tfjs-backend-cpu');
if (backend === 'wasm') await import('@tensorflow/tfjs-backend-wasm');
if (backend !== 'none') await tf.setBackend(backend);

const attempts: Record<string, () => Promise<unknown>> = {
  score: async () => {
    const model = await SaladModel.load(fileSystem(folder));
    return Array.from((await model.score(mixed(3, 3, 7))).scores);
  },
  fit: async () => (await tinyModel().fit(mixed(4, 0))).epochs.length,
};
const answers: Record<string, unknown> = {};
for (const [name, attempt] of Object.entries(attempts))
  answers[name] = await attempt().catch((error) => error.message);
console.log(`ANSWERS ${JSON.stringify(answers)}`);
