import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { arraySource, type ImageSource, normalsOf } from '../../src/data/index.js';
import { frozenEncoder } from '../../src/encoders/index.js';
import {
  type AcrossOptions,
  acrossDataSets,
  acrossTable,
  type DetectorFactory,
  type DetectorRequest,
  type ExperimentConfig,
  type ExperimentData,
} from '../../src/experiments/index.js';
import { customNormalization, SaladModel } from '../../src/index.js';
import { areaUnderRoc } from '../../src/metrics/index.js';
import { hashText } from '../../src/support/random.js';
import { codeOf, SIDE, tinyBackbone, tinyOptions } from '../model/tiny.js';
import { expectNoLeak, useBackend } from '../support/backends.js';
import { madeUp, part } from './tiny-experiment.js';

beforeAll(() => useBackend('cpu'));

/** Images whose first pixel is their score in percent; the second tells them from those of other parts. */
function greys(
  name: string,
  normals: readonly number[],
  anomalies: readonly number[],
): ImageSource {
  const all = [...normals, ...anomalies];
  return arraySource({
    pixels: Float32Array.from(
      all.flatMap((percent) => [percent / 100, (hashText(name) >>> 0) / 2 ** 32]),
    ),
    shape: [1, 2, 1],
    labels: all.map((_, i) => Number(i >= normals.length)),
    ids: all.map((_, i) => `${name}-${i}`),
    patients: all.map((_, i) => `${name}-patient-${i}`),
  });
}

const from = (first: number, count: number) => Array.from({ length: count }, (_, i) => first + i);

/** At home normals lie at 1 to 19, so that the threshold that promises 5% is just above 19: rank ceil(20 * .95) = 19. */
const home = (): ExperimentData => ({
  train: greys('home-train', from(1, 8), []),
  validation: greys('home-validation', from(1, 19), [30, 40]),
  test: greys('home-test', [0, 5, 19.5, 21], [18, 35]),
});

/** Elsewhere normals are ten percent higher. */
const elsewhere = (): ExperimentData => ({
  train: greys('other-train', from(11, 19), [60]),
  validation: greys('other-validation', [12, 15, 18, 22, 25, 28, 29, 31], [24, 29.5, 33, 50]),
  test: greys('other-test', [14, 34], [36, 16]),
});

/** The score of an image is its grey, read from its pixels. */
const reading: DetectorFactory = async (request) => {
  const { detector } = await madeUp({ scores: () => [] })(request);
  const score = async (images: ImageSource) => {
    const { pixels } = await images.read(from(0, images.length));
    return { ids: images.ids, scores: Float32Array.from(images.ids, (_, i) => pixels[2 * i]) };
  };
  return { detector: { ...detector, score } };
};

const config: ExperimentConfig = {
  dataSets: ['home', 'elsewhere'],
  inputShape: [1, 2, 1],
  detectors: [{ name: 'grey', kind: 'grey' }],
  anomalies: [{ ratio: 0, form: 'added' }],
  seeds: [1, 2],
};
const options: AcrossOptions = {
  dataSets: { home, elsewhere },
  detectors: { grey: reading },
  normals: [19, 20],
};

