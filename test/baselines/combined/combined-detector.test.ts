import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  type CombinedDetector,
  type CombinedDetectorOptions,
  combinedDetector,
  detectorFromConfig,
  loadDetector,
} from '../../../src/baselines/index.js';
import { fitThreshold } from '../../../src/core/calibration.js';
import {
  convAutoencoder,
  customNormalization,
  none,
  SaladModel,
  type SaladOptions,
  thresholdText,
} from '../../../src/index.js';
import { trainOn } from '../../model/held-models.js';
import {
  codeOf,
  encoderAlone,
  memoryFile,
  mixed,
  normals,
  tinyModel,
  tinyOptions,
} from '../../model/tiny.js';
import { expectNoLeak } from '../../support/backends.js';
import { lossySource } from '../../support/lossy-source.js';

// biome-ignore lint/suspicious/noExplicitAny: JSON that is to be harmed
type Facts = Record<string, any>;

const short = { pretrainEpochs: 1, rounds: 0 } as const;
const own = (options: Partial<SaladOptions> = {}) => tinyModel({ ...short, ...options });
/** The same films at half the size. */
const small = (options: Partial<SaladOptions> = {}) =>
  tinyModel({
    ...short,
    backbone: convAutoencoder({ inputShape: [4, 4, 1], channels: [3], embeddingSize: 5, seed: 8 }),
    resize: { method: 'area', fit: 'stretch' },
    ...options,
  });
const terms = ['own.embedding', 'own.error', 'small.embedding'] as const;
const weights = { 'own.error': 0.5 };
const train = normals(14);
const validation = mixed(12, 9, 4);
const films = mixed(6, 5, 7);

const meanOf = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
function spread(values: readonly number[]) {
  const mean = meanOf(values);
  return { mean, deviation: Math.sqrt(meanOf(values.map((value) => (value - mean) ** 2))) };
}
const z = (value: number, { mean, deviation }: { mean: number; deviation: number }) =>
  (value - mean) / deviation;

/** The terms of images as the models themselves say them. */
async function raw({ models }: CombinedDetector, images: typeof films): Promise<number[][]> {
  const [a, b] = [await models.own.score(images), await models.small.score(images)];
  const errors = await models.own.reconstructionErrors(images);
  return [a.angular, errors, b.angular].map((values) => Array.from(values));
}

