import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { SaladModel } from 'salad-ad';
import { fileSystem } from 'salad-ad/node';
import { OnnxScorer } from 'salad-ad/onnx';
import { enableNativeKernels } from 'salad-ad/tensorflow';
import { Missing } from '../speed/contestant.js';
import { sourceOf } from './films.js';
import type { heldAs, KeptModel } from './kept-model.js';
import { type Scored, scoredOf } from './scored.js';

/** The model loaded from its folder, on tfjs-node; the backend before is in force again afterwards. */
export async function onTensorflow({ folder, films }: KeptModel): Promise<Scored> {
  const before = tf.getBackend();
  const { version } = await needed(
    'tfjs-node',
    'npm run setup:tfjs-node',
    () => import('@tensorflow/tfjs-node'),
  );
  enableNativeKernels();
  await tf.setBackend('tensorflow');
  try {
    const model = await SaladModel.load(fileSystem(join(folder, 'model')));
    const scored = scoredOf(
      `tfjs-node ${version['tfjs-node']}`,
      await model.score(sourceOf(films)),
    );
    model.dispose();
    return scored;
  } finally {
    await tf.setBackend(before);
  }
}

/** A file of the model on onnxruntime-node. */
export async function onOrtNode(kept: KeptModel, held: keyof typeof heldAs): Promise<Scored> {
  const { scorer, version } = await ortNodeScorer(kept, held);
  return scoredOf(version, await scorer.score(sourceOf(kept.films)));
}

export async function ortNodeScorer(
  { folder }: Pick<KeptModel, 'folder'>,
  held: keyof typeof heldAs,
): Promise<{ readonly scorer: OnnxScorer; readonly version: string }> {
  const remedy = 'npm install --ignore-scripts onnxruntime-node';
  const ort = await needed('onnxruntime-node', remedy, () => import('onnxruntime-node'));
  const file = await readFile(join(folder, `${held}.onnx`));
  const session = await ort.InferenceSession.create(file, { logSeverityLevel: 3 });
  const scorer = new OnnxScorer({ file, session, Tensor: ort.Tensor });
  return { scorer, version: `onnxruntime-node ${ort.env.versions.node}` };
}

async function needed<T>(what: string, remedy: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    throw new Missing(`${what} (${(error as Error).message.split('\n')[0]})`, remedy);
  }
}
