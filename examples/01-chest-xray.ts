/**
 * SALAD on real paediatric chest X-rays: learn the normal ones, score a test set, see why.
 *
 *   npm run chest-xray                                 32 px, normals only, a few minutes on 2 cores
 *   npm run chest-xray -- --size 64                    at 64 px
 *   npm run chest-xray -- --anomaly-ratio 0.05         with a few known anomalies in training
 *   npm run chest-xray -- --full                       the table of ablations, three seeds each
 *
 * Writes the model and report.html to output/chest-xray. Research software, not a medical device.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { detectBackend } from 'salad-ad/backend';
import { fileSystem } from 'salad-ad/node';
import { renderReport } from 'salad-ad/report';
import { enableNativeKernels } from 'salad-ad/tensorflow';
import { enableWasmTraining } from 'salad-ad/wasm';
import { scoreBaselines } from './chest-xray/baselines.js';
import { loadChestXrays } from './chest-xray/data.js';
import { evaluate } from './chest-xray/evaluate.js';
import { runFullTable } from './chest-xray/full-table.js';
import { chestModel } from './chest-xray/model.js';
import { printParts, printResults } from './chest-xray/print.js';
import { quartersOf } from './chest-xray/quarters.js';
import { reportInput } from './chest-xray/report.js';

const { values: flags } = parseArgs({
  options: {
    size: { type: 'string', default: '32' },
    seed: { type: 'string', default: '1' },
    'anomaly-ratio': { type: 'string', default: '0' },
    out: { type: 'string', default: 'output/chest-xray' },
    quick: { type: 'boolean', default: false },
    full: { type: 'boolean', default: false },
  },
});
const size = Number(flags.size);
const seed = Number(flags.seed);
const anomalyRatio = Number(flags['anomaly-ratio']);

// 1. You say which backends there may be: tfjs-node where it is installed, else wasm. Each is given the
// kernels that let it train, or train faster. TensorFlow reads the variable when it is loaded.
process.env.TF_ENABLE_ONEDNN_OPTS ??= '1';
await detectBackend({
  tensorflow: () => import('@tensorflow/tfjs-node').then(enableNativeKernels),
  wasm: () => import('@tensorflow/tfjs-backend-wasm').then(() => enableWasmTraining()),
});

if (flags.full) {
  await runFullTable({ size, out: join(flags.out, 'full'), quick: flags.quick });
  process.exit(0);
}

// 2. Images. Training sees normal films, and the known anomalies that were asked for.
const data = await loadChestXrays({ anomalyRatio, seed });
const { train, validation, test } = data;
printParts({ train, validation, test });

// 3. The model learns. --quick only tries whether all of this works.
const quick = { pretrainEpochs: 1, rounds: 1, epochsPerRound: 1 };
const model = chestModel({ size, seed, ...(flags.quick && quick) });
await model.fit(train, { validation, verbose: true });
// What was learnt is kept before anything else can fail.
await mkdir(flags.out, { recursive: true });
await model.save(fileSystem(join(flags.out, 'model')));

// 4. Scores of films it has never seen, beside what needs no learning at all.
const result = await model.score(test);
const quarters = await quartersOf(test, size);
const scored = evaluate(result.scores, test.labels, quarters);
const baselines = await scoreBaselines(data, { size, seed, quarters });
const { decisionThreshold: threshold, scores } = result;
printResults({ rows: [{ name: 'SALAD', ...scored }, ...baselines], test, scores, threshold });

// 5. A page to look at.
const command = ['npm run chest-xray --', ...process.argv.slice(2)].join(' ');
const page = await renderReport(
  await reportInput({ model, data, result, scored, baselines, command }),
);
await writeFile(join(flags.out, 'report.html'), page);
console.log(`\nwrote ${join(flags.out, 'model')} and ${join(flags.out, 'report.html')}`);
model.dispose();
