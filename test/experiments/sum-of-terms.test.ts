import { beforeAll, expect, it } from 'vitest';
import { libraryDetectors } from '../../src/experiments/index.js';
import { trainOn } from '../model/held-models.js';
import { codeOf, mixed, normals } from '../model/tiny.js';

const request = {
  inputShape: [8, 8, 1],
  resize: { method: 'area', fit: 'stretch' },
  seed: 3,
  keep: 'last',
} as const;
const plan = { pretrainEpochs: 1, rounds: 0, backbone: { channels: [4], embeddingSize: 8 } };
const options = {
  models: { own: { kind: 'salad', ...plan }, plain: { kind: 'memDae', ...plan } },
  terms: ['own.embedding', 'plain.error'],
  weights: { 'plain.error': 2 },
};

beforeAll(() => trainOn('wasm'));

it('an experiment runs a sum of terms, and each of its terms', async () => {
  const { detector, scoreMethods } = await libraryDetectors.combinedDetector({
    ...request,
    options,
  });
  await detector.fit(normals(10), { validation: mixed(6, 3, 5) });
  const { scores } = await detector.score(mixed(3, 3, 6));
  expect(Object.keys(scoreMethods ?? {})).toEqual(options.terms);
  const [embedding, error] = await Promise.all(
    options.terms.map((name) => scoreMethods?.[name](mixed(3, 3, 6)) as Promise<Float32Array>),
  );
  scores.forEach((score, i) => {
    expect(score).toBeCloseTo(embedding[i] + 2 * error[i], 4);
  });
  detector.dispose();
});

it('refuses models that are none, and kinds of others', async () => {
  for (const models of [undefined, 5, { own: { kind: 'texture' } }])
    expect(
      await codeOf(
        libraryDetectors.combinedDetector({
          ...request,
          options: { ...options, models },
        }) as Promise<unknown>,
      ),
    ).toBe('INVALID_OPTION');
});
