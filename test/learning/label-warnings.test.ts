import { beforeAll, describe, expect, it } from 'vitest';
import { denoisingAutoencoder, pixelBank } from '../../src/baselines/index.js';
import { normalsOf } from '../../src/data/normals.js';
import type { ImageSource } from '../../src/index.js';
import { mixed, normals, SIDE, tinyModel } from '../model/tiny.js';
import { useBackend } from '../support/backends.js';

const unused = { code: 'CLASS_FOLDERS_UNUSED', message: "the folders 'a' and 'b'" } as const;
const doubtful = (source: ImageSource): ImageSource => ({ ...source, warnings: [unused] });

beforeAll(() => useBackend('cpu'));

/** What a fit warns of its labels. */
async function warningsOf(
  detector: { fit(train: ImageSource, options: object): Promise<unknown>; dispose(): void },
  train: ImageSource,
  options: object = {},
) {
  const heard: { code: string; message: string }[] = [];
  await detector.fit(train, {
    ...options,
    onWarning: (warning: (typeof heard)[number]) => heard.push(warning),
  });
  detector.dispose();
  return heard.filter(({ code }) => code === unused.code || code === 'TRAINS_ON_ABNORMAL');
}

describe('SaladModel.fit', () => {
  it('says that training images are labelled abnormal', async () => {
    expect(await warningsOf(tinyModel(), mixed(6, 2))).toEqual([
      {
        code: 'TRAINS_ON_ABNORMAL',
        message:
          'SaladModel.fit: 2 of 8 training images are labelled abnormal; the network learns from them too, though no score is computed from their rows; pass normalsOf(source) to learn from normal images alone.',
      },
    ]);
    expect(await warningsOf(tinyModel(), normalsOf(mixed(6, 2)))).toEqual([]);
  });

  it('goes on with images without labels, and passes on what their source doubts, once', async () => {
    expect(await warningsOf(tinyModel(), normals(6))).toEqual([]);
    const said = [{ ...unused, message: "SaladModel.fit: the folders 'a' and 'b'" }];
    expect(await warningsOf(tinyModel(), doubtful(normals(6)))).toEqual(said);
    const both = { validation: doubtful(normals(4, 2, 'validation')) };
    expect(await warningsOf(tinyModel(), normals(6), both)).toEqual(said);
    expect(await warningsOf(tinyModel(), doubtful(normals(6)), both)).toEqual(said);
  });
});

describe('what takes normal images alone', () => {
  it('refuses images of folders that look like classes, but no array without labels', async () => {
    const model = tinyModel();
    await model.fit(normals(8));
    for (const work of [
      (images: ImageSource) => model.calibrate(images),
      (images: ImageSource) => model.extend(images),
    ]) {
      await work(normals(6, 2));
      await expect(work(doubtful(normals(6, 2)))).rejects.toThrow(
        "the images have no labels, and some may be abnormal; expected normal ones only. the folders 'a' and 'b' [LABELS_MISMATCH]",
      );
    }
    model.dispose();
  });
});

describe('fit of other detectors', () => {
  const inputShape = [SIDE, SIDE, 1] as const;

  it('warns of known anomalies where they are taken for normal', async () => {
    const detector = denoisingAutoencoder({ inputShape, epochs: 1 });
    const [{ message }, ...more] = await warningsOf(detector, mixed(6, 2));
    expect(message).toBe(
      'denoisingAutoencoder.fit: 2 of 8 training images are labelled abnormal; this detector takes them for normal; pass normalsOf(source) to learn from normal images alone.',
    );
    expect(more).toEqual([]);
  });

  it('is silent where they are left out, and still passes on what the source doubts', async () => {
    expect(await warningsOf(pixelBank({ inputShape }), mixed(6, 2))).toEqual([]);
    expect(await warningsOf(pixelBank({ inputShape }), doubtful(normals(6)))).toHaveLength(1);
  });
});
