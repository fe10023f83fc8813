/**
 * Where promises break: p-values, certificates and selections of real films that differ from the validation normals.
 *
 *   SALAD_AD_DATA=folder npx tsx benchmarks/quality/promises-under-shift.ts
 *       --data-set nih-cxr,knee     sets by name
 *       --seeds 1                   of the network
 *       --out file.md               default promises-under-shift.md beside this script
 *
 * SALAD at 32 px. One half of the held-out normals (by patient) calibrates, the films of the other half are judged; then the halves
 * change places. Changed films are those of `threshold-shifts.ts`. Training and validation films only; no test film is scored.
 */
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import '@tensorflow/tfjs-backend-wasm';
import type { SaladModel } from 'salad-ad';
import { detectBackend } from 'salad-ad/backend';
import { type ImageSource, RandomStream, subset } from 'salad-ad/data';
import { libraryDetectors } from 'salad-ad/experiments';
import { conformal } from 'salad-ad/metrics';
import { enableWasmTraining } from 'salad-ad/wasm';
import { table } from '../../src/experiments/markdown.js';
import { openers } from './data-sets.js';
import { changedFilms, filmsIn } from './film-sources.js';
import { type Fold, normalFolds } from './folds.js';

const SIZE = 32;
const CHANGES = [
  'none',
  'mirrored',
  'a quarter of the height cropped, below',
  'a tenth added around, black',
  'inverted',
];
/** Films of another hospital or of other people than a set's own. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  'cxr-pneumonia-128': 'nih-cxr',
  'nih-cxr': 'cxr-pneumonia-128',
};

const { values: flags } = parseArgs({
  options: {
    'data-set': { type: 'string', default: 'cxr-pneumonia-128,nih-cxr,knee' },
    seeds: { type: 'string', default: '1' },
    out: {
      type: 'string',
      default: fileURLToPath(new URL('promises-under-shift.md', import.meta.url)),
    },
  },
});

/** What came of films of one kind. */
interface Judged {
  /** P-values of normal films. */
  readonly pValues: number[];
  /** Certificates of 5%, and which of the halves break theirs. */
  readonly certified: number[];
  readonly broken: boolean[];
  selected: number;
  falselySelected: number;
  abnormal: number;
}

await detectBackend();
enableWasmTraining();
const rows: string[][] = [];
const byView = new Map<string, { pooled: number[]; own: number[] }>();
for (const name of flags['data-set'].split(',')) await judgeSet(name);
await report();

async function judgeSet(name: string): Promise<void> {
  const [fold] = await normalFolds(await openers(128)[name](), { folds: 2, keepPool: false });
  const judged = new Map<string, Judged>();
  for (const seed of flags.seeds.split(',').map(Number)) {
    console.error(`${name}, seed ${seed}`);
    const { detector } = await libraryDetectors.salad({
      options: {},
      inputShape: [SIZE, SIZE, 1],
      resize: { method: 'area', fit: 'stretch' },
      seed,
      keep: 'last',
    });
    const model = detector as unknown as SaladModel;
    await model.fit(await changedFilms(await filmsIn(fold.train), 'none', SIZE));
    await judgeFilms(model, fold, judged);
    if (ELSEWHERE[name]) await judgeElsewhere(model, fold, ELSEWHERE[name], judged);
    if (fold.views) await judgeViews(model, fold);
    model.dispose();
  }
  for (const [change, found] of judged) rows.push(rowOf(name, change, found));
}

/** Calibrated on one half of the normals, each way, the other half is judged, as it is and changed. */
async function judgeFilms(model: SaladModel, fold: Fold, judged: Map<string, Judged>) {
  const { halves, anomalies } = divided(fold);
  const films = await filmsIn(fold.validation);
  for (const [own, other] of [halves, [...halves].reverse()]) {
    await model.calibrate(subset(fold.validation, own));
    for (const change of CHANGES) {
      const batch = [...other, ...anomalies];
      const source = await changedFilms(
        batch.map((i) => films[i]),
        change,
      );
      await count(model, source, other.length, entry(judged, change));
    }
  }
}

/** The normals of another set, with the calibration from home, and with one of their own. */
async function judgeElsewhere(
  model: SaladModel,
  fold: Fold,
  elsewhere: string,
  judged: Map<string, Judged>,
) {
  const home = divided(fold).halves[0];
  const [there] = await normalFolds(await openers(128)[elsewhere](), { folds: 2, keepPool: false });
  const { halves, anomalies } = divided(there);
  for (const [own, other] of [halves, [...halves].reverse()]) {
    const source = subset(there.validation, [...other, ...anomalies]);
    await model.calibrate(subset(fold.validation, home));
    await count(model, source, other.length, entry(judged, `films of ${elsewhere}`));
    await model.calibrate(subset(there.validation, own));
    const local = entry(judged, `films of ${elsewhere}, calibrated on normals from there`);
    await count(model, source, other.length, local);
  }
}

