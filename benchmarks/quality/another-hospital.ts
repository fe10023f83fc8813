/**
 * Another hospital: every detector learns from one set and judges the films of every other, at its own threshold and at those that
 * 20, 50 and 100 local normals set.
 *
 *   SALAD_AD_DATA=folder npx tsx benchmarks/quality/another-hospital.ts
 *       --judged test               once, at the end; default validation
 *       --data-set nih-cxr,knee     sets by name
 *       --only SALAD,MemDAE         detectors by name
 *       --ratio 0.05                known anomalies among the training images
 *       --seeds 1,2,3               --size 32
 *       --options '{"score":"both"}'  of SALAD; default its own
 *       --out file.md               default results/another-hospital-JUDGED.md beside this script
 *
 * `cxr-pneumonia` and `pneumoniamnist` are of the same children: neither is judged by what learnt from the other. `nih-cxr` and `nih64`
 * are of one hospital; only test films of both share patients, and nothing learns from those.
 */
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import '@tensorflow/tfjs-backend-wasm';
import { detectBackend } from 'salad-ad/backend';
import { acrossDataSets, acrossTable, type DetectorPlan } from 'salad-ad/experiments';
import { enableWasmTraining } from 'salad-ad/wasm';
import { openers } from './data-sets.js';

const SETS = 'cxr-pneumonia,nih-cxr,nih64,knee,pneumoniamnist';

/** What is carried to another hospital; the last two need known anomalies. */
const DETECTORS: readonly DetectorPlan[] = [
  { name: 'SALAD', kind: 'salad' },
  { name: 'MemDAE', kind: 'memDae', knownAnomalies: 'leaveOut' },
  { name: 'raw pixels', kind: 'pixelBank', knownAnomalies: 'leaveOut' },
  { name: 'texture', kind: 'texture', knownAnomalies: 'leaveOut' },
  { name: 'Deep SAD', kind: 'deepSad', knownAnomalies: 'needed' },
  { name: 'logistic regression', kind: 'logisticRegression', knownAnomalies: 'needed' },
];

const { values: flags } = parseArgs({
  options: {
    judged: { type: 'string', default: 'validation' },
    'data-set': { type: 'string', default: SETS },
    only: { type: 'string' },
    ratio: { type: 'string', default: '0' },
    seeds: { type: 'string', default: '1,2,3' },
    size: { type: 'string', default: '32' },
    options: { type: 'string', default: '{}' },
    out: { type: 'string' },
  },
});
const size = Number(flags.size);
const judged = flags.judged as 'validation' | 'test';
const dataSets = flags['data-set'].split(',');
const only = flags.only?.split(',');
const children = ['cxr-pneumonia', 'pneumoniamnist'] as const;

await detectBackend();
enableWasmTraining();
const cells = await acrossDataSets(
  {
    dataSets,
    inputShape: [size, size, 1],
    detectors: DETECTORS.filter(({ name }) => !only || only.includes(name)).map((plan) =>
      plan.kind === 'salad' ? { ...plan, options: JSON.parse(flags.options) } : plan,
    ),
    anomalies: [{ ratio: Number(flags.ratio), form: 'added' }],
    seeds: flags.seeds.split(',').map(Number),
  },
  {
    dataSets: openers(size),
    judged,
    sharedFilms: children.every((name) => dataSets.includes(name)) ? [children] : [],
    onProgress: ({ done, total, secondsLeft, trainedOn, detector, seed }) =>
      console.error(
        `${done}/${total} ${trainedOn}, ${detector}, seed ${seed}; about ${Math.ceil(secondsLeft / 60)} min left`,
      ),
  },
);
const command = [
  'npx tsx benchmarks/quality/another-hospital.ts',
  ...process.argv.slice(2).map((word) => (/[{ ]/.test(word) ? `'${word}'` : word)),
];
const text = [
  '# Another hospital',
  '',
  `Made by \`${command.join(' ')}\`. ${size} px, seeds ${flags.seeds}, ${judged} films of each set.`,
  '',
  acrossTable(cells),
  '',
].join('\n');
const own = new URL(`results/another-hospital-${judged}.md`, import.meta.url);
await writeFile(flags.out ?? fileURLToPath(own), text);
console.log(text);
