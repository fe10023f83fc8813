// What a page of Chromium does with a model and picked files: loaded by score-files-in-page.test.ts.
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { SaladModel, type ScoreFilesOptions, type ScoreResult } from '../../src/index.js';

declare global {
  /** A model that learns from arrays of 8 x 8 is shown files: ids, and how many scores, or the code of the error. */
  function scoredFiles(
    files: readonly (string | readonly number[])[],
    recipe?: ScoreFilesOptions['recipe'],
  ): Promise<Pick<ScoreResult, 'ids' | 'problems'> | string>;
}

globalThis.scoredFiles = async (files, recipe) => {
  await tf.setBackend('cpu');
  const model = SaladModel.create({
    backbone: { kind: 'convAutoencoder', inputShape: [8, 8, 1], channels: [2], embeddingSize: 4 },
    pretrainEpochs: 1,
    rounds: 0,
  });
  const images = tf.tensor4d(
    Array.from({ length: 640 }, (_, i) => ((i * 37) % 64) / 64),
    [10, 8, 8, 1],
  );
  await model.fit(images);
  const given = files.map((file, i) =>
    typeof file === 'string' ? file : new File([Uint8Array.from(file)], `${i}.png`),
  );
  try {
    const { ids, scores, problems } = await model.scoreFiles(given, { recipe });
    return { ids: scores.every(Number.isFinite) ? ids : [], problems };
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  } finally {
    model.dispose();
    images.dispose();
  }
};
