/**
 * From a folder of films and its table to scores, split by patient: NIH ChestX-ray14.
 *
 *   npx tsx examples/02-nih-folder.ts                    400 films that come with this project
 *   npx tsx examples/02-nih-folder.ts --data ~/nih       the data set as you have unpacked it, or a part of it
 *   npx tsx examples/02-nih-folder.ts --views PA         one view alone
 *   npx tsx examples/02-nih-folder.ts --data films --list films/list.csv    a folder of yours: a list with
 *                                                        the columns path, label (0 or 1), patient, view
 *   npx tsx examples/02-nih-folder.ts --anomaly-ratio 0.05 --size 128 --seed 2
 *
 * Writes split.json, the model and report.html to output/nih. Research software, not a medical device.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type ImageNormalization, localContrast, none, SaladModel } from 'salad-ad';
import { detectBackend } from 'salad-ad/backend';
import {
  checkImages,
  checkSplit,
  csvRecords,
  type ImageRecord,
  inspectImages,
  nearDuplicates,
  paperSplit,
  splitSummary,
  splitToJSON,
  summaryText,
} from 'salad-ad/data';
import { galleryOf } from 'salad-ad/explain';
import { fileSystem, nihFolder, recordSource } from 'salad-ad/node';
import { assessScores, renderReport, subgroupResults } from 'salad-ad/report';
import { enableNativeKernels } from 'salad-ad/tensorflow';
import { enableWasmTraining } from 'salad-ad/wasm';
import { scoreBaselines } from './chest-xray/baselines.js';
import { labelled } from './chest-xray/data.js';
import { evaluate } from './chest-xray/evaluate.js';
import { printResults } from './chest-xray/print.js';
import { quartersOf } from './chest-xray/quarters.js';
import { printByView } from './nih-folder/print-by-view.js';

const { values: flags } = parseArgs({
  options: {
    data: { type: 'string', default: fileURLToPath(new URL('data/nih-cxr', import.meta.url)) },
    list: { type: 'string' },
    views: { type: 'string', default: 'AP,PA' },
    'anomaly-ratio': { type: 'string', default: '0' },
    size: { type: 'string', default: '64' },
    seed: { type: 'string', default: '1' },
    out: { type: 'string', default: 'output/nih' },
    quick: { type: 'boolean', default: false },
  },
});
const [size, seed] = [Number(flags.size), Number(flags.seed)];
await mkdir(flags.out, { recursive: true });

process.env.TF_ENABLE_ONEDNN_OPTS ??= '1';
await detectBackend({
  tensorflow: () => import('@tensorflow/tfjs-node').then(enableNativeKernels),
  wasm: () => import('@tensorflow/tfjs-backend-wasm').then(() => enableWasmTraining()),
});

// 1. The table says what is known of each film; no film is opened for it.
const records = flags.list
  ? await csvRecords(await readFile(flags.list), {
      path: 'path',
      label: 'label',
      patient: 'patient',
      view: 'view',
    })
  : await nihFolder(flags.data, {
      views: flags.views.split(',') as ('AP' | 'PA')[],
      absent: 'leaveOut',
    });

// 2. Parts that share no patient, written down, so that the next run has the same.
const split = paperSplit(records, {
  anomalyRatio: Number(flags['anomaly-ratio']),
  form: 'added',
  seed,
  trainShare: 0.4,
});
await writeFile(join(flags.out, 'split.json'), JSON.stringify(await splitToJSON(split), null, 2));

// 3. The films are decoded as they are asked for. What cannot be read is left out, and said.
const all = Object.values(split.parts).flat();
const { report } = await checkImages(filmsOf(all), { onUnreadable: 'skip' });
if (report.problems.length > 0) console.log(report.toText());
const unreadable = new Set(report.problems.map(({ id }) => id));
const readable = (part: readonly ImageRecord[]) =>
  part.filter(({ id, path }) => !unreadable.has(id ?? path));
const parts = {
  train: readable(split.parts.train),
  validation: readable(split.parts.validation),
  test: readable(split.parts.test),
};

// 4. The same film in two parts is an error, and nearly the same is reported. Which shortcuts are there?
const atOwnSize = recordSource(flags.data, Object.values(parts).flat());
const inspected = await inspectImages(atOwnSize);
checkSplit(parts, { inspected });
for (const { images, distance } of nearDuplicates(parts, inspected).slice(0, 5))
  console.log(`nearly the same (${distance}):`, images.map(({ name }) => name).join(', '));
const summary = splitSummary(parts, { inspected });
console.log(summaryText(summary));

// 5. Learn from the train part; validation chooses the image normalisation, the weights and the threshold.
const data = {
  train: labelled(filmsOf(parts.train)),
  validation: labelled(filmsOf(parts.validation)),
  test: labelled(filmsOf(parts.test)),
};
const { train, validation, test } = data;
const quick = { pretrainEpochs: 1, rounds: 1, epochsPerRound: 1 };
const candidates = [await learnt(localContrast()), await learnt(none())];
const [worse, model] = candidates.sort((a, b) => validationAuc(a) - validationAuc(b));
worse.dispose();
console.log(`validation chose the image normalisation '${model.imageNormalization.name}'`);
// What was learnt is kept before anything else can fail.
await model.save(fileSystem(join(flags.out, 'model')));

// 6. Scores of patients it has never seen, beside what needs no learning, and within each view.
const result = await model.score(test);
const { scores, threshold, decisionThreshold } = result;
const quarters = await quartersOf(test, size);
const salad = { name: 'SALAD', ...evaluate(scores, test.labels, quarters) };
const baselines = await scoreBaselines(data, { size, seed, quarters });
printResults({ rows: [salad, ...baselines], test, scores, threshold: decisionThreshold });
printByView(parts.test, scores);
const page = await renderReport({
  title: flags.list ? `SALAD on ${flags.list}` : 'SALAD on NIH ChestX-ray14',
  ...(!flags.list && {
    description:
      'Any of the 14 findings counts as abnormal. The NIH Clinical Center is the data provider (Wang et al., CVPR 2017).',
  }),
  results: [salad, ...baselines],
  ...assessScores({ scores, labels: test.labels }, { threshold: decisionThreshold }),
  subgroups: subgroupResults({ scores, labels: test.labels, records: parts.test }, { threshold }),
  gallery: await galleryOf(model, { result, images: test, train, nameOf }),
  shortcuts: summary.find(({ part }) => part === 'test')?.shortcuts,
  split: summary,
  history: model.history,
});
await writeFile(join(flags.out, 'report.html'), page);
console.log(`\nwrote split.json, model and report.html to ${flags.out}`);
model.dispose();

async function learnt(imageNormalization: ImageNormalization): Promise<SaladModel> {
  const model = SaladModel.create({
    backbone: { kind: 'convAutoencoder', inputShape: [size, size, 1] },
    imageNormalization,
    keep: 'bestValidation',
    seed,
    ...(flags.quick && quick),
  });
  await model.fit(train, { validation, verbose: true });
  return model;
}

/** Names of files may name patients; on the page a film is its place in the list. */
function nameOf(id: string): string {
  return `film ${1 + records.findIndex((record) => (record.id ?? record.path) === id)}`;
}

function validationAuc({ history }: SaladModel): number {
  return Math.max(...history.map((epoch) => epoch.validationAuc ?? 0));
}

function filmsOf(of: readonly ImageRecord[]) {
  return recordSource(flags.data, of, { size: [size, size] });
}