describe('acrossDataSets', () => {
  it('counts what the threshold from home flags elsewhere, and what local normals mend', async () => {
    const cells = await acrossDataSets(config, options);
    expect(cells.map(({ trainedOn, judgedOn }) => `${trainedOn} ${judgedOn}`)).toEqual([
      'home home',
      'home elsewhere',
      'elsewhere home',
      'elsewhere elsewhere',
    ]);
    const there = cells[1];
    expect(there).toMatchObject({ detector: 'grey', normal: 8, abnormal: 4, seeds: [1, 2] });
    // Above 19: 22, 25, 28, 29 and 31 of 8 normals, all 4 abnormal ones.
    expect(there.falseAlarms?.estimate).toBe(5 / 8);
    expect(there.sensitivity?.estimate).toBe(1);
    // Wins of 24 over 12, 15, 18, 22; of 29.5 over all but 31; of 33 and 50 over all 8; of 8 * 4 pairs.
    expect(there.areas).toEqual([27 / 32, 27 / 32]);
    expect(there.area?.estimate).toBe(27 / 32);
    expect(there.area?.lower).toBeLessThan(27 / 32);
    // 19 local normals at 11 to 29: just above 29 stay 31 of 8 normals, and 29.5, 33, 50 of 4 abnormal ones.
    const [nineteen, twenty] = there.recalibrated;
    expect(nineteen).toEqual({
      normals: 19,
      falseAlarms: { estimate: 1 / 8, lower: 1 / 8, upper: 1 / 8 },
      sensitivity: { estimate: 3 / 4, lower: 3 / 4, upper: 3 / 4 },
    });
    expect(twenty).toEqual({
      normals: 20,
      missing: 'there are 19 local normals that are not judged',
    });
  });

  it('gives no false alarms at home on the images that set the threshold, and says so', async () => {
    const [athome] = await acrossDataSets(config, options);
    expect(athome.areas).toEqual([1, 1]);
    expect(athome).not.toHaveProperty('falseAlarms');
    expect(athome.missing).toBe('false alarms, since these images set the threshold');
    expect(athome.recalibrated.every(({ missing }) => missing !== undefined)).toBe(true);
  });

  it('judges test images where that is asked for, with all other normals to set a threshold', async () => {
    const more = { ...options, judged: 'test', normals: [27] } as const;
    const [athome, there] = await acrossDataSets(config, more);
    // At home: 19.5 and 21 of 4 normals, 35 of 2 abnormal ones; its training images may not set a threshold.
    expect(athome).toMatchObject({
      falseAlarms: { estimate: 2 / 4 },
      sensitivity: { estimate: 1 / 2 },
    });
    expect(athome.recalibrated[0].missing).toMatch(/19 local normals/);
    // Elsewhere 19 + 8 local normals: rank ceil(28 * .95) = 27, just above 31, and 34 of 2 normals and 36 of 2 abnormal ones are above.
    expect(there.recalibrated[0]).toMatchObject({
      falseAlarms: { estimate: 1 / 2 },
      sensitivity: { estimate: 1 / 2 },
    });
  });

  it('never judges by what learnt from the same films', async () => {
    const pairs = { ...options, sharedFilms: [['elsewhere', 'home']] } as const;
    const cells = await acrossDataSets(config, pairs);
    expect(cells[1]).toMatchObject({
      seeds: [],
      areas: [],
      missing: 'the sets share films',
    });
    expect(cells[0].areas).toEqual([1, 1]);
  });

  it('goes on where a fit fails, and names what is missing', async () => {
    const broken = {
      ...options.detectors,
      broken: (request: DetectorRequest) => {
        if (request.seed === 2) throw new Error('no luck');
        return reading(request);
      },
    };
    const both = [...config.detectors, { name: 'unlucky', kind: 'broken' }];
    const seen: string[] = [];
    const cells = await acrossDataSets(
      { ...config, detectors: both },
      {
        ...options,
        detectors: broken,
        onProgress: ({ done, total, detector, seed }) =>
          seen.push(`${done}/${total} ${detector} ${seed}`),
      },
    );
    const unlucky = cells.find(
      (cell) => cell.detector === 'unlucky' && cell.judgedOn === 'elsewhere',
    );
    expect(unlucky).toMatchObject({ seeds: [1], missing: 'seed 2 failed: Error, no luck' });
    expect(unlucky?.areas).toEqual([27 / 32]);
    expect(seen.slice(0, 4)).toEqual([
      '1/8 grey 1',
      '2/8 grey 2',
      '3/8 unlucky 1',
      '4/8 unlucky 2',
    ]);
  });

  it('sets thresholds as model.calibrate does, and extends as model.extend', async () => {
    const parts = (name: string, seed: number): ExperimentData => ({
      train: part(`${name}-train`, 24, 0, seed),
      validation: part(`${name}-validation`, 10, 6, seed + 1),
      test: part(`${name}-test`, 4, 4, seed + 2),
    });
    const [one, other] = [parts('one', 1), parts('other', 11)];
    const settings = { pretrainEpochs: 1, rounds: 0, latentWeight: 0.1 };
    const plan = { channels: [4], embeddingSize: 8 };
    const [home, there] = await acrossDataSets(
      {
        ...config,
        dataSets: ['one', 'other'],
        inputShape: [SIDE, SIDE, 1],
        detectors: [{ name: 'SALAD', kind: 'salad', options: { ...settings, backbone: plan } }],
        seeds: [3],
      },
      { dataSets: { one: () => one, other: () => other }, normals: [24], draws: 2 },
    );
    const model = SaladModel.create({ backbone: tinyOptions, ...settings, seed: 3 });
    await model.fit(one.train);
    const flagged = async () => {
      const { abnormal = [] } = await model.score(normalsOf(other.validation));
      return Array.from(abnormal).filter(Boolean).length / 10;
    };
    await model.calibrate(normalsOf(one.validation));
    expect(there.falseAlarms?.estimate).toBeCloseTo(await flagged(), 12);
    await model.calibrate(other.train);
    expect(there.recalibrated[0].falseAlarms?.estimate).toBeCloseTo(await flagged(), 12);
    // All 24 local normals, in whatever order, make the same bank.
    await model.extend(other.train, { calibrate: true });
    expect(there.extended).toHaveLength(1);
    expect(there.extended?.[0]).toMatchObject({ normals: 24 });
    expect(there.extended?.[0].falseAlarms.estimate).toBeCloseTo(await flagged(), 12);
    const { scores } = await model.score(other.validation);
    const area = areaUnderRoc(scores, other.validation.labels ?? []);
    expect(there.extended?.[0].area?.estimate).toBeCloseTo(area, 12);
    expect(home).not.toHaveProperty('extended');
    model.dispose();
  });

  it('extends models whose encoder and normalisation no file holds, and leaves them as they were', async () => {
    const parts = (name: string, seed: number): ExperimentData => ({
      train: part(`${name}-train`, 12, 0, seed),
      validation: part(`${name}-validation`, 6, 3, seed + 1),
      test: part(`${name}-test`, 2, 2, seed + 2),
    });
    const imageNormalization = customNormalization({ name: 'mine', apply: (pixels) => pixels });
    const encode = (pixels: tf.Tensor4D) => [
      tf.avgPool(tf.concat([pixels, tf.square(pixels)], 3), 2, 2, 'same'),
    ];
    const frozen = await frozenEncoder({ inputShape: [SIDE, SIDE, 1], channels: 1, encode });
    const made: SaladModel[] = [];
    const factory: DetectorFactory = ({ seed }) => {
      const backbone = seed === 1 ? frozen : tinyBackbone();
      const epochs = seed === 1 ? {} : { pretrainEpochs: 1, rounds: 0 };
      const model = SaladModel.create({ backbone, imageNormalization, ...epochs, seed });
      made.push(model);
      return { detector: model };
    };
    const cells = await expectNoLeak(() =>
      acrossDataSets(
        {
          ...config,
          dataSets: ['one', 'other'],
          inputShape: [SIDE, SIDE, 1],
          detectors: [{ name: 'x', kind: 'x' }],
        },
        {
          dataSets: { one: () => parts('one', 1), other: () => parts('other', 11) },
          detectors: { x: factory },
          normals: [12],
          draws: 1,
        },
      ),
    );
    expect(made).toHaveLength(4);
    for (const { seeds, trainedOn, judgedOn, extended } of cells) {
      expect(seeds).toEqual([1, 2]);
      if (trainedOn !== judgedOn) expect(extended?.[0].normals).toBe(12);
    }
  });

  it('tells no rate where no judged image is normal', async () => {
    const abnormal = () => ({ ...elsewhere(), test: greys('other-test', [], [36, 16]) });
    const sets = { home, elsewhere: abnormal };
    const cells = await acrossDataSets(config, { ...options, dataSets: sets, judged: 'test' });
    expect(cells[1]).not.toHaveProperty('falseAlarms');
    expect(cells[1].recalibrated[0]).toEqual({ normals: 19, missing: 'no judged image is normal' });
    expect(acrossTable(cells)).not.toContain('NaN');
  });

  it('refuses what it does not understand', async () => {
    const refused = (more: object, changed: object = {}) =>
      codeOf(() =>
        acrossDataSets({ ...config, ...changed }, { ...options, ...more } as AcrossOptions),
      );
    expect(await refused({ judged: 'train' })).toBe('INVALID_OPTION');
    expect(await refused({ normals: [0] })).toBe('INVALID_OPTION');
    expect(await refused({ draws: 0 })).toBe('INVALID_OPTION');
    expect(await refused({ quantile: 2 })).toBe('INVALID_OPTION');
    expect(await refused({ sharedFilms: [['home', 'nowhere']] })).toBe('INVALID_OPTION');
    expect(await refused({ colour: 1 })).toBe('UNKNOWN_OPTION');
    expect(await refused({}, { choices: ['validationChosen'] })).toBe('INVALID_OPTION');
    expect(await refused({ dataSets: { home } })).toBe('INVALID_OPTION');
    const stop = AbortSignal.abort(new Error('enough'));
    await expect(acrossDataSets(config, { ...options, signal: stop })).rejects.toThrow('enough');
  });
});