describe('a sum over models of different image sizes', () => {
  let detector: CombinedDetector;
  let ofNormals: number[][];
  beforeAll(async () => {
    await trainOn('wasm');
    detector = combinedDetector({ models: { own: own(), small: small() }, terms, weights });
    const history = await detector.fit(train, { validation });
    expect(history.epochs.map(({ epoch }) => epoch)).toEqual([0, 0]);
    ofNormals = (await raw(detector, validation)).map((values) => values.slice(0, 12));
  });
  afterAll(() => detector.dispose());

  it('tells each term in deviations of the validation normals, and adds them by their weights', async () => {
    const result = await expectNoLeak(() => detector.score(films));
    const spreads = ofNormals.map(spread);
    terms.forEach((name, at) => {
      expect(detector.spreads?.[name].mean).toBeCloseTo(spreads[at].mean, 6);
      expect(detector.spreads?.[name].deviation).toBeCloseTo(spreads[at].deviation, 6);
    });
    const values = await raw(detector, films);
    expect(Object.keys(result.terms)).toEqual([...terms]);
    expect(result.ids).toEqual(films.ids);
    for (let i = 0; i < films.length; i++) {
      const each = values.map((of, at) => z(of[i], spreads[at]));
      for (const [at, name] of terms.entries())
        expect(result.terms[name][i]).toBeCloseTo(each[at], 3);
      expect(result.scores[i]).toBeCloseTo(each[0] + 0.5 * each[1] + each[2], 3);
    }
  });

  it('sets its threshold by normals that are each standardised by the others', async () => {
    const sums = Array.from({ length: 12 }, (_, own) =>
      ofNormals.reduce((sum, values, at) => {
        const others = spread(values.filter((_, i) => i !== own));
        return sum + (at === 1 ? 0.5 : 1) * z(values[own], others);
      }, 0),
    );
    expect(detector.threshold).toBeCloseTo(fitThreshold(sums).value, 3);
    const decided = detector.decisionThreshold;
    expect(decided).toMatchObject({
      chosenBy: 'falseAlarmRate',
      falseAlarmRate: 1 / 13,
      normalCount: 12,
      anomalyCount: 9,
    });
    const { abnormal, scores, threshold, decisionThreshold, normalized } =
      await detector.score(validation);
    expect(threshold).toBe(detector.threshold);
    expect(decisionThreshold).toEqual(decided);
    expect(abnormal).toEqual(Array.from(scores, (score) => score >= (threshold as number)));
    expect(abnormal?.slice(12).filter(Boolean).length).toBe(
      Math.round(9 * (decided?.observedSensitivity as number)),
    );
    expect(normalized?.every((share) => share >= 0 && share <= 1)).toBe(true);
  });

  it('is calibrated on local normals, and keeps means and deviations', async () => {
    const file = memoryFile();
    await detector.save(file);
    const local = (await loadDetector(file)) as CombinedDetector;
    const { spreads } = local;
    const normalsThere = normals(20, 31);
    await local.calibrate(normalsThere);
    expect(local.spreads).toEqual(spreads);
    const { scores } = await local.score(normalsThere);
    expect(local.threshold).toBe(fitThreshold(scores).value);
    expect(thresholdText(local.decisionThreshold as never)).toBe(
      'at most 5% of new normal images are expected to reach it (computed from 20 normal images); with 95% confidence at most 13.9% of new normal images reach it; promises hold for new normal images that are exchangeable with the 20 validation normals (same devices, kind of patients and preparation, taken as they come), and for no others',
    );
    const { pValues = [] } = await local.score(validation);
    const { scores: there } = await local.score(validation);
    // (1 + those that reach it) / (n + 1), one by one.
    const beside = (s: number) => (1 + scores.filter((normal) => normal >= s).length) / 21;
    expect([...pValues]).toEqual(Array.from(there, beside));
    await local.calibrate(normalsThere, {
      groups: normalsThere.ids.map((_, i) => ['a', 'b'][i % 2]),
    });
    const again = memoryFile();
    await local.save(again);
    const loaded = (await loadDetector(again)) as CombinedDetector;
    const warnings: string[] = [];
    const result = await loaded.score(validation, {
      groups: validation.ids.map((_, i) => ['a', 'c'][i % 2]),
      onWarning: ({ code }) => warnings.push(code),
    });
    loaded.dispose();
    expect(result.pValueGroups?.slice(0, 2)).toEqual(['a', undefined]);
    const ofA = scores.filter((_, i) => i % 2 === 0);
    expect(result.pValues?.[0]).toBe((1 + ofA.filter((s) => s >= there[0]).length) / 11);
    expect(result.pValues?.[1]).toBe(beside(there[1]));
    expect(warnings).toContain('GROUP_WITHOUT_NORMALS');
    await local.calibrate(validation, { trimBeyond: 3, quantile: 0.8 });
    expect(local.decisionThreshold).toMatchObject({ chosenBy: 'trimmedNormals', normalCount: 12 });
    await local.calibrate(validation, { sensitivity: 0.8 });
    expect(local.decisionThreshold).toMatchObject({ chosenBy: 'sensitivity', sensitivity: 0.8 });
    local.dispose();
  });

  it('leaves out images that cannot be read', async () => {
    const whole = await detector.score(films);
    const result = await expectNoLeak(() =>
      detector.score(lossySource(films, (index) => index === 1 || index === 4)),
    );
    expect(result.indices).toEqual([0, 2, 3, 5, 6, 7, 8, 9, 10]);
    expect(result.problems?.map(({ index, code }) => [index, code])).toEqual([
      [1, 'IMAGE_TRUNCATED'],
      [4, 'IMAGE_TRUNCATED'],
    ]);
    result.indices?.forEach((index, i) => {
      expect(result.ids[i]).toBe(films.ids[index]);
      expect(result.scores[i]).toBeCloseTo(whole.scores[index], 4);
      expect(result.terms['own.error'][i]).toBeCloseTo(whole.terms['own.error'][index], 4);
    });
    const none = await detector.score(lossySource(films, () => true));
    expect([none.ids.length, none.problems?.length]).toEqual([0, films.length]);
  });

  it('is the same once saved and loaded, threshold and spreads too', async () => {
    const file = memoryFile();
    await expectNoLeak(() => detector.save(file));
    await expectNoLeak(async () => {
      const loaded = (await loadDetector(file)) as CombinedDetector;
      expect(loaded.config).toEqual(detector.config);
      expect(loaded.spreads).toEqual(detector.spreads);
      expect(await loaded.score(films)).toEqual(await detector.score(films));
      expect(await codeOf(loaded.fit(train))).toBe('ALREADY_FITTED');
      loaded.dispose();
    });
  });

  it.each<[string, string, (facts: Facts) => void]>([
    ['a spread of 0', 'MODEL_DAMAGED', ({ spreads }) => (spreads['own.error'].deviation = 0)],
    ['no spread', 'MODEL_DAMAGED', ({ spreads }) => delete spreads['own.error']],
    ['no model', 'MODEL_DAMAGED', ({ models }) => delete models.small],
    ['a text for models', 'MODEL_DAMAGED', (facts) => (facts.models = 'x')],
    ['a threshold of text', 'MODEL_DAMAGED', ({ calibration }) => (calibration.threshold = 'x')],
  ])('a file with %s is refused', async (_, code, harm) => {
    const file = memoryFile();
    await detector.save(file);
    const metadata = file.artifacts?.userDefinedMetadata as {
      checksum?: string;
      saladAdDetector: { facts: Facts };
    };
    delete metadata.checksum;
    harm(metadata.saladAdDetector.facts);
    await expectNoLeak(async () => expect(await codeOf(loadDetector(file))).toBe(code));
  });
});

