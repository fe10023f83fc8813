import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SaladModel, thresholdText } from '../../src/index.js';
import { assessScores, renderReport } from '../../src/report/index.js';
import { sensitiveThreshold } from '../../src/support/promised-threshold.js';
import { RandomStream } from '../../src/support/random.js';
import { trainOn } from './held-models.js';
import { codeOf, memoryFile, mixed, normals, tinyModel } from './tiny.js';

let model: SaladModel;
const images = mixed(30, 25, 5);
let scores: number[];
beforeAll(async () => {
  await trainOn('wasm');
  model = tinyModel();
  await model.fit(normals(12));
  scores = Array.from((await model.score(images)).scores);
});
afterAll(() => model.dispose());

/** scipy: ksone.ppf(.95, n), of 30 and of 8 normals. */
const KS30 = 0.21756345070419805;
const KS8 = 0.40962303148319473;

const share = (all: readonly number[], threshold: number) =>
  all.filter((score) => score >= threshold).length / all.length;

describe('a threshold of the user', () => {
  it('decides, promises nothing, and tells what it did', async () => {
    const threshold = [...scores].sort((a, b) => a - b)[20];
    await model.calibrate(images, { threshold });
    const expected = {
      chosenBy: 'user',
      value: threshold,
      normalCount: 30,
      anomalyCount: 25,
      observedFalseAlarmRate: share(scores.slice(0, 30), threshold),
      // The user may have chosen by these: and scipy's ksone.ppf(.95, 30).
      certifiedFalseAlarmRate: expect.closeTo(KS30 + share(scores.slice(0, 30), threshold), 12),
      observedSensitivity: share(scores.slice(30), threshold),
      // Wilson's interval of 25 of 25: from 25 / (25 + 1.96^2).
      sensitivityInterval: { lower: expect.closeTo(25 / (25 + 1.959964 ** 2), 5), upper: 1 },
      useful: true,
    };
    expect(model.decisionThreshold).toEqual(expected);
    const result = await model.score(images);
    expect(result.decisionThreshold).toEqual(expected);
    expect(result.threshold).toBe(threshold);
    expect(result.abnormal).toEqual(scores.map((score) => score >= threshold));
    // The normalizer is of the normal ones alone.
    expect(Math.max(...(result.normalized?.slice(0, 30) ?? []))).toBeCloseTo(29 / 30, 6);
    expect(thresholdText(model.decisionThreshold as never)).toMatch(
      /^chosen by the user; [\d.]+% of 30 normal and [\d.]+% of 25 abnormal images at hand reach it, which alone promises nothing; with 95% confidence at most [\d.]+% of new normal images reach it; promises hold for new normal images that are exchangeable with the 30 validation normals/,
    );
  });

  it('takes normal images alone, and may be a number that no score is', async () => {
    await model.calibrate(normals(8, 2), { threshold: 2 });
    expect(model.decisionThreshold).toEqual({
      chosenBy: 'user',
      value: 2,
      normalCount: 8,
      anomalyCount: 0,
      observedFalseAlarmRate: 0,
      certifiedFalseAlarmRate: expect.closeTo(KS8, 12),
    });
    expect((await model.score(images)).abnormal).not.toContain(true);
  });
});

describe('a wanted sensitivity', () => {
  it('is reached on the images at hand, by the order statistic floor((m + 1)(1 - s))', async () => {
    await model.calibrate(images, { sensitivity: 0.9 });
    // floor(26 * .1) = 2: the second lowest of 25.
    const second = scores.slice(30).sort((a, b) => a - b)[1];
    expect(model.decisionThreshold).toEqual({
      chosenBy: 'sensitivity',
      value: second,
      sensitivity: 0.9,
      normalCount: 30,
      anomalyCount: 25,
      observedFalseAlarmRate: share(scores.slice(0, 30), second),
      // None of 30: scipy's beta.ppf(.95, 1, 30), since the abnormal ones alone set it.
      certifiedFalseAlarmRate: expect.closeTo(0.09503385285530411, 12),
      observedSensitivity: 24 / 25,
      sensitivityInterval: { lower: expect.closeTo(0.80456, 4), upper: expect.closeTo(0.9929, 4) },
      useful: true,
    });
    const { abnormal = [] } = await model.score(images);
    expect(abnormal.slice(30).filter(Boolean).length).toBeGreaterThanOrEqual(24);
    expect(thresholdText(model.decisionThreshold as never)).toMatch(
      /^at least 90% of new abnormal images are expected to reach it \(computed from 25 abnormal images\); /,
    );
  });

  it('warns where so few cannot promise it, and says what they can', async () => {
    const warnings: string[] = [];
    const onWarning = ({ code, message }: { code: string; message: string }) =>
      warnings.push(`${code} ${message}`);
    await model.calibrate(mixed(5, 4, 9), { sensitivity: 0.95, onWarning });
    expect(warnings).toEqual([
      'FEW_VALIDATION_ANOMALIES SaladModel.calibrate: 4 abnormal images cannot promise a sensitivity of 95.0%; their largest is 80.0%; use 19 abnormal images at least, or a lower sensitivity.',
    ]);
    expect(model.decisionThreshold).toMatchObject({ sensitivity: 0.8 });
  });

  it('keeps its promise in the mean over many draws', () => {
    const random = new RandomStream(3, ['sensitivity']);
    for (const [m, s, least] of [
      [25, 0.9, 0.9],
      [4, 0.95, 0.8],
      [60, 0.5, 0.5],
    ]) {
      let reached = 0;
      const draws = 20_000;
      for (let draw = 0; draw < draws; draw++) {
        const anomalies = Array.from({ length: m }, () => random.uniform()).sort((a, b) => a - b);
        if (random.uniform() >= sensitiveThreshold(anomalies, s)) reached += 1;
      }
      // Exactly 1 - max(1, floor((m + 1)(1 - s))) / (m + 1); .01 is four standard errors at least.
      const rank = Math.max(1, Math.floor((m + 1) * (1 - s) + 1e-9));
      expect(Math.abs(reached / draws - (1 - rank / (m + 1)))).toBeLessThan(0.015);
      expect(reached / draws).toBeGreaterThan(least - 0.015);
    }
  });
});

