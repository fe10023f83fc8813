import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SaladModel, type SaladWarning, thresholdText } from '../../src/index.js';
import { type CalibrationOptions, calibrated } from '../../src/model/calibrated.js';
import { trainOn } from './held-models.js';
import { codeOf, memoryFile, mixed, normals, tinyModel } from './tiny.js';

const upTo = (count: number) => Array.from({ length: count }, (_, i) => i + 1);

/** The threshold of such scores, and the warnings. */
function threshold(
  normalScores: readonly number[],
  abnormalScores: readonly number[],
  options: CalibrationOptions = {},
) {
  const warnings: SaladWarning[] = [];
  const known = {
    scores: [...abnormalScores, ...normalScores],
    abnormal: [...abnormalScores.map(() => true), ...normalScores.map(() => false)],
  };
  const onWarning = (warning: SaladWarning) => warnings.push(warning);
  const fitted = calibrated('x', known, { onWarning, ...options });
  return { ...fitted, text: thresholdText(fitted.threshold), warnings };
}

describe('what a threshold finds', () => {
  const found = (hits: number) => Array.from({ length: 100 }, (_, i) => (i < hits ? 96 : 50));

  it('is told with its interval, and that it is no more than chance', () => {
    // 99 normals: the threshold lies just above the 95th, and promises 5%.
    const { threshold: decided, text, warnings } = threshold(upTo(99), found(2));
    expect(decided).toEqual({
      chosenBy: 'falseAlarmRate',
      value: expect.closeTo(95, 10),
      quantile: 0.95,
      falseAlarmRate: expect.closeTo(0.05, 10),
      // scipy: beta.ppf(.95, 5, 95).
      certifiedFalseAlarmRate: expect.closeTo(0.09007355819196763, 12),
      normalCount: 99,
      anomalyCount: 100,
      observedSensitivity: 0.02,
      // numpy, Wilson's formula.
      sensitivityInterval: { lower: expect.closeTo(0.0055, 4), upper: expect.closeTo(0.07, 3) },
      useful: false,
    });
    expect(text).toBe(
      'at most 5% of new normal images are expected to reach it (computed from 99 normal images); with 95% confidence at most 9% of new normal images reach it; 2% of 100 abnormal images at hand reach it (95% interval 0.6% to 7%), which is not clearly more, so that it is of no use; promises hold for new normal images that are exchangeable with the 99 validation normals (same devices, kind of patients and preparation, taken as they come), and for no others',
    );
    expect(warnings.map(({ code }) => code)).toEqual(['THRESHOLD_OF_NO_USE']);
    expect(warnings[0].message).toMatch(/^x: the threshold finds hardly more .*; look at the area/);
  });

  it.each([
    // Wilson's lower ends by numpy: .0552 and .0481.
    [10, true, 0],
    [9, false, 1],
  ])('%d of 100 are clearly more than 5%%: %s', (hits, useful, warned) => {
    const { threshold: decided, text, warnings } = threshold(upTo(99), found(hits));
    expect(decided.useful).toBe(useful);
    expect(text.includes('no use')).toBe(!useful);
    expect(warnings).toHaveLength(warned);
  });

  it('is compared with the false alarms at hand where none are promised', () => {
    // 40% of the normal and 50 of 100 abnormal images, whose interval begins at .404.
    const { threshold: decided } = threshold(upTo(10), [...found(50)], { threshold: 60 });
    expect(decided).toMatchObject({ observedFalseAlarmRate: 0, useful: true });
    const half = threshold(upTo(100), found(50), { threshold: 60 });
    expect(half.threshold).toMatchObject({ observedFalseAlarmRate: 0.41, useful: false });
    expect(half.text).toMatch(
      /promises nothing; these are not clearly more .* of no use; with 95%/,
    );
    expect(half.warnings.map(({ code }) => code)).toEqual(['THRESHOLD_OF_NO_USE']);
  });

  it('is not told without abnormal images', () => {
    const { threshold: decided, text, warnings } = threshold(upTo(99), []);
    expect(Object.keys(decided)).toEqual([
      'chosenBy',
      'value',
      'quantile',
      'falseAlarmRate',
      'certifiedFalseAlarmRate',
      'normalCount',
    ]);
    expect(text).toMatch(/normal images reach it; promises hold for new normal images that are/);
    expect(warnings).toEqual([]);
  });
});