describe('cells', () => {
  beforeAll(() => trainOn('wasm'));

  it('are read with the embedding in one pass through the network, and told beside it', async () => {
    const model = own({ score: 'both', cells: { levels: [1], grid: [4, 4], coreset: 0.5 } });
    const terms = ['model.embedding', 'model.cells'] as const;
    const detector = combinedDetector({ models: { model }, terms });
    await detector.fit(train, { validation });
    const passes = vi.spyOn(model.backbone, 'encode');
    const { scores, terms: told } = await detector.score(films);
    const seen = passes.mock.calls.reduce((sum, [images]) => sum + images.shape[0], 0);
    passes.mockRestore();
    expect(seen).toBe(films.length);
    const [normal, raw] = [await model.score(validation), await model.score(films)];
    const of = (values: ArrayLike<number>) => spread(Array.from(values).slice(0, 12));
    const [embedding, cells] = [of(normal.angular), of(normal.cells as Float32Array)];
    expect(detector.spreads?.['model.cells'].mean).toBeCloseTo(cells.mean, 5);
    raw.angular.forEach((value, i) => {
      const each = [z(value, embedding), z(raw.cells?.[i] as number, cells)];
      expect(told['model.embedding'][i]).toBeCloseTo(each[0], 3);
      expect(told['model.cells'][i]).toBeCloseTo(each[1], 3);
      expect(scores[i]).toBeCloseTo(each[0] + each[1], 3);
    });
    const file = memoryFile();
    await detector.save(file);
    const loaded = await loadDetector(file);
    expect(await loaded.score(films)).toEqual(await detector.score(films));
    for (const one of [detector, loaded]) one.dispose();
  });

  it('of training images are compared with those of others where there is no validation', async () => {
    const model = own({ score: 'cells', cells: { levels: [1], grid: [4, 4], coreset: 1 } });
    const detector = combinedDetector({ models: { model }, terms: ['model.cells'] });
    await detector.fit(train);
    // Beside its own cells the distance of a film would be 0.
    const { cells } = await model.score(train, { ownRows: train.ids.map((_, i) => i) });
    expect(detector.spreads?.['model.cells'].mean).toBeCloseTo(
      meanOf(Array.from(cells as Float32Array)),
      6,
    );
    expect(detector.spreads?.['model.cells'].mean).toBeGreaterThan(0.01);
    detector.dispose();
  });
});

