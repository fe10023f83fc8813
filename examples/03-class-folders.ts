/**
 * From a folder for each class to scores.
 *
 *   npx tsx examples/03-class-folders.ts                   films that this example writes into output/class-folders/films
 *   npx tsx examples/03-class-folders.ts --data films      your own: films/train/normal, films/val/..., films/test/...
 *   npx tsx examples/03-class-folders.ts --size 128 --seed 2
 *
 * Writes the model to output/class-folders. Research software, not a medical device.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { SaladModel } from 'salad-ad';
import { detectBackend } from 'salad-ad/backend';
import { normalsOf } from 'salad-ad/data';
import { fileSystem, folderSource } from 'salad-ad/node';
import { enableNativeKernels } from 'salad-ad/tensorflow';
import { enableWasmTraining } from 'salad-ad/wasm';
import { labelled } from './chest-xray/data.js';
import { evaluate } from './chest-xray/evaluate.js';
import { printResults } from './chest-xray/print.js';
import { writeFilms } from './support/write-films.js';

const { values: flags } = parseArgs({
  options: {
    data: { type: 'string' },
    size: { type: 'string', default: '32' },
    seed: { type: 'string', default: '1' },
    out: { type: 'string', default: 'output/class-folders' },
    quick: { type: 'boolean', default: false },
  },
});
const [side, seed] = [Number(flags.size), Number(flags.seed)];
const folder = flags.data ?? (await writeFilms(join(flags.out, 'films')));

process.env.TF_ENABLE_ONEDNN_OPTS ??= '1';
await detectBackend({
  tensorflow: () => import('@tensorflow/tfjs-node').then(enableNativeKernels),
  wasm: () => import('@tensorflow/tfjs-backend-wasm').then(() => enableWasmTraining()),
});

// 1. Read what was understood of each part before you train: classes, folders, sizes, and what is doubtful.
const part = async (name: 'train' | 'validation' | 'test') => {
  const films = await folderSource(folder, { part: name, size: [side, side] });
  console.log(films.summary.toText());
  return labelled(films);
};
const [train, validation, test] = [
  await part('train'),
  await part('validation'),
  await part('test'),
];

// 2. Learn from the normal films of the train part; validation sets the threshold.
const model = SaladModel.create({
  backbone: { kind: 'convAutoencoder', inputShape: [side, side, 1] },
  seed,
  ...(flags.quick && { pretrainEpochs: 1, rounds: 1, epochsPerRound: 1 }),
});
await model.fit(normalsOf(train), {
  validation,
  verbose: true, // prints epochs, warnings and the threshold
});
await model.save(fileSystem(join(flags.out, 'model')));

// 3. Scores of the test part.
const { scores, decisionThreshold: threshold } = await model.score(test);
printResults({
  rows: [{ name: 'SALAD', ...evaluate(scores, test.labels) }],
  test,
  scores,
  threshold,
});
console.log(`\nwrote ${join(flags.out, 'model')}`);
model.dispose();
