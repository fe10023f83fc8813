import {
  averagePrecision,
  delongInterval,
  precisionRecallCurve,
  rocCurve,
} from '../../src/metrics/index.js';
import {
  assessScores,
  type ReportImage,
  type ReportInput,
  subgroupResults,
} from '../../src/report/index.js';
import { splitSummary } from '../../src/splits/split-summary.js';
import { RandomStream } from '../../src/support/random.js';

/** Scores of two classes that overlap, and what is known of the images. */
export function drawnImages(count: number, seed: number) {
  const random = new RandomStream(seed);
  const labels = Array.from({ length: count }, (_, i) => i % 2);
  const records = labels.map((label, i) => ({
    path: `${i}.png`,
    label: label as 0 | 1,
    view: random.uniform() < 0.3 + 0.3 * label ? 'AP' : 'PA',
    sex: random.uniform() < 0.5 ? ('F' as const) : ('M' as const),
    age: 10 + Math.floor(80 * random.uniform()),
  }));
  return { labels, scores: labels.map((label) => random.gaussian() + 1.2 * label), records };
}

function picture(side: number, channels: 1 | 3, seed: number): ReportImage {
  const random = new RandomStream(seed);
  const pixels = Uint8Array.from({ length: side * side * channels }, () => random.integer(256));
  return { pixels, height: side, width: side, channels };
}

/** Everything that a report can show, with names that try the room there is. */
export function fullInput(): ReportInput {
  const validation = drawnImages(120, 1);
  const test = drawnImages(240, 2);
  const { scores, labels, records } = test;
  const baseline = drawnImages(240, 3).scores.map((score, i) => score + 0.2 * labels[i]);
  const assessed = assessScores(test, { validation, threshold: 1.4, replicates: 50 });
  const random = new RandomStream(4);
  const all = ['trainingNormal', 'testNormal', 'testAbnormal', 'knownAnomaly'] as const;
  const groups = Array.from({ length: 90 }, (_, i) => all[i % 4]);
  const items = [5, 6, 7].map((seed) => ({
    id: `folder/with/a/long/name/without-a-single-space-in-it/${seed}.png`,
    score: seed / 7,
    label: seed % 2,
    image: picture(16, 1, seed),
    map: picture(16, 3, seed + 10),
    nearest: [1, 2, 3, 4, 5].map((near) => ({
      id: `train-${near}`,
      angleInDegrees: 7.5 * near,
      label: near === 5 ? 1 : 0,
      image: picture(16, 1, 100 * near),
    })),
  }));
  return {
    title: 'A detector on drawn images',
    description: 'Scores of two classes that overlap.',
    results: [
      {
        name: 'SALAD',
        areaUnderRoc: delongInterval(scores, labels),
        averagePrecision: { estimate: averagePrecision(scores, labels), lower: 0.7, upper: 0.9 },
        distinctScores: 240,
      },
      {
        name: 'logistic regression on the same 12 anomalies',
        areaUnderRoc: delongInterval(baseline, labels),
      },
    ],
    resultsNote: '95% intervals: DeLong for AUC, bootstrap stratified by class for AUPRC.',
    ...assessed,
    rocCurves: [
      ...(assessed.rocCurves ?? []),
      {
        name: 'logistic regression on the same 12 anomalies, by name',
        baseline: true,
        ...rocCurve(baseline, labels),
      },
    ],
    precisionRecallCurves: [
      ...(assessed.precisionRecallCurves ?? []),
      { name: 'raw pixels', baseline: true, ...precisionRecallCurve(baseline, labels) },
    ],
    subgroups: subgroupResults(test, { threshold: 1.4 }),
    shortcuts: splitSummary({ test: records })[0].shortcuts,
    split: splitSummary({ train: records.slice(0, 40), test: records }),
    gallery: [
      { title: 'Most anomalous', items },
      { title: 'Least anomalous', items: items.map(({ map: _, ...item }) => item) },
    ],
    mapsNote: 'Right of each film: where its score comes from.',
    projection: {
      xs: groups.map(() => random.gaussian()),
      ys: groups.map(() => random.gaussian()),
      groups,
    },
    projectionNote: 'By UMAP.',
    history: Array.from({ length: 12 }, (_, epoch) => ({
      epoch,
      round: Math.floor(epoch / 4),
      loss: 12 / (epoch + 10),
      reconstruction: 0.1 / (epoch + 1),
      latent: 12 - epoch / 2,
      validationAuc: 0.7 + epoch / 100,
    })),
    leftOut: [{ what: 'known anomalies', images: 12, why: 'trained on, but not in the bank' }],
    problems: [
      {
        id: 'films/one.png',
        code: 'IMAGE_TRUNCATED',
        message: 'films/one.png ends after 12 bytes.',
      },
      { id: 'films/two.png', code: 'IMAGE_TRUNCATED', message: 'films/two.png is empty.' },
      {
        id: 'films/three.dcm',
        code: 'IMAGE_UNSUPPORTED',
        message: 'films/three.dcm holds no image.',
      },
    ],
    facts: [
      { name: 'Seed', value: 7 },
      { name: 'Command', value: 'npx tsx run.ts --size 64', code: true },
    ],
  };
}
