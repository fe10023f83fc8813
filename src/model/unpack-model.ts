import * as tf from '@tensorflow/tfjs-core';
import type { Backbone } from '../backbones/backbone.js';
import { CellBank } from '../cells/cell-bank.js';
import { adoptRows, type MemoryBank } from '../core/memory-bank.js';
import { ProblemReport } from '../data/problem-report.js';
import { Adam } from '../learning/adam.js';
import { checkUndamaged } from '../learning/damaged.js';
import type { StoredTensor, StoredTensors } from '../learning/stored-tensors.js';
import { restoreWeights, weightsOf } from '../learning/weights.js';
import { check } from '../support/check.js';
import { readsCells } from './cell-banks.js';
import { normalizerOf, scoresOfNormals, thresholdOf } from './earlier-files.js';
import type { ModelDescription } from './model-file.js';
import type { ModelState } from './model-state.js';
import { checkCellLengths } from './saved-bank.js';
import type { Selection, TrainingState } from './training-state.js';

const WHERE = 'SaladModel.load';

/** A model file that has been read and checked. */
interface ReadModel {
  readonly description: ModelDescription;
  readonly tensors: StoredTensors;
}

/**
 * Fills a backbone and a state from a file's contents.
 *
 * @throws NOT_A_MODEL when the file's tensors do not fit the backbone | MODEL_DAMAGED when they do not fit each other.
 */
export function unpackModel({ description, tensors }: ReadModel, backbone: Backbone): ModelState {
  const weights = weightsOf(backbone);
  const saved = weights.map(({ shape }, i) => need(tensors, `weights/${i}`, shape).values);
  const { embeddingSize } = backbone;
  const bankRows = tensors.has('bank') ? need(tensors, 'bank', [null, embeddingSize]) : undefined;
  check(
    !tensors.has(`weights/${weights.length}`),
    'NOT_A_MODEL',
    () =>
      `${WHERE}: the file holds more weights than the backbone's ${weights.length}; expected the backbone that the model was saved with.`,
  );
  const { anomalies, history, ids, best, spreads, stored } = description;
  checkUndamaged(
    WHERE,
    !stored || (!bankRows && stored.known.rows.every((row) => row.length === embeddingSize)),
    () => 'it tells of a bank in a store that is not one of this network, or has another besides',
  );
  const size = bankRows?.shape[0] ?? 0;
  const images = stored?.images ?? size;
  check(
    anomalies.every((row) => row < size),
    'NOT_A_MODEL',
    () =>
      `${WHERE}: the file names known anomalies beyond its bank of ${size} rows; expected one written by SaladModel.save, unchanged.`,
  );
  checkUndamaged(
    WHERE,
    (bankRows === undefined || size > 0) &&
      (ids === undefined || images === 0 || ids.length === images),
    () =>
      `the bank has ${images} rows and ${ids?.length ?? 'no'} names; expected one name for each row`,
  );
  const cells = unpackCells(description, tensors, images);
  const training = unpackTraining(description, tensors, backbone);
  restoreWeights(backbone, saved as Float32Array[]);
  const normalizer = normalizerOf(description.normalizer);
  const threshold = thresholdOf(description.threshold);
  const normalScores = description.normalScores ?? scoresOfNormals(normalizer);
  const bank = bankRows && bankOf(bankRows);
  const discard = new Array<boolean>(size).fill(false);
  for (const row of anomalies) discard[row] = true;
  return {
    bank,
    stored,
    cells: cells?.(),
    spreads,
    discard,
    ids,
    normalizer,
    threshold,
    normalScores,
    best,
    history: [...history],
    training,
  };
}

/** Makes the bank of cells, once all else is known to be whole; undefined where the score is made of the embedding alone. */
function unpackCells(
  { settings, spreads }: ModelDescription,
  tensors: StoredTensors,
  images: number,
): (() => CellBank) | undefined {
  if (!readsCells(settings) || images === 0) return undefined;
  const rows = need(tensors, 'cells', [null, null]);
  const [size, dim] = rows.shape;
  const { levels, grid } = settings.cells;
  const [films, places] = ['cells/films', 'cells/places'].map((name) =>
    Array.from(need(tensors, name, [size]).values),
  );
  const within = (values: readonly number[], end: number) =>
    values.every((value) => Number.isInteger(value) && value >= 0 && value < end);
  checkUndamaged(
    WHERE,
    size > 0 && dim > 0 && within(films, images) && within(places, grid[0] * grid[1]),
    () =>
      `the bank of cells names images beyond the ${images} of the bank, or cells beyond the grid of ${grid.join(' x ')}`,
  );
  checkCellLengths(WHERE, rows, typeof levels === 'number' ? levels : levels.length);
  checkUndamaged(
    WHERE,
    settings.score !== 'both' || spreads !== undefined,
    () => 'the score is a sum of two, but nothing says how they are standardised',
  );
  return () => {
    const tensor = tf.tensor2d(rows.values, [size, dim]);
    try {
      return CellBank.from(tensor, { films, places });
    } finally {
      tensor.dispose();
    }
  };
}

