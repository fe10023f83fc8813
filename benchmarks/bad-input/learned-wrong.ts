/**
 * What two silent faults of the images cost on real chest films: training that takes abnormal films for normal, and
 * films of 12 bits that are taken for 16, in scoring alone and in training too.
 *
 *     npx tsx benchmarks/bad-input/learned-wrong.ts
 *
 * The models have the default settings of one seed, at 32 px.
 */
import '@tensorflow/tfjs-backend-wasm';
import { arraySource, convAutoencoder, type ImageSource, SaladModel } from 'salad-ad';
import { detectBackend } from 'salad-ad/backend';
import { normalsOf, toUnitRange } from 'salad-ad/data';
import { areaUnderRoc } from 'salad-ad/metrics';
import { enableWasmTraining } from 'salad-ad/wasm';
import { type LabelledSource, labelled, loadPool } from '../../examples/chest-xray/data.js';

enableWasmTraining();
await detectBackend();
const { train, validation, test } = await loadPool();
const newModel = () =>
  SaladModel.create({
    backbone: convAutoencoder({ inputShape: [32, 32, 1] }),
    resize: { method: 'area', fit: 'stretch' },
    seed: 1,
  });

const model = newModel();
const normals = normalsOf(train);
await model.fit(normals, { validation });
await report(`trained on ${normals.length} normal films`, model, test);
for (const bitsStored of [12, undefined])
  await report(`  films of 12 bits, bitsStored ${bitsStored}`, model, await deep(test, bitsStored));
model.dispose();

const misled = newModel();
await misled.fit(unlabelled(train), { validation: unlabelled(validation) });
await report(`trained on all ${train.length}, taken for normal`, misled, test);

const dark = newModel();
await dark.fit(await deep(normals), { validation: await deep(validation) });
await report('trained on films of 12 bits as if they had 16', dark, await deep(test));

async function report(what: string, model: SaladModel, { labels, ...films }: LabelledSource) {
  const warnings: string[] = [];
  const { scores, abnormal = [] } = await model.score(films, {
    onWarning: ({ code }) => warnings.push(code),
  });
  const flagged = (label: number) => abnormal.filter((yes, i) => yes && labels[i] === label).length;
  const area = areaUnderRoc(scores, labels).toFixed(3);
  console.log(
    `${what}: AUC ${area}, ${flagged(1)} abnormal and ${flagged(0)} normal films flagged ${warnings.join(' ')}`,
  );
}

function unlabelled({ labels: _, ...films }: ImageSource): ImageSource {
  return films;
}

/** The films with white at 4095, in words of 16 bits. */
async function deep(films: ImageSource, bitsStored?: number): Promise<LabelledSource> {
  const batch = await films.read(Array.from({ length: films.length }, (_, i) => i));
  const pixels = Uint16Array.from(toUnitRange(batch), (value) => Math.round(4095 * value));
  const { labels, ids } = films;
  return labelled(arraySource({ pixels, shape: batch.shape, ids, labels, bitsStored }));
}
