import type { NamedTensorMap, Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { bankRows } from '../core/bank-like.js';
import { weightsOf } from '../learning/weights.js';
import { FORMAT_VERSION, type ModelContents, type ModelDescription } from './model-file.js';
import { historyOf, type ModelPieces } from './model-state.js';
import { networkConfig } from './network.js';
import type { StoredBank } from './stored-bank.js';
import type { TrainingState } from './training-state.js';

/** What a file may hold besides the model. */
export interface SaveOptions {
  /** What a resumed run needs. @defaultValue false */
  readonly includeTraining?: boolean;
  /** Names of the training images, which may identify patients. @defaultValue false */
  readonly includeIds?: boolean;
}

/**
 * A model as named tensors and JSON. Its own tensors are borrowed; those made for the file are in
 * `temporary` too, and the caller frees them.
 */
export function packModel(
  { network, settings, state }: ModelPieces,
  { includeTraining = false, includeIds = false }: SaveOptions,
): ModelContents & { temporary: Tensor[] } {
  const tensors: NamedTensorMap = {};
  const temporary: Tensor[] = [];
  weightsOf(network.backbone).forEach((variable, i) => {
    tensors[`weights/${i}`] = variable;
  });
  if (state.bank) tensors.bank = state.bank.rows;
  if (state.cells) {
    const { rows, films, places } = state.cells;
    tensors.cells = rows;
    temporary.push(tf.tensor1d(films, 'int32'), tf.tensor1d(places, 'int32'));
    [tensors['cells/films'], tensors['cells/places']] = temporary;
  }
  const training = includeTraining ? state.training : undefined;
  if (training) packTraining(training, tensors, temporary);
  const description: ModelDescription = {
    formatVersion: FORMAT_VERSION,
    settings,
    ...networkConfig(network),
    recipe: network.preparation.recipe,
    anomalies: state.discard.flatMap((out, row) => (out ? [row] : [])),
    stored: state.stored && withoutStore(state.stored),
    ids: includeIds ? state.ids : undefined,
    normalizer: state.normalizer,
    threshold: state.threshold,
    normalScores: state.normalScores,
    history: historyOf(state),
    best: state.best,
    spreads: state.spreads,
    training: training && {
      pixelVariance: training.pixelVariance,
      sourceKey: training.sourceKey,
      optimizerSteps: training.optimizer.steps,
      selectionRound: training.selection.round,
      epochSoFar: training.epochSoFar,
      best: training.best && {
        epoch: training.best.epoch,
        validationAuc: training.best.validationAuc,
      },
    },
  };
  return { description, tensors, temporary };
}

/** The facts of a stored bank that a file can hold. */
function withoutStore({ size, images, known }: StoredBank): Omit<StoredBank, 'attached'> {
  return { size, images, known };
}

function packTraining(training: TrainingState, tensors: NamedTensorMap, temporary: Tensor[]): void {
  const add = (name: string, tensor: Tensor) => {
    tensors[name] = tensor;
    temporary.push(tensor);
  };
  tensors['training/bank'] = bankRows('save', training.bank);
  training.optimizer.moments.forEach(([mean, square], i) => {
    tensors[`training/adam/${i}/mean`] = mean;
    tensors[`training/adam/${i}/square`] = square;
  });
  const { anchors, neighbors } = training.selection;
  if (anchors.length > 0) {
    const k = neighbors[0].length;
    add('training/anchors', tf.tensor1d(anchors.map(Number), 'int32'));
    const flat = new Int32Array(neighbors.length * k);
    neighbors.forEach((row, i) => {
      flat.set(row, i * k);
    });
    add('training/neighbors', tf.tensor2d(flat, [neighbors.length, k], 'int32'));
  }
  training.best?.values.forEach((values, i) => {
    add(`training/best/${i}`, tf.tensor1d(values));
  });
  training.last?.forEach((values, i) => {
    add(`training/last/${i}`, tf.tensor1d(values));
  });
}
