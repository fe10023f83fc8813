import * as tf from '@tensorflow/tfjs-core';
import type { StepImages } from '../learning/epoch-batches.js';
import { toTensor } from '../learning/intake.js';
import type { SaladSettings } from './options.js';
import type { TrainingBatch } from './train-step.js';
import type { TrainingRun } from './training-run.js';

/** What a step learns from: images as tensors, which the caller disposes, and what is selected of their rows. */
export function trainingBatch(
  { indices: rows, ...arrays }: StepImages,
  { network, training }: Pick<TrainingRun, 'network' | 'training'>,
  { reconstructionTarget }: Pick<SaladSettings, 'reconstructionTarget'>,
): TrainingBatch {
  const { preparation } = network;
  const { anchors, neighbors } = training.selection;
  const views = toTensor(arrays.views, preparation);
  const asViews = reconstructionTarget === 'view';
  const targets = asViews ? views : toTensor(arrays.images, preparation);
  const masks = asViews ? arrays.viewMasks : arrays.masks;
  const [count, height, width] = views.shape;
  return {
    views,
    targets,
    ...(masks && { masks: tf.tensor4d(masks, [count, height, width, 1]) }),
    rows,
    anchors: Array.from(rows, (row) => anchors[row] ?? false),
    neighbors: Array.from(rows, (row) => neighbors[row] ?? []),
  };
}