/** P-values of normal films of each view, beside all normals and beside those of the view. */
async function judgeViews(model: SaladModel, fold: Fold) {
  const { halves } = divided(fold);
  const views = fold.views as readonly string[];
  for (const [own, other] of [halves, [...halves].reverse()]) {
    const viewsOf = (images: readonly number[]) => images.map((i) => views[i]);
    await model.calibrate(subset(fold.validation, own), { groups: viewsOf(own) });
    const source = subset(fold.validation, other);
    const { pValues: pooled = [] } = await model.score(source);
    const { pValues = [] } = await model.score(source, { groups: viewsOf(other) });
    other.forEach((image, i) => {
      const found = byView.get(views[image]) ?? { pooled: [], own: [] };
      byView.set(views[image], found);
      found.pooled.push(pooled[i]);
      found.own.push(pValues[i]);
    });
  }
}

/** Scores a batch whose first films are normal, and counts what was promised of it. */
async function count(model: SaladModel, source: ImageSource, normals: number, found: Judged) {
  const { pValues = [], decisionThreshold } = await model.score(source);
  const own = [...pValues].slice(0, normals);
  const certified = decisionThreshold?.certifiedFalseAlarmRate ?? Number.NaN;
  const { selected } = conformal.benjaminiHochberg(pValues, 0.1);
  found.pValues.push(...own);
  found.certified.push(certified);
  found.broken.push(shareUpTo(own, 0.05) > certified);
  found.falselySelected += selected.slice(0, normals).filter(Boolean).length;
  found.selected += selected.filter(Boolean).length;
  found.abnormal += selected.length - normals;
}

function entry(judged: Map<string, Judged>, change: string): Judged {
  const nothing = { pValues: [], certified: [], broken: [] };
  const found = judged.get(change) ?? { ...nothing, selected: 0, falselySelected: 0, abnormal: 0 };
  judged.set(change, found);
  return found;
}

/** Normals in two halves, all films of a patient in one, and the abnormal films. */
function divided({ validation, patients }: Fold) {
  const labels = Array.from(validation.labels ?? []);
  const all = [...new Set(patients)];
  const order = new RandomStream(11, ['halves']).permutation(all.length);
  const halfOf = new Map(Array.from(order, (at, i) => [all[at], i % 2]));
  const normals = labels.flatMap((label, i) => (label ? [] : [i]));
  const halves = [0, 1].map((half) => normals.filter((i) => halfOf.get(patients[i]) === half));
  return { halves, anomalies: labels.flatMap((label, i) => (label ? [i] : [])) };
}

function shareUpTo(values: readonly number[], rate: number): number {
  return values.filter((value) => value <= rate * (1 + 1e-12)).length / values.length;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)}%`;
}

function rowOf(name: string, change: string, found: Judged): string[] {
  const { pValues, certified, broken, selected, falselySelected, abnormal } = found;
  return [
    name,
    change,
    String(pValues.length),
    ...[0.01, 0.05, 0.1].map((rate) => percent(shareUpTo(pValues, rate))),
    `${percent(Math.max(...certified))}, ${broken.filter(Boolean).length} of ${broken.length}`,
    selected === 0 ? 'none' : `${falselySelected} of ${selected} (${abnormal} abnormal)`,
  ];
}

async function report(): Promise<void> {
  const head = ['p of at most 1%', '5%', '10%'];
  const lines = [
    '# Promises under shift',
    '',
    `Made by \`${['npx tsx benchmarks/quality/promises-under-shift.ts', ...process.argv.slice(2)].join(' ')}\`. SALAD at ${SIZE} px, seeds ${flags.seeds}; training and validation films.`,
    '',
    'Shares of normal films with a p-value of at most 1, 5 and 10%, which is what is promised of them, where they are like the validation normals; the certificate of the threshold of 5%, and how many judged halves flag more than it says; then how many normal films are among those selected at a false discovery rate of 10%, from a batch of normal and abnormal films that are changed alike.',
    '',
    table(
      ['learnt from', 'films', 'normal ones', ...head, 'certified, broken', 'normal of selected'],
      rows,
    ),
    '',
    ...(byView.size === 0
      ? []
      : [
          'By view, which is a group (Mondrian): normal films of nih-cxr with a p-value of at most 5 and 10%, beside all validation normals and beside those of their view.',
          '',
          table(
            ['view', 'normal films', 'all: 5%', '10%', 'of the view: 5%', '10%'],
            [...byView].map(([view, { pooled, own }]) => [
              view,
              String(own.length),
              ...[pooled, own].flatMap((values) =>
                [0.05, 0.1].map((rate) => percent(shareUpTo(values, rate))),
              ),
            ]),
          ),
        ]),
  ];
  console.log(lines.join('\n'));
  await writeFile(flags.out, `${lines.join('\n').trimEnd()}\n`);
}
