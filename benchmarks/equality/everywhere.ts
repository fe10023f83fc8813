/**
 * One model everywhere: what each runtime makes of the same 200 films, against wasm in Node.
 *
 *   npx tsx benchmarks/equality/everywhere.ts
 *       --sizes 64,256              of the models, px
 *       --fresh                     learns the models anew instead of taking those of the run before
 *       --out file.md               default results.md beside this script
 *
 * SALAD_AD_PYTHON names a Python with the packages of examples/python/requirements.txt; `npm install --no-save onnxruntime-web` gives the
 * runtime of pages; EQUALITY_MINUTES (default 10) is the longest that one page may take. What a machine lacks is a row that says so. Exit code 1 where a row of float32 misses what docs/onnx.md promises.
 * Research software, not a medical device.
 */
import { rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import { enableWasmTraining } from 'salad-ad/wasm';
import { fileRows } from './from-files.js';
import { keptModel } from './kept-model.js';
import { report, type SizeReport } from './report.js';
import { runtimeRows } from './runtime-rows.js';

const { values: flags } = parseArgs({
  options: {
    sizes: { type: 'string', default: '64,256' },
    fresh: { type: 'boolean', default: false },
    out: { type: 'string', default: fileURLToPath(new URL('results.md', import.meta.url)) },
  },
});
const root = fileURLToPath(new URL('../../output/everywhere', import.meta.url));
if (flags.fresh) await rm(root, { recursive: true, force: true });
enableWasmTraining();
await tf.setBackend('wasm');

const sizes: SizeReport[] = [];
for (const size of flags.sizes.split(',').map(Number)) {
  const kept = await keptModel(size, root);
  sizes.push({ kept, ...(await runtimeRows(kept)), files: await fileRows(kept) });
  kept.model.dispose();
}
const { text, missed } = report(sizes);
await writeFile(flags.out, text);
console.log(`${text}\nwrote ${flags.out}`);
process.exit(missed.length > 0 ? 1 : 0);
