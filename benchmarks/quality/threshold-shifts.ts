/**
 * What moves a threshold: held-out normal films are changed in one way at a time, and those counted that reach a threshold which
 * promises 5% of false alarms on films as they are. Training and validation films only; no test film is scored.
 *
 *   SALAD_AD_DATA=folder npx tsx benchmarks/quality/threshold-shifts.ts
 *       --data-set knee,nih-cxr     sets by name
 *       --seeds 1,2,3
 *       --kind salad                a kind of `libraryDetectors`
 *       --options '{"augmentation":{"horizontalFlip":true}}'
 *       --out file.md               default benchmarks/quality/threshold-shifts.md; with --options none
 *
 * The threshold is set by one half of the held-out normals (by patient), and the changed films of the other half are judged by
 * it; then the halves change places. AUC is that of normal and abnormal films that are both changed.
 */
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import '@tensorflow/tfjs-backend-wasm';
import { fitThreshold } from 'salad-ad';
import { detectBackend } from 'salad-ad/backend';
import { arraySource, type ImageSource, RandomStream, resize, subset } from 'salad-ad/data';
import { libraryDetectors } from 'salad-ad/experiments';
import { areaUnderRoc, bootstrapInterval, type Interval } from 'salad-ad/metrics';
import { enableWasmTraining } from 'salad-ad/wasm';
import { table } from '../../src/experiments/markdown.js';
import { openers } from './data-sets.js';
import { filmChanges } from './film-changes.js';
import { changedFilms, filmsIn } from './film-sources.js';
import { type Fold, normalFolds } from './folds.js';

/** The size that the films of each set are changed at, and how often they are divided: small sets have few normals to hold out. */
const SETS: Readonly<Record<string, { readonly native: number; readonly folds: number }>> = {
  'cxr-pneumonia-128': { native: 128, folds: 1 },
  'nih-cxr': { native: 128, folds: 2 },
  knee: { native: 128, folds: 2 },
  pneumoniamnist: { native: 28, folds: 1 },
};
const SIZE = 32;
const policy = { method: 'area', fit: 'stretch' } as const;

const { values: flags } = parseArgs({
  options: {
    'data-set': { type: 'string', default: Object.keys(SETS).join(',') },
    seeds: { type: 'string', default: '1,2,3' },
    kind: { type: 'string', default: 'salad' },
    options: { type: 'string', default: '{}' },
    out: { type: 'string' },
  },
});
const seeds = flags.seeds.split(',').map(Number);
const names = flags['data-set'].split(',');

/** What came of one change on one set, a value for each judged film and seed. */
interface Judged {
  /** [films]: the share of seeds whose threshold the normal film reaches. */
  readonly flagged: number[];
  readonly patients: string[];
  readonly areas: number[];
}

await detectBackend();
enableWasmTraining();
const results = new Map<string, Map<string, Judged>>();
for (const name of names) results.set(name, await judgeSet(name));
const lines = report();
console.log(lines);
const out =
  flags.out ??
  (flags.options === '{}' && flags.kind === 'salad' ? 'threshold-shifts.md' : undefined);
if (out) await writeFile(flags.out ?? fileURLToPath(new URL(out, import.meta.url)), `${lines}\n`);

async function judgeSet(name: string): Promise<Map<string, Judged>> {
  const { native, folds: count } = SETS[name];
  const found = new Map<string, Judged>();
  const folds = await normalFolds(await openers(native)[name](), { folds: count, keepPool: false });
  for (const [f, fold] of folds.entries()) {
    console.error(`${name}, fold ${f + 1} of ${folds.length}`);
    await judgeFold(fold, found);
  }
  return found;
}

