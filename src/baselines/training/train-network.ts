import type { Scalar } from '@tensorflow/tfjs-core';
import { checkAllRead } from '../../images/problems.js';
import type { FitEpoch, FitHistory } from '../../learning/detector.js';
import { EpochBatches } from '../../learning/epoch-batches.js';
import { checkReadable } from '../../learning/intake.js';
import { checkLoss } from '../../learning/run-checks.js';
import { copyWeights, restoreWeights, type Weights } from '../../learning/weights.js';
import { check } from '../../support/check.js';
import { checkCanTrain, explainMissingKernel } from '../../support/train-check.js';
import type { Learning } from '../detector/body.js';
import type { PixelBlock } from '../detector/pixel-block.js';
import { blockOf } from '../detector/read-images.js';
import type { TrainingSettings } from '../detector/settings.js';

/** What one step learns from: varied images, and which they are. */
export interface TrainingStep extends PixelBlock {
  /** [batch]: the index of each image in its source. */
  readonly rows: Int32Array;
  readonly epoch: number;
  /** Within the epoch, from 0. */
  readonly step: number;
}

/** What `trainNetwork` takes besides the images. */
export interface NetworkTraining {
  readonly settings: TrainingSettings;
  /** What is kept of the best epoch. */
  readonly weights: Weights;
  /** Moves the weights; returns the batch's mean loss, which is disposed here. */
  step(batch: TrainingStep): Scalar | Promise<Scalar>;
  /** Epochs that were run before, with other steps. */
  readonly before?: FitHistory;
}

/**
 * The loop that every network of this folder learns in: seeded shuffles, varied images, a step, and after
 * an epoch its log, the validation AUC and the callback.
 *
 * @throws `signal.reason` | TRAINING_DIVERGED | BACKEND_CANNOT_TRAIN | INVALID_OPTION
 */
export async function trainNetwork(
  learning: Learning,
  { settings, weights, step, before }: NetworkTraining,
): Promise<FitHistory> {
  if (before?.stopped) return before;
  const { where, source, intake, validation, validate, callbacks } = learning;
  const { keep, validateEvery, batchSize, seed } = settings;
  const logs: FitEpoch[] = [...(before?.epochs ?? [])];
  const first = logs.length;
  const end = first + settings.epochs;
  if (end > first) checkCanTrain(where);
  check(
    keep === 'last' || validate !== undefined,
    'INVALID_OPTION',
    () =>
      `${where}: keep is 'bestValidation' but there are no validation images labelled with both classes; expected normal and anomalous ones to choose by, or keep: 'last'.`,
  );
  // A validation has no place for a missing image.
  if (validation && validate && !before)
    checkAllRead(where, await checkReadable(where, validation, intake));
  const batches = new EpochBatches(where, source, intake, { batchSize, seed, epochs: end });
  let best: (NonNullable<FitHistory['best']> & { values: Float32Array[] }) | undefined;
  let stopped = false;
  for (let epoch = first; epoch < end && !stopped; epoch++) {
    const began = performance.now();
    let sum = 0;
    for (let index = 0; index < batches.stepsPerEpoch; index++) {
      const images = await batches.take(epoch, index);
      const block = blockOf(where, images, intake);
      const batch = { ...block, rows: images.indices, epoch, step: index };
      sum += batch.rows.length * (await lossOf(where, step, batch));
    }
    const due = (epoch + 1 - first) % validateEvery === 0 || epoch + 1 === end;
    const validationAuc = due ? await validate?.() : undefined;
    const chosenBy = keep === 'bestValidation' ? validationAuc : undefined;
    if (chosenBy !== undefined && chosenBy > (best?.validationAuc ?? -1)) {
      best = { epoch, validationAuc: chosenBy, values: await copyWeights(weights) };
    }
    const log = {
      epoch,
      loss: sum / source.length,
      ...(validationAuc !== undefined && { validationAuc }),
      seconds: (performance.now() - began) / 1000,
    };
    logs.push(log);
    stopped = (await callbacks?.onEpochEnd?.(epoch, log)) === false;
  }
  if (best) restoreWeights(weights, best.values);
  const chosen = best && { epoch: best.epoch, validationAuc: best.validationAuc };
  return { epochs: logs, ...(chosen && { best: chosen }), stopped };
}

async function lossOf(
  where: string,
  step: NetworkTraining['step'],
  batch: TrainingStep,
): Promise<number> {
  let scalar: Scalar;
  try {
    scalar = await step(batch);
  } catch (error) {
    throw explainMissingKernel(where, error);
  }
  const [loss] = await scalar.data();
  scalar.dispose();
  checkLoss(where, loss, batch);
  return loss;
}
