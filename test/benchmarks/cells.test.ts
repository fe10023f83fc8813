import { describe, expect, it } from 'vitest';
import { areasByReading, gainsByReading } from '../../benchmarks/quality/cells-table.js';
import { turned } from '../../benchmarks/quality/turned.js';
import { validationAsTest } from '../../benchmarks/quality/validation-as-test.js';
import { arraySource } from '../../src/data/index.js';
import type {
  ExperimentResults,
  PairedComparison,
  RowSummary,
} from '../../src/experiments/index.js';

/** Images whose only pixel is their place. */
const part = (labels: readonly number[], patients: readonly string[], first: number) => ({
  source: arraySource({
    pixels: Float32Array.from(labels, (_, i) => (first + i) / 100),
    shape: [1, 1, 1],
    labels,
    patients,
  }),
  records: labels.map((label, i) => ({
    path: `${first + i}.png`,
    label: label as 0 | 1,
    patient: patients[i],
  })),
});

it('judges validation images in place of the test images, which take no part', async () => {
  const train = part([0, 1, 0, 1], ['a', 'a', 'b', 'c'], 0);
  const validation = part([0, 1], ['d', 'e'], 10);
  const test = part([0, 1], ['f', 'g'], 20);
  const data = validationAsTest({
    train: train.source,
    validation: validation.source,
    test: test.source,
    records: { train: train.records, validation: validation.records, test: test.records },
  });
  const pixels = async (name: 'train' | 'validation' | 'test') => {
    const { length } = data[name];
    const read = await data[name].read(Array.from({ length }, (_, i) => i));
    return Array.from(read.pixels, (pixel) => Math.round(100 * pixel));
  };
  expect(await pixels('train')).toEqual([0, 2]);
  // The other anomaly is of a patient whose normal film is learnt.
  expect(await pixels('validation')).toEqual([3]);
  expect(await pixels('test')).toEqual([10, 11]);
  expect(data.records?.train.map(({ path }) => path)).toEqual(['0.png', '2.png']);
  expect(data.records?.validation.map(({ path }) => path)).toEqual(['3.png']);
  expect(data.records?.test).toBe(validation.records);
});

it('leaves a patient out of training where no anomaly may stand for validation', () => {
  const train = part([0, 0, 1, 0], ['a', 'b', 'b', 'a'], 0);
  const { source, records } = part([0, 1], ['d', 'e'], 10);
  const data = validationAsTest({
    train: train.source,
    validation: source,
    test: source,
    records: { train: train.records, validation: records, test: records },
  });
  expect(data.records?.train.map(({ path }) => path)).toEqual(['1.png']);
  expect(data.records?.validation.map(({ path }) => path)).toEqual(['0.png', '3.png']);
});

it('turns a number that reaches less than .5, and nothing else', () => {
  const run = (score: number[]) => ({
    status: 'done',
    test: { labels: [0, 0, 1], scores: { score } },
  });
  const cells = [
    { detector: 'brightness', run: run([0.2, 0.4, 0.3]) },
    { detector: 'brightness', run: run([0.2, 0.4, 0.1]) },
    { detector: 'SALAD', run: run([0.2, 0.4, 0.1]) },
    { detector: 'brightness', run: undefined },
  ];
  const detectors = [
    { name: 'brightness', kind: 'meanIntensity' },
    { name: 'SALAD', kind: 'salad' },
  ];
  const results = { config: { detectors }, data: {}, cells } as unknown as ExperimentResults;
  const scores = turned(results).cells.map(
    ({ run }) => run?.status === 'done' && run.test.scores.score,
  );
  expect(scores).toEqual([[0.2, 0.4, 0.3], [-0.2, -0.4, -0.1], [0.2, 0.4, 0.1], false]);
});

describe('tables of cells', () => {
  const row = (detector: string, mean: number) =>
    ({ dataSet: 'knee', detector, areaUnderRoc: { mean, count: 3 } }) as unknown as RowSummary;

  it('have the readings beside one another, and of several textures the best', () => {
    const text = areasByReading([
      row('SALAD', 0.66),
      row('SALAD, angular', 0.64),
      row('texture (fine)', 0.53),
      row('texture (Laplacian)', 0.55),
    ]);
    expect(text.split('\n')).toEqual([
      "| data set | AUC of | no pretrained weights | today: SALAD's vector alone | texture |",
      '|---|---|---|---|---|',
      '| knee | all films | 0.660 | 0.640 | 0.550 |',
    ]);
  });

  it('have what is gained over seeds and over images, over what is asked for', () => {
    const over = { estimate: 0.02, lower: 0.01, upper: 0.03 };
    const gain = { difference: 0.02, overSeeds: over, overImages: { ...over, lower: -0.01 } };
    const pair = { dataSet: 'knee', reference: 'SALAD', ...gain };
    const text = gainsByReading([
      { ...pair, detector: 'SALAD, angular', withinTexture: gain },
      { ...pair, detector: 'something else' },
    ] as unknown as PairedComparison[]);
    const cell = '+0.020 [+0.010, +0.030] [-0.010, +0.030]';
    expect(text.split('\n').slice(2)).toEqual([
      `| knee | SALAD | SALAD, angular | ${cell} | ${cell} |`,
    ]);
  });
});
