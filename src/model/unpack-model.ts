import type { NamedTensorMap, Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import type { Backbone } from '../backbones/backbone.js';
import { MemoryBank } from '../core/memory-bank.js';
import { ProblemReport } from '../data/problem-report.js';
import { Adam } from '../learning/adam.js';
import { restoreWeights, weightsOf } from '../learning/weights.js';
import { check } from '../support/check.js';
import { normalizerOf, thresholdOf } from './earlier-files.js';
import type { ModelContents, ModelDescription } from './model-file.js';
import type { ModelState } from './model-state.js';
import type { TrainingState } from './training-state.js';

/**
 * Fills a backbone and a state from a file's contents; the tensors stay the caller's.
 *
 * @throws NOT_A_MODEL when the file's tensors do not fit the backbone.
 */
export async function unpackModel(
  { description, tensors }: ModelContents,
  backbone: Backbone,
): Promise<ModelState> {
  const weights = weightsOf(backbone);
  const shapes = weights.map(({ shape }) => shape);
  const saved = shapes.map((shape, i) => need(tensors, `weights/${i}`, shape));
  const bankShape = [null, backbone.embeddingSize];
  const bankRows = tensors.bank && (need(tensors, 'bank', bankShape) as Tensor2D);
  check(
    !(`weights/${weights.length}` in tensors),
    'NOT_A_MODEL',
    () =>
      `SaladModel.load: the file holds more weights than the backbone's ${weights.length}; expected the backbone that the model was saved with.`,
  );
  const { anomalies } = description;
  const size = bankRows?.shape[0] ?? 0;
  check(
    anomalies.every((row) => row >= 0 && row < size),
    'NOT_A_MODEL',
    () =>
      `SaladModel.load: the file names known anomalies beyond its bank of ${size} rows; expected one written by SaladModel.save, unchanged.`,
  );
  const training = await unpackTraining(description, tensors, backbone);
  restoreWeights(backbone, await hostCopies(saved));
  const { history, ids, best } = description;
  const normalizer = normalizerOf(description.normalizer);
  const threshold = thresholdOf(description.threshold);
  const bank = bankRows && MemoryBank.from(bankRows);
  const discard = new Array<boolean>(size).fill(false);
  for (const row of anomalies) discard[row] = true;
  return { bank, discard, ids, normalizer, threshold, best, history: [...history], training };
}

async function unpackTraining(
  { training, settings, history }: ModelDescription,
  tensors: NamedTensorMap,
  backbone: Backbone,
): Promise<TrainingState | undefined> {
  if (!training) return undefined;
  const { trainable, embeddingSize } = backbone;
  const moments = trainable.map(({ shape }, i) =>
    ['mean', 'square'].map((moment) => need(tensors, `training/adam/${i}/${moment}`, shape)),
  );
  const bank = need(tensors, 'training/bank', [null, embeddingSize]) as Tensor2D;
  const { best } = training;
  const [bestValues, last] = await Promise.all(
    ['best', 'last'].map((name) => {
      const copies = weightsOf(backbone).map((_, i) => tensors[`training/${name}/${i}`]);
      return copies[0] && hostCopies(copies);
    }),
  );
  const anchors = tensors['training/anchors'];
  const neighbors = tensors['training/neighbors'];
  const selection = {
    round: training.selectionRound,
    anchors: anchors ? Array.from(await anchors.data(), Boolean) : [],
    neighbors: neighbors
      ? ((await neighbors.array()) as number[][]).map((row) => Int32Array.from(row))
      : [],
  };
  const optimizer = new Adam(trainable, settings);
  optimizer.steps = training.optimizerSteps;
  optimizer.moments.forEach(([mean, square], i) => {
    mean.assign(moments[i][0]);
    square.assign(moments[i][1]);
  });
  return {
    bank: MemoryBank.from(bank),
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

/** A tensor of the file, of the shape that the backbone asks for; null fits any size. */
function need(tensors: NamedTensorMap, name: string, shape: readonly (number | null)[]): Tensor {
  const saved = tensors[name] as Tensor | undefined;
  check(
    saved !== undefined &&
      saved.rank === shape.length &&
      shape.every((size, i) => size === null || size === saved.shape[i]),
    'NOT_A_MODEL',
    () =>
      `SaladModel.load: the backbone asks for '${name}' of shape [${shape.map((size) => size ?? 'rows')}] but the file has ${saved ? `[${saved.shape}]` : 'none'}; ` +
      'expected the backbone that the model was saved with.',
  );
  return saved;
}

function hostCopies(tensors: readonly Tensor[]): Promise<Float32Array[]> {
  return Promise.all(tensors.map(async (tensor) => Float32Array.from(await tensor.data())));
}