function unpackTraining(
  { training, settings, history }: ModelDescription,
  tensors: StoredTensors,
  backbone: Backbone,
): TrainingState | undefined {
  if (!training) return undefined;
  const { trainable, embeddingSize } = backbone;
  const moments = trainable.map(({ shape }, i) =>
    ['mean', 'square'].map((moment) => need(tensors, `training/adam/${i}/${moment}`, shape)),
  );
  checkUndamaged(
    WHERE,
    moments.every(([, square]) => square.values.every((value) => value >= 0)),
    () => 'a mean of squares in the state of the optimiser is below 0',
  );
  const bank = need(tensors, 'training/bank', [null, embeddingSize]);
  const [bestValues, last] = ['best', 'last'].map((name) => copyOf(name, tensors, backbone));
  const { best, selectionRound: round } = training;
  const selection = { round, ...selectionOf(tensors, bank.shape[0]) };
  const optimizer = new Adam(trainable, settings);
  optimizer.steps = training.optimizerSteps;
  optimizer.moments.forEach((pair, i) => {
    pair.forEach((moment, j) => {
      const { values, shape } = moments[i][j];
      tf.tidy(() => moment.assign(tf.tensor(values, [...shape])));
    });
  });
  return {
    bank: bankOf(bank),
    optimizer,
    pixelVariance: training.pixelVariance,
    sourceKey: training.sourceKey,
    selection,
    epochSoFar: training.epochSoFar,
    history: [...history],
    problems: new ProblemReport(),
    best: best && bestValues && { ...best, values: bestValues },
    last,
  };
}

/** A copy of all weights, flat, where the file has one. */
function copyOf(
  name: string,
  tensors: StoredTensors,
  backbone: Backbone,
): Float32Array[] | undefined {
  const names = weightsOf(backbone).map((_, i) => `training/${name}/${i}`);
  if (!names.some((one) => tensors.has(one))) return undefined;
  const copies = weightsOf(backbone).map(({ size }, i) => need(tensors, names[i], [size]).values);
  return copies as Float32Array[];
}

/** Anchors and neighbours of the round, for a bank of `size` rows. */
function selectionOf(tensors: StoredTensors, size: number): Omit<Selection, 'round'> {
  if (!tensors.has('training/anchors') && !tensors.has('training/neighbors'))
    return { anchors: [], neighbors: [] };
  const { values } = need(tensors, 'training/neighbors', [size, null]);
  const k = values.length / size;
  checkUndamaged(
    WHERE,
    values.every((row) => Number.isInteger(row) && row >= 0 && row < size),
    () => `'training/neighbors' names rows beyond the bank of ${size}`,
  );
  const anchors = Array.from(need(tensors, 'training/anchors', [size]).values, Boolean);
  const neighbors = anchors.map((_, row) => Int32Array.from(values.subarray(row * k, row * k + k)));
  return { anchors, neighbors };
}

/** A tensor of the file, of the shape that the backbone asks for; null fits any size. */
function need(
  tensors: StoredTensors,
  name: string,
  shape: readonly (number | null)[],
): StoredTensor {
  const saved = tensors.get(name);
  check(
    saved !== undefined &&
      saved.shape.length === shape.length &&
      shape.every((size, i) => size === null || size === saved.shape[i]),
    'NOT_A_MODEL',
    () =>
      `${WHERE}: the backbone asks for '${name}' of shape [${shape.map((size) => size ?? 'rows')}] but the file has ${saved ? `[${saved.shape}]` : 'none'}; ` +
      'expected the backbone that the model was saved with.',
  );
  return saved;
}

function bankOf({ values, shape }: StoredTensor): MemoryBank {
  // A copy: on cpu the tensor's memory is that of the values, which the caller may hold.
  return adoptRows(tf.tidy(() => tf.add(tf.tensor2d(values, shape as [number, number]), 0)));
}
