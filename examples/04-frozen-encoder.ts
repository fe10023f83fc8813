/**
 * A pretrained encoder that stays as it is: no training, only banks of normal films.
 *
 *   npx tsx examples/04-frozen-encoder.ts                     200 chest films of this repository at 128 px
 *   npx tsx examples/04-frozen-encoder.ts --size 224 --films 800
 *
 * Writes the model to output/frozen-encoder. Research software, not a medical device.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { SaladModel } from 'salad-ad';
import { detectBackend } from 'salad-ad/backend';
import { normalsOf, subset } from 'salad-ad/data';
import { efficientNetLite0 } from 'salad-ad/encoders';
import { areaUnderRoc } from 'salad-ad/metrics';
import { fileSystem } from 'salad-ad/node';
import { enableNativeKernels } from 'salad-ad/tensorflow';
import { enableWasmTraining } from 'salad-ad/wasm';
import { labelled, loadPool } from './chest-xray/data.js';

const { values: flags } = parseArgs({
  options: {
    size: { type: 'string', default: '128' },
    films: { type: 'string', default: '200' },
    out: { type: 'string', default: 'output/frozen-encoder' },
  },
});
const size = Number(flags.size);

process.env.TF_ENABLE_ONEDNN_OPTS ??= '1';
await detectBackend({
  tensorflow: () => import('@tensorflow/tfjs-node').then(enableNativeKernels),
  wasm: () => import('@tensorflow/tfjs-backend-wasm').then(() => enableWasmTraining()),
});

// 1. Normal films make the banks. Of the validation films one half sets the threshold, and the other is judged: the test
// set is for who has chosen everything.
const { train, validation } = await loadPool();
const every = (start: number, step: number, length: number) =>
  Array.from({ length: Math.ceil((length - start) / step) }, (_, i) => start + i * step);
const normals = normalsOf(train);
const few = Math.min(Number(flags.films), normals.length);
const learnt = subset(normals, every(0, 1, few));
const forThreshold = subset(validation, every(0, 2, validation.length));
const judged = labelled(subset(validation, every(1, 2, validation.length)));

// 2. The weights are loaded here, from the package. There are no epochs.
const model = SaladModel.create({
  backbone: await efficientNetLite0({ inputShape: [size, size, 1] }),
  resize: { method: 'bilinear', fit: 'stretch' },
  score: 'cells',
});
const start = performance.now();
await model.fit(learnt, { validation: forThreshold });
console.log(`${few} films learnt in ${((performance.now() - start) / 1000).toFixed(1)} s`);

// 3. The file holds the banks and a fingerprint of the encoder, and is loaded with the same.
const folder = join(flags.out, 'model');
await model.save(fileSystem(folder));
model.dispose();
const backbone = await efficientNetLite0({ inputShape: [size, size, 1] });
const loaded = await SaladModel.load(fileSystem(folder), { backbone });
const { scores } = await loaded.score(judged);
console.log(
  `AUC of ${judged.length} validation films: ${areaUnderRoc(scores, judged.labels).toFixed(3)}`,
);
console.log(`wrote ${folder}`);
loaded.dispose();
