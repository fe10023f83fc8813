import * as tf from '@tensorflow/tfjs-core';
import { ProgressiveNeighborhoodScheduler } from '../core/neighborhoods.js';
import type { ImageSource } from '../images/image-source.js';
import { checkAllRead } from '../images/problems.js';
import type { EpochBatches } from '../learning/epoch-batches.js';
import { toTensor } from '../learning/intake.js';
import { checkLoss } from '../learning/run-checks.js';
import { copyWeights, restoreWeights } from '../learning/weights.js';
import { check } from '../support/check.js';
import { explainMissingKernel } from '../support/train-check.js';
import { epochLog, unbegunEpoch, withStep } from './epoch-so-far.js';
import type { EpochLog } from './history.js';
import type { Network } from './network.js';
import type { SaladSettings } from './options.js';
import { roundOf, totalEpochs } from './schedule.js';
import {
  readLosses,
  type StepLosses,
  type StepValues,
  type TrainingBatch,
  trainStep,
} from './train-step.js';
import { type StepImages, trainingBatches } from './training-batches.js';
import type { TrainingState } from './training-state.js';

/** What one step has to tell; losses are means over its batch. */
export interface StepLog {
  readonly epoch: number;
  readonly round: number;
  /** Within the epoch, from 0. */
  readonly step: number;
  readonly stepsPerEpoch: number;
  /** Images that took part; 0 where none of the step's could be read. */
  readonly batchSize: number;
  /** NaN, the mean of nothing, where `batchSize` is 0. */
  readonly loss: number;
  readonly reconstruction?: number;
  readonly latent?: number;
  /** Present after the last step of an epoch. */
  readonly epochEnd?: EpochLog;
}

/** What a trainer works on; the model puts it together. */
export interface TrainerParts {
  readonly network: Network;
  readonly settings: SaladSettings;
  readonly source: ImageSource;
  readonly state: TrainingState;
  /**
   * Area under the ROC curve of the validation images, after an epoch; undefined where those that could
   * be read are not of both classes.
   */
  readonly validate?: () => Promise<number | undefined>;
  readonly signal?: AbortSignal;
  /** @throws DISPOSED | TRAINING_IN_PROGRESS where the model is gone, or a later run has taken over. */
  readonly checkCurrent: (where: string) => void;
}

/**
 * Training, a step at a time.
 *
 * Shuffles and augmentation are drawn from streams named by seed and epoch, so nothing but
 * `TrainingState` and the weights carries over from one step to the next.
 *
 * @example
 * const trainer = await model.trainer(images);
 * while (!trainer.done) {
 *   const { loss, epochEnd } = await trainer.step();
 * }
 * await trainer.finish();
 */
export class Trainer {
  /** Epochs of the whole run. */
  readonly epochs: number;
  private readonly batches: EpochBatches<StepImages>;
  /** The last epoch that was begun here. */
  private begun = -1;
  private started = 0;

  constructor(
    private readonly parts: TrainerParts,
    /** Makes the trained model ready to score: best weights, refreshed bank, threshold. */
    readonly finish: () => Promise<void>,
  ) {
    const { source, settings, network } = parts;
    this.epochs = totalEpochs(settings);
    this.batches = trainingBatches('SaladModel.fit', source, settings, network, this.epochs);
  }

  /** Whether every epoch has been run. */
  get done(): boolean {
    return this.epoch >= this.epochs;
  }

  /** The epoch in progress, from 0. */
  get epoch(): number {
    return this.parts.state.history.length;
  }

  /** Steps already run of the epoch in progress. */
  get stepInEpoch(): number {
    return this.parts.state.epochSoFar.steps;
  }

  /** The round in progress, or the last one; 0 is pre-training. */
  get round(): number {
    return roundOf(Math.min(this.epoch, this.epochs - 1), this.parts.settings);
  }