describe('acrossTable', () => {
  it('writes a row for each cell, and below it what is missing', async () => {
    const text = acrossTable(
      await acrossDataSets(config, { ...options, sharedFilms: [['home', 'elsewhere']] }),
    );
    const lines = text.split('\n');
    expect(lines[0]).toMatch(/^Research software/);
    expect(
      lines.filter((line) => line.startsWith('| home | home (19 + 2) | grey | 1.000 [')),
    ).toHaveLength(1);
    expect(text).toContain('| home | elsewhere (8 + 4) | grey | - | - |');
    expect(text).toContain('- the sets share films: home to elsewhere; elsewhere to home');
  });

  it('shows rates in percent', async () => {
    const text = acrossTable(await acrossDataSets(config, options));
    expect(text).toMatch(
      /\| home \| elsewhere \(8 \+ 4\) \| grey \| 0\.844 \[.*\] \| 62\.5% \[.*\] \/ 100\.0% \| 12\.5% \[12\.5, 12\.5\] \/ 75\.0% \| - \|/,
    );
    expect(text).toContain(
      '- a threshold of 20 local normals, since there are 19 local normals that are not judged: home to elsewhere',
    );
  });

  it('is empty without cells, and refuses what is none', async () => {
    expect(acrossTable([])).toBe('');
    expect(await codeOf(() => acrossTable(3 as never))).toBe('INVALID_OPTION');
  });
});
