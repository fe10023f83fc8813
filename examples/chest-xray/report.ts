import { readFile } from 'node:fs/promises';
import type { SaladModel, ScoreResult } from 'salad-ad';
import type { ImageSource } from 'salad-ad/data';
import { confusionAt, prevalence, rocCurve } from 'salad-ad/metrics';
import type { Fact, GalleryItem, ReportImage, ReportInput } from 'salad-ad/report';
import type { ChestXrays } from './data.js';
import type { Evaluation } from './evaluate.js';
import type { Floor } from './floors.js';

/** Images shown at either end of the ranking, and training images beside each. */
const SHOWN = 6;
const NEAREST = 5;

/** What the report page shows, gathered from the run. */
export async function reportInput(run: {
  model: SaladModel;
  data: ChestXrays;
  result: ScoreResult;
  scored: Evaluation;
  floors: readonly Floor[];
  command: string;
}): Promise<ReportInput> {
  const { model, data, result, scored, floors } = run;
  const { labels } = data.test;
  const threshold = result.threshold ?? Number.NaN;
  const ranked = Array.from(result.scores.keys()).sort(
    (a, b) => result.scores[b] - result.scores[a],
  );
  const items = (rows: number[]) => Promise.all(rows.map((row) => galleryItem(row, data, result)));
  return {
    title: 'SALAD on paediatric chest X-rays',
    description:
      'Trained on normal films; pneumonia counts as abnormal. Data: Kermany et al. 2018, CC BY 4.0. ' +
      'The classes differ in sharpness, so the texture floors are to be read beside the score.',
    results: [{ name: 'SALAD', ...scored }, ...floors],
    resultsNote: '95% intervals: DeLong for AUC, bootstrap stratified by class for AUPRC.',
    rocCurves: [
      { name: 'SALAD', ...rocCurve(result.scores, labels) },
      ...floors
        .filter(({ name }) => /raw pixels|untrained/.test(name))
        .map(({ name, scores }) => ({ name, floor: true, ...rocCurve(scores, labels) })),
    ],
    scores: { scores: result.scores, labels, threshold },
    confusion: confusionAt(result.scores, labels, threshold),
    history: model.history,
    gallery: [
      { title: 'Most anomalous', items: await items(ranked.slice(0, SHOWN)) },
      { title: 'Least anomalous', items: await items(ranked.slice(-SHOWN).reverse()) },
    ],
    facts: await facts(run.model, data, run.command),
  };
}

async function galleryItem(
  row: number,
  data: ChestXrays,
  result: ScoreResult,
): Promise<GalleryItem> {
  const nearest = Array.from(result.nearestRows[row].subarray(0, NEAREST), async (trainRow, i) => ({
    id: data.train.ids[trainRow],
    angle: (result.nearestAngles[row][i] * 180) / Math.PI,
    image: await picture(data.train, trainRow),
  }));
  return {
    id: result.ids[row],
    score: result.scores[row],
    label: data.test.labels[row],
    image: await picture(data.test, row),
    nearest: await Promise.all(nearest),
  };
}

async function picture(source: ImageSource, row: number): Promise<ReportImage> {
  const { pixels, shape } = await source.read([row]);
  return { pixels, height: shape[0], width: shape[1] };
}

async function facts(
  model: SaladModel,
  { train, validation, test }: ChestXrays,
  command: string,
): Promise<Fact[]> {
  const anomalies = Array.from(train.labels).filter(Boolean).length;
  const versionOf = async (path: string) =>
    JSON.parse(await readFile(new URL(path, import.meta.url), 'utf8')).version;
  const { settings, backbone } = model;
  return [
    { name: 'Command', value: command, code: true },
    {
      name: 'Training images',
      value: `${train.length - anomalies} normal, ${anomalies} known anomalies`,
    },
    {
      name: 'Validation images',
      value: `${validation.length}, prevalence ${prevalence(validation.labels)}`,
    },
    { name: 'Test images', value: `${test.length}, prevalence ${prevalence(test.labels)}` },
    {
      name: 'Image size',
      value: `${backbone.inputShape[0]} x ${backbone.inputShape[1]} px, normalised by ${model.imageNormalization.name}`,
    },
    {
      name: 'Epochs',
      value: `${settings.pretrainEpochs} + ${settings.rounds} rounds of ${settings.epochsPerRound}`,
    },
    { name: 'Score', value: `${settings.method}, K = ${settings.scoreNeighbors}` },
    { name: 'Seed', value: settings.seed },
    { name: 'salad-ad', value: await versionOf('../../package.json') },
    { name: 'Node', value: process.version },
  ];
}