  /**
   * Runs one step.
   *
   * @throws TRAINING_DIVERGED when the loss is no longer finite; whatever reading the images throws;
   * `signal.reason` once aborted, before anything of the step is done; DISPOSED with its model;
   * TRAINING_IN_PROGRESS once a later run of the model has taken over.
   */
  async step(): Promise<StepLog> {
    const { parts, epoch, round } = this;
    const { state, signal } = parts;
    parts.checkCurrent('Trainer.step');
    check(
      !this.done,
      'INVALID_OPTION',
      () => `Trainer.step: all ${this.epochs} epochs are done; call finish().`,
    );
    signal?.throwIfAborted();
    this.returnToLastStep();
    if (this.begun !== epoch) await this.beginEpoch();
    const step = this.stepInEpoch;
    const { stepsPerEpoch } = this.batches;
    const images = await this.batches.take(epoch, step);
    const { indices, problems } = images;
    const values = indices.length > 0 ? await this.learn(images) : undefined;
    // An epoch of which nothing could be read has no losses to tell.
    const nothingRead = indices.length === 0 && state.epochSoFar.images === 0;
    if (nothingRead && step + 1 === stepsPerEpoch) checkAllRead('Trainer.step', problems);
    problems.forEach(state.problems.add);
    state.epochSoFar = withStep(state.epochSoFar, indices.length, values, problems.length);
    const batchSize = indices.length;
    const log = {
      epoch,
      round,
      step,
      stepsPerEpoch,
      batchSize,
      ...(values ?? { loss: Number.NaN }),
    };
    return this.stepInEpoch < stepsPerEpoch ? log : { ...log, epochEnd: await this.endEpoch() };
  }

  private async learn(images: StepImages): Promise<StepValues> {
    const { network, settings, state } = this.parts;
    const { epoch, stepInEpoch: step } = this;
    const batch = this.batchOf(images);
    let losses: StepLosses;
    try {
      // Reading took its time: the model may be gone by now.
      this.parts.checkCurrent('Trainer.step');
      losses = trainStep(network.backbone, state.bank, state.optimizer, batch, settings, state);
    } catch (error) {
      throw explainMissingKernel('Trainer.step', error);
    } finally {
      tf.dispose([batch.views, batch.targets, ...(batch.masks ? [batch.masks] : [])]);
    }
    const values = await readLosses(losses);
    checkLoss('Trainer.step', values.loss, { step, epoch });
    return values;
  }

  /** Undoes what `finish` did to the weights of a run that goes on. */
  private returnToLastStep(): void {
    const { network, state } = this.parts;
    if (state.last) restoreWeights(network.backbone, state.last);
    state.last = undefined;
  }

  private async beginEpoch(): Promise<void> {
    const { settings, state } = this.parts;
    this.started = performance.now();
    if (this.round > 0 && state.selection.round !== this.round) {
      const { rounds, temperature, neighborhoodSize, entropyIncludesSelf } = settings;
      const scheduler = new ProgressiveNeighborhoodScheduler({
        rounds,
        temperature,
        neighborhoodSize,
        entropyIncludesSelf,
      });
      state.selection = await scheduler.select(state.bank, this.round);
    }
    this.begun = this.epoch;
  }

  private batchOf({ indices: rows, ...arrays }: StepImages): TrainingBatch {
    const { preparation } = this.parts.network;
    const { anchors, neighbors } = this.parts.state.selection;
    const views = toTensor(arrays.views, preparation);
    const asViews = this.parts.settings.reconstructionTarget === 'view';
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

  private async endEpoch(): Promise<EpochLog> {
    const { round, parts } = this;
    const { network, settings, source, state, validate } = parts;
    const { history } = state;
    const log = epochLog(state.epochSoFar, {
      epoch: this.epoch,
      round,
      seconds: this.secondsOfEpoch(),
      terms: {
        reconstruction: network.backbone.decode !== undefined && settings.reconstructionWeight > 0,
        latent: settings.latentWeight > 0,
      },
      anchors: state.selection.anchors,
      labels: source.labels,
    });
    // Its steps are done whatever becomes of the validation: a resumed run must not repeat them.
    history.push(log);
    state.epochSoFar = unbegunEpoch;
    const validationAuc = await validate?.();
    if (validationAuc === undefined) return log;
    const isBest =
      settings.keep === 'best-validation' &&
      validationAuc > (state.best?.validationAuc ?? Number.NEGATIVE_INFINITY);
    if (isBest) {
      state.best = { epoch: log.epoch, validationAuc, values: await copyWeights(network.backbone) };
    }
    const validated = { ...log, validationAuc, seconds: this.secondsOfEpoch() };
    history[log.epoch] = validated;
    return validated;
  }

  private secondsOfEpoch(): number {
    return (performance.now() - this.started) / 1000;
  }
}