describe('trimBeyond', () => {
  it('sets the threshold without odd normals, and tells what that costs', () => {
    // The fence of 1 to 9 and 100 is 16.6; ceil(10 * .5) = 5 of the nine.
    const options = { trimBeyond: 3, quantile: 0.5 };
    const {
      threshold: decided,
      text,
      normalizer,
    } = threshold([...upTo(9), 100], [6, 7, 8], options);
    expect(decided).toEqual({
      chosenBy: 'trimmedNormals',
      value: expect.closeTo(5, 12),
      quantile: 0.5,
      trimBeyond: 3,
      fence: expect.closeTo(16.6195, 10),
      trimmedCount: 1,
      normalCount: 10,
      observedFalseAlarmRate: 0.5,
      // The normals set it: .5 and scipy's ksone.ppf(.95, 10), for all thresholds at once.
      certifiedFalseAlarmRate: expect.closeTo(0.8686633326129638, 12),
      anomalyCount: 3,
      observedSensitivity: 1,
      sensitivityInterval: { lower: expect.closeTo(3 / (3 + 1.959964 ** 2), 5), upper: 1 },
      useful: false,
    });
    expect(decided).not.toHaveProperty('falseAlarmRate');
    expect(text).toBe(
      '50% of 9 normal images were meant to stay below it, and 1 of 10 (10%) were left out as odd, since they score more than 3 robust deviations above the median; 50% of all 10 reach it, and no expected false alarm rate is promised over all new normal images; with 95% confidence at most 86.9% of new normal images reach it; 100% of 3 abnormal images at hand reach it (95% interval 43.9% to 100%), which is not clearly more, so that it is of no use; promises hold for new normal images that are exchangeable with the 10 validation normals (same devices, kind of patients and preparation, taken as they come), and for no others',
    );
    // Shares of all normals, odd or not.
    expect(normalizer).toEqual({ method: 'empirical', sorted: [...upTo(9), 100] });
  });

  it('leaves the threshold where it was where no normal is odd', () => {
    const { threshold: plain } = threshold(upTo(99), []);
    const { threshold: trimmed } = threshold(upTo(99), [], { trimBeyond: 3 });
    expect(trimmed).toMatchObject({ value: plain.value, trimmedCount: 0, normalCount: 99 });
    const alike = threshold([2, 2, 2, 9], [], { trimBeyond: 3 }).threshold;
    expect(alike).toMatchObject({ trimmedCount: 0 });
    expect(alike).not.toHaveProperty('fence');
  });

  it('counts what is left where a rate is asked for', () => {
    const { warnings } = threshold([...upTo(18), 1000], [], { trimBeyond: 3 });
    expect(warnings.map(({ code }) => code)).toEqual(['FEW_VALIDATION_NORMALS']);
    expect(warnings[0].message).toContain('18 normal images cannot promise');
    expect(threshold([...upTo(18), 1000], []).warnings).toEqual([]);
  });

  it('finds more where one normal in ten is odd', () => {
    const odd = [...upTo(90), ...upTo(10).map((i) => 1000 + i)];
    const abnormal = Array.from({ length: 100 }, (_, i) => 60 + i);
    expect(threshold(odd, abnormal).threshold).toMatchObject({
      observedSensitivity: 0,
      useful: false,
    });
    // ceil(91 * .95) = 87: scores above 87 are 72 of the abnormal ones.
    const { threshold: trimmed } = threshold(odd, abnormal, { trimBeyond: 3 });
    expect(trimmed).toMatchObject({ trimmedCount: 10, observedSensitivity: 0.72, useful: true });
    expect(trimmed).toMatchObject({ observedFalseAlarmRate: 0.13 });
  });
});

describe('of a model', () => {
  let model: SaladModel;
  beforeAll(async () => {
    await trainOn('wasm');
    model = tinyModel();
  });
  afterAll(() => model.dispose());

  it('fit sets it as it is told to, and tells what it finds among labelled validation images', async () => {
    const validation = mixed(30, 25, 5);
    const calibration = { quantile: 0.9, trimBeyond: 4, normalizer: 'minMax' } as const;
    await model.fit(normals(12), { validation, calibration });
    const fromFit = model.decisionThreshold;
    expect(fromFit).toMatchObject({ chosenBy: 'trimmedNormals', quantile: 0.9, normalCount: 30 });
    expect(fromFit).toMatchObject({ anomalyCount: 25, useful: expect.any(Boolean) });
    const { abnormal, normalized } = await model.score(validation);
    expect(abnormal?.slice(30).filter(Boolean).length).toBe(
      25 * (fromFit?.observedSensitivity ?? -1),
    );
    expect(normalized?.[0]).toBeLessThanOrEqual(1);
    await model.calibrate(validation, calibration);
    expect(model.decisionThreshold).toEqual(fromFit);
    const file = memoryFile();
    await model.save(file);
    const { SaladModel } = await import('../../src/index.js');
    const loaded = await SaladModel.load(file);
    expect(loaded.decisionThreshold).toEqual(fromFit);
    loaded.dispose();
  });

  it.each([
    ['INVALID_OPTION', { calibration: { quantile: 0.9 } }],
    ['INVALID_OPTION', { calibration: 0.9, validation: mixed(3, 3) }],
    ['INVALID_OPTION', { calibration: { quantile: 2 }, validation: mixed(3, 3) }],
    ['INVALID_OPTION', { calibration: { normalizer: 'max' }, validation: mixed(3, 3) }],
    ['UNKNOWN_OPTION', { calibration: { quantil: 0.9 }, validation: mixed(3, 3) }],
    ['UNKNOWN_OPTION', { calibration: { onWarning: () => {} }, validation: mixed(3, 3) }],
    ['LABELS_MISMATCH', { calibration: { sensitivity: 0.9 }, validation: normals(3, 2) }],
  ])('fit refuses with %s: %o', async (code, options) => {
    const fresh = tinyModel();
    expect(await codeOf(fresh.fit(normals(4), options as object))).toBe(code);
    expect(fresh.history).toEqual([]);
    fresh.dispose();
  });
});