async function judgeFold(
  { train, validation, patients }: Fold,
  found: Map<string, Judged>,
): Promise<void> {
  const learnt = await atModelSize(train);
  const detectors = await Promise.all(
    seeds.map(async (seed) => {
      const options = JSON.parse(flags.options);
      const request = {
        options,
        inputShape: [SIZE, SIZE, 1],
        resize: policy,
        seed,
        keep: 'last',
      } as const;
      return (await libraryDetectors[flags.kind](request)).detector;
    }),
  );
  for (const detector of detectors) await detector.fit(learnt);
  const labels = Array.from(validation.labels ?? []);
  const normals = labels.flatMap((label, i) => (label ? [] : [i]));
  const half = halves(normals, patients);
  const films = await filmsIn(validation);
  const scoresOf = async (change: string) => {
    const changed = await changedFilms(films, change);
    const all: Float32Array[] = [];
    for (const detector of detectors) all.push((await detector.score(changed)).scores);
    return all;
  };
  const asTheyAre = await scoresOf('none');
  const thresholds = asTheyAre.map((scores) =>
    [0, 1].map(
      (own) => fitThreshold(normals.filter((i) => half.get(i) === own).map((i) => scores[i])).value,
    ),
  );
  for (const change of Object.keys(filmChanges)) {
    const all = change === 'none' ? asTheyAre : await scoresOf(change);
    const judged = found.get(change) ?? { flagged: [], patients: [], areas: [] };
    found.set(change, judged);
    judged.areas.push(...all.map((scores) => areaUnderRoc(scores, labels)));
    for (const i of normals) {
      const reached = all.filter(
        (scores, s) => scores[i] >= thresholds[s][1 - (half.get(i) ?? 0)].valueOf(),
      );
      judged.flagged.push(reached.length / seeds.length);
      judged.patients.push(patients[i]);
    }
  }
  for (const detector of detectors) detector.dispose();
}

/** Normals in two halves; all films of a patient are in one. */
function halves(normals: readonly number[], patients: readonly string[]): Map<number, number> {
  const all = [...new Set(normals.map((i) => patients[i]))];
  const order = new RandomStream(11, ['halves']).permutation(all.length);
  const halfOf = new Map(Array.from(order, (at, i) => [all[at], i % 2]));
  return new Map(normals.map((i) => [i, halfOf.get(patients[i]) ?? 0]));
}

/** Training films brought to the model's size once, and not in every epoch. */
async function atModelSize(source: ImageSource): Promise<ImageSource> {
  const all = subset(
    source,
    Array.from({ length: source.length }, (_, i) => i),
  );
  const { pixels, shape } = await all.read(Array.from({ length: all.length }, (_, i) => i));
  const values = resize(pixels as Float32Array, [all.length, ...shape], [SIZE, SIZE], policy);
  return arraySource({ pixels: values, shape: [SIZE, SIZE, 1], labels: all.labels });
}

function report(): string {
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  const percent = (share: number) => `${(100 * share).toFixed(0)}`;
  const flaggedBy = ({ flagged, patients }: Judged): Interval =>
    bootstrapInterval(
      (drawn) => mean(Array.from(drawn, (i) => flagged[i])),
      flagged.map(() => 0),
      {
        groups: patients,
        replicates: 1000,
      },
    );
  const rows = Object.keys(filmChanges).map((change) => {
    const all = names.map((name) => results.get(name)?.get(change) as Judged);
    return [
      change,
      ...all.map((judged) => {
        const { estimate, lower, upper } = flaggedBy(judged);
        return `${percent(estimate)}% [${percent(lower)}, ${percent(upper)}], ${mean(judged.areas).toFixed(3)}`;
      }),
      `${percent(mean(all.map(({ flagged }) => mean(flagged))))}%, ${mean(all.map(({ areas }) => mean(areas))).toFixed(3)}`,
    ];
  });
  const judged = names.map((name) => `${name} ${results.get(name)?.get('none')?.flagged.length}`);
  return [
    '# What moves a threshold',
    '',
    `Made by \`npx tsx benchmarks/quality/threshold-shifts.ts ${process.argv
      .slice(2)
      .map((word) => (/[{ ]/.test(word) ? `'${word}'` : word))
      .join(
        ' ',
      )}\`. ${flags.kind} at ${SIZE} px, options ${flags.options}, seeds ${seeds.join(', ')}.`,
    '',
    `False alarms among held-out normal films (${judged.join(', ')}) that were changed in one way, at a threshold that promises 5% on films as they are; mean over seeds, 95% interval over films (bootstrap by patients). Then the AUC where normal and abnormal films are changed alike, mean over folds and seeds.`,
    '',
    table(['change', ...names, 'mean of the sets'], rows),
  ].join('\n');
}
