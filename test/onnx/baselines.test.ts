import { beforeAll, expect, test } from 'vitest';
import {
  adversarialOneClass,
  deepSad,
  deepSvdd,
  denoisingAutoencoder,
  geometricTransformations,
  isolationForest,
  localOutlierFactor,
  logisticRegression,
  meanIntensity,
  memDae,
  oneClassSvm,
  pixelBank,
  resnetClassifier,
  texture,
} from '../../src/baselines/index.js';
import { arraySource, type ImageSource, localContrast, none } from '../../src/index.js';
import { toOnnx } from '../../src/onnx/index.js';
import { RandomStream } from '../../src/support/random.js';
import { enableWasmTraining } from '../../src/wasm/index.js';
import { codeOf } from '../model/tiny.js';
import { expectNoLeak, useBackend } from '../support/backends.js';
import { numbersOf, ran } from './session.js';

beforeAll(async () => {
  await useBackend('wasm');
  enableWasmTraining();
});

function films(count: number, seed: number, channels: number): ImageSource {
  const random = new RandomStream(seed, ['films']);
  const pixels = Uint8Array.from({ length: count * 12 * 10 * channels }, () => random.integer(256));
  const labels = Array.from({ length: count }, (_, i) => Number(i % 6 === 5));
  return arraySource({ pixels, shape: [12, 10, channels], labels });
}

const resize = { method: 'area', fit: 'pad' } as const;
const shared = { resize, imageNormalization: localContrast() };
const network = { epochs: 2, channels: [4, 6], embeddingSize: 8, pretrainEpochs: 1 };

/** With a normalisation of its own, which comes after the size. */
const embedder = (seed: number) =>
  memDae({
    backbone: {
      kind: 'convAutoencoder',
      inputShape: [9, 8, 1],
      channels: [4, 6],
      embeddingSize: 8,
    },
    resize,
    imageNormalization: localContrast({ radius: 2 }),
    seed,
    pretrainEpochs: 1,
    rounds: 0,
  });

test.each([
  ['deepSvdd', deepSvdd({ inputShape: [9, 8, 1], ...shared, ...network }), 1],
  [
    'deepSvdd with a radius',
    deepSvdd({
      inputShape: [9, 8, 3],
      ...shared,
      ...network,
      objective: 'softBoundary',
      warmUpEpochs: 0,
    }),
    3,
  ],
  ['deepSad', deepSad({ inputShape: [9, 8, 1], ...shared, ...network }), 1],
  [
    'denoisingAutoencoder',
    denoisingAutoencoder({ inputShape: [9, 8, 1], ...shared, epochs: 2, channels: [4, 6] }),
    1,
  ],
  ...(['reconstruction', 'embedding'] as const).map(
    (score) =>
      [
        `adversarialOneClass by ${score}`,
        adversarialOneClass({
          inputShape: [9, 8, 1],
          ...shared,
          epochs: 2,
          channels: [4, 6],
          score,
        }),
        1,
      ] as const,
  ),
  [
    'resnetClassifier',
    resnetClassifier({ inputShape: [17, 16, 3], ...shared, epochs: 1, width: 4 }),
    3,
  ],
  ...(['dirichlet', 'trueTransformation'] as const).map(
    (score) =>
      [
        `geometricTransformations by ${score}`,
        geometricTransformations({
          inputShape: [9, 9, 3],
          ...shared,
          epochs: 1,
          channels: [4, 6],
          score,
        }),
        3,
      ] as const,
  ),
  [
    'geometricTransformations of films that are not square',
    geometricTransformations({
      inputShape: [9, 8, 1],
      ...shared,
      epochs: 1,
      channels: [4],
      rotations: false,
    }),
    1,
  ],
  [
    'localOutlierFactor of pixels',
    localOutlierFactor({ inputShape: [9, 8, 3], ...shared, neighbors: 4 }),
    3,
  ],
  [
    'localOutlierFactor of embeddings',
    () => localOutlierFactor({ inputShape: [9, 8, 1], resize, neighbors: 4, features: embedder }),
    1,
  ],
  ['oneClassSvm of pixels', oneClassSvm({ inputShape: [9, 8, 3], ...shared }), 3],
  [
    'oneClassSvm of embeddings',
    () => oneClassSvm({ inputShape: [9, 8, 1], resize, features: embedder }),
    1,
  ],
  ['meanIntensity', meanIntensity({ inputShape: [9, 8, 3], resize }), 3],
  ...(['localContrast', 'laplacian', 'fineTexture'] as const).map(
    (measure) =>
      [`texture by ${measure}`, texture({ inputShape: [9, 8, 3], resize, measure }), 3] as const,
  ),
  ['logisticRegression', logisticRegression({ inputShape: [9, 8, 3], ...shared }), 3],
  ['pixelBank', pixelBank({ inputShape: [9, 8, 3], ...shared, scoreNeighbors: 3 }), 3],
  [
    'pixelBank of plain pixels',
    pixelBank({ inputShape: [12, 10, 1], imageNormalization: none(), method: 'angular' }),
    1,
  ],
] as const)('%s scores as the detector does', async (_, made, channels) => {
  const detector = typeof made === 'function' ? made() : made;
  await detector.fit(films(18, 1, channels));
  const { scores } = await detector.score(films(7, 2, channels));
  const { bytes } = await expectNoLeak(() => toOnnx(detector));
  const { pixels } = await films(7, 2, channels).read([0, 1, 2, 3, 4, 5, 6]);
  const found = numbersOf(await ran(bytes, pixels, [7, 12, 10, channels], 255), 'score');
  const largest = Math.max(...Array.from(scores, Math.abs), 1);
  found.forEach((score, i) => {
    expect(Math.abs(score - scores[i])).toBeLessThan(1e-5 * largest);
  });
  const odd = Float32Array.from(pixels);
  odd[12 * 10 * channels + 3] = Number.NaN;
  const again = numbersOf(await ran(bytes, odd, [7, 12, 10, channels], 255), 'score');
  expect(again.map(Number.isNaN)).toEqual([false, true, false, false, false, false, false]);
  detector.dispose();
});

test('a detector that is not written is named', async () => {
  const detector = isolationForest({ inputShape: [12, 10, 1] });
  expect(await codeOf(toOnnx(detector))).toBe('INVALID_OPTION');
  await expect(toOnnx(detector)).rejects.toThrow(/isolationForest', whose trees/);
  const unfitted = deepSad({ inputShape: [9, 8, 1], ...shared, ...network });
  expect(await codeOf(toOnnx(unfitted))).toBe('NOT_FITTED');
  unfitted.dispose();
});