describe('without validation images', () => {
  beforeAll(() => trainOn('wasm'));

  it('measures training normals beside the bank without their own rows, and sets no threshold', async () => {
    const model = own();
    const detector = combinedDetector({ models: { model }, terms: ['model.embedding'] });
    await detector.fit(mixed(14, 3));
    const { angular } = await model.score(mixed(14, 0), {
      ownRows: Array.from({ length: 14 }, (_, i) => i),
    });
    const { mean, deviation } = spread(Array.from(angular));
    expect(detector.spreads?.['model.embedding'].mean).toBeCloseTo(mean, 6);
    expect(detector.spreads?.['model.embedding'].deviation).toBeCloseTo(deviation, 6);
    expect(detector.threshold).toBeUndefined();
    expect(await detector.score(films)).not.toHaveProperty('abnormal');
    detector.dispose();
  });

  it('takes a model that was fitted before only with validation normals, and leaves it as it is', async () => {
    const model = own();
    await model.fit(train);
    const rows = await model.bank.rows.data();
    const detector = combinedDetector({ models: { model }, terms: ['model.embedding'] });
    const unreadable = lossySource(validation, (index) => index < 12);
    for (const options of [{}, { validation: mixed(0, 3) }, { validation: unreadable }])
      expect(await codeOf(detector.fit(train, options))).toBe('INVALID_OPTION');
    const { epochs } = await detector.fit(train, { validation });
    expect(epochs).toEqual([]);
    expect(await model.bank.rows.data()).toEqual(rows);
    // One term ranks as the model does.
    const [a, b] = [(await detector.score(films)).scores, (await model.score(films)).scores];
    const order = (scores: Float32Array) =>
      Array.from(scores.keys()).sort((i, j) => scores[i] - scores[j]);
    expect(order(a)).toEqual(order(b));
    detector.dispose();
  });
});

describe('options and pieces', () => {
  beforeAll(() => trainOn('wasm'));

  it('a weight of 0 is told and not added', async () => {
    const detector = combinedDetector({
      models: { own: own() },
      terms: ['own.embedding', 'own.error'],
      weights: { 'own.error': 0 },
    });
    await detector.fit(train, { validation });
    const { scores, terms } = await detector.score(films);
    expect(scores).toEqual(terms['own.embedding']);
    expect(new Set(terms['own.error']).size).toBeGreaterThan(1);
    detector.dispose();
  });

  it('what JSON and files cannot hold is handed in by the name of the model', async () => {
    const half = () =>
      customNormalization({ name: 'half', apply: (pixels) => pixels.map((value) => value / 2) });
    const models = () => ({
      own: own({ backbone: encoderAlone(), imageNormalization: half(), latentWeight: 0.1 }),
      other: own(),
    });
    const options = { terms: ['own.embedding', 'other.error'] } as const;
    const detector = combinedDetector({ models: models(), ...options });
    await detector.fit(train, { validation });
    const file = memoryFile();
    await detector.save(file);
    const pieces = { imageNormalization: half() };
    const loaded = await loadDetector(file, pieces);
    expect((await loaded.score(films)).scores).toEqual((await detector.score(films)).scores);
    const config = JSON.parse(JSON.stringify(detector.config));
    const twin = await detectorFromConfig(config, pieces);
    expect(twin.config).toEqual(detector.config);
    expect(await codeOf(loadDetector(file))).toBe('INVALID_OPTION');
    for (const one of [detector, loaded, twin]) one.dispose();
  });

  it.each<[string, Partial<Record<keyof CombinedDetectorOptions, unknown>>]>([
    ['INVALID_OPTION', { models: undefined }],
    ['INVALID_OPTION', { models: {} }],
    ['INVALID_OPTION', { models: { own: 5 } }],
    ['INVALID_OPTION', { models: { own: new Date() } }],
    ['INVALID_OPTION', { terms: undefined }],
    ['INVALID_OPTION', { terms: [] }],
    ['INVALID_OPTION', { terms: [5] }],
    ['INVALID_OPTION', { terms: [null] }],
    ['INVALID_OPTION', { terms: ['own'] }],
    ['INVALID_OPTION', { terms: ['own.vector'] }],
    ['INVALID_OPTION', { terms: ['toString.embedding'] }],
    ['INVALID_OPTION', { terms: ['own.embedding.error'] }],
    ['INVALID_OPTION', { terms: ['own.embedding', 'own.embedding'] }],
    ['INVALID_OPTION', { terms: ['own.cells'] }],
    ['INVALID_OPTION', { weights: 5 }],
    ['INVALID_OPTION', { weights: { 'own.embedding': -1 } }],
    ['INVALID_OPTION', { weights: { 'own.embedding': 0 } }],
    ['UNKNOWN_OPTION', { weights: { 'own.error': 1 } }],
    ['UNKNOWN_OPTION', { weight: 1 } as object],
  ])('%s for %o', async (code, wrong) => {
    const model = own();
    const options = { models: { own: model }, terms: ['own.embedding'], ...wrong };
    expect(await codeOf(() => combinedDetector(options as never))).toBe(code);
    model.dispose();
  });

  it('refuses names, twins, models without a term, and errors without a decoder', async () => {
    const [a, b] = [own(), own({ backbone: encoderAlone(), latentWeight: 0.1 })];
    for (const [code, options] of [
      ['INVALID_OPTION', { models: { 'a b': a }, terms: ['a b.embedding'] }],
      ['INVALID_OPTION', { models: { a, b: a }, terms: ['a.embedding', 'b.embedding'] }],
      ['INVALID_OPTION', { models: { a, b }, terms: ['a.embedding'] }],
      ['NO_DECODER', { models: { b }, terms: ['b.error'] }],
    ] as const)
      expect(await codeOf(() => combinedDetector(options as never))).toBe(code);
    for (const one of [a, b]) one.dispose();
  });

  it('of configs and calls are checked', async () => {
    const detector = combinedDetector({ models: { own: own() }, terms: ['own.embedding'] });
    const { config } = detector;
    for (const wrong of [
      { models: undefined },
      { models: { own: 5 } },
      { models: { own: { kind: 'pixelBank', inputShape: [8, 8, 1] } } },
      { terms: ['x.embedding'], weights: undefined },
    ])
      await expectNoLeak(async () =>
        expect(await codeOf(detectorFromConfig({ ...config, ...wrong }))).toBe('INVALID_OPTION'),
      );
    expect(await codeOf(detector.fit(train, { validations: 1 } as never))).toBe('UNKNOWN_OPTION');
    expect(await codeOf(detector.fit(train, { calibration: {} }))).toBe('INVALID_OPTION');
    expect(
      await codeOf(
        detector.fit(train, { validation: normals(3, 9), calibration: { sensitivity: 1 } }),
      ),
    ).toBe('LABELS_MISMATCH');
    expect(await codeOf(detector.calibrate(normals(3)))).toBe('NOT_FITTED');
    await detector.fit(train, { validation });
    expect(await codeOf(detector.calibrate(mixed(0, 4)))).toBe('LABELS_MISMATCH');
    expect(await codeOf(detector.calibrate(normals(4), { trim: 3 } as never))).toBe(
      'UNKNOWN_OPTION',
    );
    const abort = { signal: AbortSignal.abort(new Error('enough')) };
    await expect(detector.score(films, abort)).rejects.toThrow('enough');
    await expect(detector.calibrate(validation, abort)).rejects.toThrow('enough');
    detector.dispose();
  });

  it('normals that are all alike under a term cannot measure it', async () => {
    const detector = combinedDetector({ models: { own: own() }, terms: ['own.embedding'] });
    const fit = detector.fit(train, { validation: normals(1, 9, 'one') });
    await expect(fit).rejects.toThrow(
      /^combinedDetector.fit: the term 'own.embedding' of normal images has 1 entries .*\[INVALID_OPTION\]$/,
    );
    detector.dispose();
  });
});

