import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SaladModel } from '../../src/index.js';
import { conformal } from '../../src/metrics/index.js';
import type { SaladWarning } from '../../src/support/warning.js';
import { trainOn } from './held-models.js';
import { codeOf, type MemoryFile, memoryFile, mixed, normals, tinyModel } from './tiny.js';

let model: SaladModel;
const validation = normals(30, 5, 'validation');
const films = mixed(20, 10, 7);
/** By hand: frontal images are every third one. */
const viewOf = (id: string) => (Number(id.split('-')[1]) % 3 === 0 ? 'frontal' : 'lateral');
const views = validation.ids.map(viewOf);

beforeAll(async () => {
  await trainOn('wasm');
  model = tinyModel();
  await model.fit(normals(12));
});
afterAll(() => model.dispose());

/** (1 + those that reach it) / (n + 1), one by one. */
const counted = (scores: ArrayLike<number>, own: readonly number[]) =>
  Array.from(scores, (s) => (1 + own.filter((normal) => normal >= s).length) / (own.length + 1));

/** Scores of the validation normals, in their order. */
const scoresThere = async () => Array.from((await model.score(validation)).scores);

describe('p-values beside scores', () => {
  it('count the validation normals that score as high, and say what they rest on', async () => {
    await model.calibrate(validation);
    const own = await scoresThere();
    const { scores, pValues = [], restsOn, abnormal, pValueGroups } = await model.score(films);
    expect([...pValues]).toEqual(counted(scores, own));
    expect(pValues).toEqual(conformal.pValues(scores, own));
    expect(pValueGroups).toBeUndefined();
    expect(restsOn).toBe(
      'promises hold for new normal images that are exchangeable with the 30 validation normals (same devices, kind of patients and preparation, taken as they come), and for no others',
    );
    // The threshold and they say the same, since both are ranks among the same normals.
    expect(abnormal).toEqual(Array.from(pValues, (p) => p <= 0.05));
    expect(model.normalScores).toEqual({ all: own.sort((a, b) => a - b) });
  });

  it('come with a stream, and are absent before calibration', async () => {
    const { pValues } = await model.score(films);
    const found: number[] = [];
    for await (const piece of model.scoreStream([films, films]))
      found.push(...(piece.pValues ?? []));
    expect(found).toEqual([...(pValues ?? []), ...(pValues ?? [])]);
    const bare = tinyModel();
    await bare.fit(normals(12));
    expect(await bare.score(films)).not.toHaveProperty('pValues');
    expect(bare.normalScores).toBeUndefined();
    bare.dispose();
  });

  it('are counted of the normal ones of labelled images alone, whoever chose the threshold', async () => {
    const labelled = mixed(12, 8, 9);
    await model.calibrate(labelled, { threshold: 0.4, normalizer: 'minMax' });
    const own = Array.from((await model.score(labelled)).scores).slice(0, 12);
    const { scores, pValues = [] } = await model.score(films);
    expect([...pValues]).toEqual(counted(scores, own));
  });
});

