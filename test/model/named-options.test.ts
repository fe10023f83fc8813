import { beforeAll, expect, it } from 'vitest';
import { detectorFromConfig, isolationForest, loadDetector } from '../../src/baselines/index.js';
import { arraySource } from '../../src/index.js';
import { heldModels, trainOn } from './held-models.js';
import { memoryFile, normals, tinyModel } from './tiny.js';

const images = normals(12);
const hold = heldModels();
beforeAll(() => trainOn('wasm'));

it.each([
  [{ quantile: 3 }, 'quantile is 3'],
  [{ normalizer: 'min-max' }, "normalizer is 'min-max'"],
])('calibrate names itself and its option: %o', async (wrong, said) => {
  const model = hold(tinyModel({ rounds: 0 }));
  await model.fit(images);
  await expect(model.calibrate(images, wrong as object)).rejects.toThrow(
    `SaladModel.calibrate: ${said}`,
  );
});

it('score names itself and the entry of ownRows', async () => {
  const model = hold(tinyModel({ rounds: 0 }));
  await model.fit(images);
  for (const row of [99, -0.5]) {
    const ownRows = images.ids.map((_, i) => (i === 11 ? row : i));
    await expect(model.score(images, { ownRows })).rejects.toThrow(
      `SaladModel.score: ownRows[11] is ${row}`,
    );
  }
  await expect(model.score(images, { onWarning: 5 as never })).rejects.toThrow(
    'SaladModel.score: onWarning is 5',
  );
});

it('a detector of vectors names itself where its model refuses the images', async () => {
  const detector = isolationForest({ inputShape: [8, 8, 1], features: tinyModel() });
  const large = arraySource({ pixels: new Float32Array(3 * 16 * 16), shape: [16, 16, 1] });
  await expect(detector.fit(large)).rejects.toThrow(/^isolationForest\.fit: [^S].*\[\w+\]$/);
  detector.dispose();
});

it('a config and a file name the call that reads them', async () => {
  const wrong = { kind: 'deepSvdd', inputShape: [8, 8, 1], nu: 0 };
  await expect(detectorFromConfig(wrong)).rejects.toThrow(/^detectorFromConfig: nu is 0/);
  const model = hold(tinyModel({ rounds: 0 }));
  await model.fit(images);
  const file = memoryFile();
  await model.save(file);
  const { weightData } = file.artifacts as { weightData: ArrayBuffer };
  const cut = memoryFile({ ...file.artifacts, weightData: weightData.slice(0, 8) });
  await expect(loadDetector(cut)).rejects.toThrow(/^loadDetector: [^S].*\[TRUNCATED_MODEL\]$/);
});