it('errors name the call, warnings of two models are told once, and those of a model alone not', async () => {
  await trainOn('wasm');
  const detector = combinedDetector({ models: { own: own(), small: small() }, terms });
  const told: { code: string; message: string }[] = [];
  const onWarning = (warning: { code: string; message: string }) => told.push(warning);
  const times = (wanted: string) => told.filter(({ code }) => code === wanted).length;
  const lossy = (images: typeof films) => lossySource(images, (index) => index === 0);
  await detector.fit(train, { validation: lossy(validation), onWarning });
  expect(times('FEW_VALIDATION_NORMALS')).toBe(1);
  expect(times('IMAGES_UNREADABLE')).toBe(1);
  for (const { message } of told) expect(message).toMatch(/^combinedDetector\.fit: /);
  told.length = 0;
  await detector.score(lossy(films), { onWarning });
  expect(times('IMAGES_UNREADABLE')).toBe(1);
  for (const { message } of told) expect(message).toMatch(/^combinedDetector\.score: /);
  const wrongSize = {
    ...films,
    read: async () => ({ pixels: new Float32Array(12), shape: [2, 6, 1] }),
  };
  await expect(detector.score(wrongSize as never)).rejects.toThrow(/^combinedDetector.score: /);
  detector.dispose();
});

it('models keep backbones, options and none() as they were made', () => {
  const model = SaladModel.create({ backbone: tinyOptions, imageNormalization: none() });
  const detector = combinedDetector({ models: { model }, terms: ['model.embedding'] });
  expect(detector.models.model).toBe(model);
  expect(detector.config).toMatchObject({
    kind: 'combinedDetector',
    models: { model: { kind: 'salad' } },
    terms: ['model.embedding'],
    weights: { 'model.embedding': 1 },
  });
  detector.dispose();
});