describe('groups', () => {
  it('have p-values of their own normals, and an unknown one those of all, which is told', async () => {
    await model.calibrate(validation, { groups: views });
    const own = await scoresThere();
    const ofView = (view: string) => own.filter((_, i) => views[i] === view);
    const warnings: SaladWarning[] = [];
    const groups = films.ids.map((_, i) => ['frontal', 'lateral', 'oblique'][i % 3]);
    const result = await model.score(films, { groups, onWarning: (one) => warnings.push(one) });
    const { scores, pValues = [], pValueGroups, restsOn } = result;
    groups.forEach((view, i) => {
      const beside = view === 'oblique' ? own : ofView(view);
      expect(pValues[i]).toBe(counted([scores[i]], beside)[0]);
    });
    expect(pValueGroups).toEqual(groups.map((view) => (view === 'oblique' ? undefined : view)));
    expect(restsOn).toMatch(/validation normals of their group, or with all 30 where it has none/);
    expect(warnings).toEqual([
      {
        code: 'GROUP_WITHOUT_NORMALS',
        message:
          "SaladModel.score: 10 of 30 images are of a group without validation normals ('oblique'), so that their p-values come from the normals of all groups, and hold only where the group scores as these do; calibrate with groups on normals of each.",
      },
    ]);
  });

  it('may be told by the id of an image, in a stream too', async () => {
    await model.calibrate(validation, { groups: viewOf });
    const groups = (id: string) => (id.endsWith('0') ? 'frontal' : 'lateral');
    const { pValues } = await model.score(films, { groups: films.ids.map(groups) });
    expect((await model.score(films, { groups })).pValues).toEqual(pValues);
    for await (const piece of model.scoreStream([films], { groups }))
      expect(piece.pValues).toEqual(pValues);
    // Nobody is told of groups that the call does not name.
    const warnings: string[] = [];
    await model.score(films, { onWarning: ({ code }) => warnings.push(code) });
    expect(warnings).not.toContain('GROUP_WITHOUT_NORMALS');
  });

  it('that are too small for the share asked for are told at calibration', async () => {
    const warnings: SaladWarning[] = [];
    const onWarning = (one: SaladWarning) => warnings.push(one);
    await model.calibrate(validation, { quantile: 0.95, groups: views, onWarning });
    expect(warnings).toEqual([
      {
        code: 'FEW_VALIDATION_NORMALS',
        message:
          "SaladModel.calibrate: the group 'frontal' has 10 normal images, so that no p-value of it is below 9.1%, and none reaches 5.0%; use more of them, or fewer groups.",
      },
    ]);
  });

  it('come with calibration by the end of a fit and by extend', async () => {
    const other = tinyModel();
    await other.fit(normals(12), { validation, calibration: { groups: views } });
    expect(other.normalScores?.groups?.frontal).toHaveLength(10);
    await other.extend(normals(6, 8, 'local'), { calibrate: { groups: () => 'local' } });
    expect(Object.keys(other.normalScores?.groups ?? {})).toEqual(['local']);
    other.dispose();
  });

  it('are one for each image, or refused', async () => {
    const score = (groups: unknown) => codeOf(() => model.score(films, { groups } as never));
    expect(await score(['a'])).toBe('SHAPE_MISMATCH');
    expect(await score('a')).toBe('INVALID_OPTION');
    expect(await score(() => 3)).toBe('INVALID_OPTION');
    expect(await codeOf(() => model.calibrate(validation, { groups: ['a'] }))).toBe(
      'SHAPE_MISMATCH',
    );
    // Before anything is learnt, and before rows are added.
    const other = tinyModel();
    const calibration = { groups: ['a'] };
    expect(await codeOf(() => other.fit(normals(12), { validation, calibration }))).toBe(
      'SHAPE_MISMATCH',
    );
    expect(other.history).toEqual([]);
    other.dispose();
    const { size } = model.bank;
    const calibrate = { groups: ['a'] };
    expect(await codeOf(() => model.extend(normals(3, 8), { calibrate }))).toBe('SHAPE_MISMATCH');
    expect(model.bank.size).toBe(size);
  });
});

describe('a file', () => {
  const described = (file: MemoryFile) =>
    file.artifacts?.userDefinedMetadata as {
      checksum?: string;
      saladAd: { normalScores?: { all: number[] } };
    };

  it('keeps the scores of normals, by group', async () => {
    await model.calibrate(validation, { groups: views, normalizer: 'minMax' });
    const before = await model.score(films, { groups: () => 'frontal' });
    const file = memoryFile();
    await model.save(file);
    const loaded = await SaladModel.load(file);
    expect(loaded.normalScores).toEqual(model.normalScores);
    expect((await loaded.score(films, { groups: () => 'frontal' })).pValues).toEqual(
      before.pValues,
    );
    loaded.dispose();
    described(file).saladAd.normalScores?.all.reverse();
    delete described(file).checksum;
    expect(await codeOf(() => SaladModel.load(file))).toBe('MODEL_DAMAGED');
  });

  it.each([
    ['empirical', 'from its normalizer, which is made of the same scores'],
    ['minMax', 'not, which is told'],
  ] as const)(
    'of before them, with the normalizer %s, gives p-values %s',
    async (normalizer, _) => {
      await model.calibrate(validation, { normalizer });
      const { pValues } = await model.score(films);
      const file = memoryFile();
      await model.save(file);
      delete described(file).saladAd.normalScores;
      delete described(file).checksum;
      const earlier = await SaladModel.load(file);
      const warnings: SaladWarning[] = [];
      const result = await earlier.score(films, { onWarning: (one) => warnings.push(one) });
      earlier.dispose();
      const told = warnings.filter(({ code }) => code === 'NO_P_VALUES');
      if (normalizer === 'empirical') {
        expect(result.pValues).toEqual(pValues);
        expect(told).toEqual([]);
        return;
      }
      expect(result).not.toHaveProperty('pValues');
      expect(result).not.toHaveProperty('restsOn');
      expect(told[0].message).toMatch(
        /kept no scores of its validation normals.*calibrate it again/,
      );
    },
  );
});