it('refuses two ways at once, other values and images without both classes', async () => {
  const before = model.decisionThreshold;
  for (const [code, options] of [
    ['INVALID_OPTION', { threshold: 0.3, quantile: 0.9 }],
    ['INVALID_OPTION', { threshold: 0.3, sensitivity: 0.9 }],
    ['INVALID_OPTION', { threshold: Number.NaN }],
    ['INVALID_OPTION', { threshold: Number.POSITIVE_INFINITY }],
    ['INVALID_OPTION', { threshold: '0.3' }],
    ['INVALID_OPTION', { sensitivity: 0 }],
    ['INVALID_OPTION', { sensitivity: 1.1 }],
    ['INVALID_OPTION', { trimBeyond: 0.9 }],
    ['INVALID_OPTION', { trimBeyond: Number.NaN }],
    ['INVALID_OPTION', { trimBeyond: '3' }],
    ['INVALID_OPTION', { trimBeyond: 3, sensitivity: 0.9 }],
    ['INVALID_OPTION', { trimBeyond: 3, threshold: 0.9 }],
    ['UNKNOWN_OPTION', { trim: 3 }],
  ] as const)
    expect(await codeOf(model.calibrate(images, options as object))).toBe(code);
  for (const one of [normals(4), mixed(4, 0), mixed(0, 4)])
    expect(await codeOf(model.calibrate(one, { sensitivity: 0.9 }))).toBe('LABELS_MISMATCH');
  expect(await codeOf(model.calibrate(mixed(0, 4), { threshold: 0.3 }))).toBe('EMPTY_SET');
  expect(await codeOf(model.calibrate(mixed(0, 4)))).toBe('LABELS_MISMATCH');
  expect(model.decisionThreshold).toEqual(before);
});

it('a file keeps which it is, and files without it are of a false alarm rate', async () => {
  for (const options of [{ threshold: 0.25 }, { sensitivity: 0.8 }, { quantile: 0.9 }]) {
    await model.calibrate('quantile' in options ? normals(30, 4) : images, options);
    const file = memoryFile();
    await model.save(file);
    const loaded = await SaladModel.load(file);
    expect(loaded.decisionThreshold).toEqual(model.decisionThreshold);
    loaded.dispose();
  }
  const file = memoryFile();
  await model.save(file);
  const saved = file.artifacts?.userDefinedMetadata as {
    checksum?: string;
    saladAd: { threshold: Record<string, unknown> };
  };
  // As a file of version 0.1.
  delete saved.checksum;
  const { threshold } = saved.saladAd;
  const { value } = threshold;
  delete threshold.chosenBy;
  delete threshold.falseAlarmRate;
  delete threshold.certifiedFalseAlarmRate;
  const earlier = await SaladModel.load(file);
  expect(earlier.decisionThreshold).toEqual({
    chosenBy: 'falseAlarmRate',
    value,
    quantile: 0.9,
    normalCount: 30,
  });
  expect(thresholdText(earlier.decisionThreshold as never)).toBe(
    '90% of 30 normal images were meant to stay below it; nothing is promised of new ones',
  );
  earlier.dispose();
});

it('a report tells what the threshold promises', async () => {
  const test = { scores, labels: images.labels ?? [] };
  for (const [options, said] of [
    [{ threshold: 0.3 }, 'chosen by the user; '],
    [{ sensitivity: 0.9 }, 'at least 90% of new abnormal images are expected to reach it'],
  ] as const) {
    await model.calibrate(images, options);
    const assessed = assessScores(test, { threshold: model.decisionThreshold, replicates: 10 });
    expect(assessed.confusionNote).toContain(said);
    expect(assessed.scores?.threshold).toBe(model.threshold);
    const page = await renderReport({
      title: 'x',
      confusion: assessed.confusion,
      confusionNote: assessed.confusionNote,
    });
    expect(page).toContain(said);
  }
  expect(assessScores(test, { threshold: 0.3, replicates: 10 })).not.toHaveProperty(
    'confusionNote',
  );
});
