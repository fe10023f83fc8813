import * as tf from '@tensorflow/tfjs-core';
import { isFrozen } from '../backbones/frozen.js';
import { ProgressiveNeighborhoodScheduler } from '../core/neighborhood-scheduler.js';
import { checkAllRead } from '../images/problems.js';
import type { Images } from '../learning/as-source.js';
import { EpochBatches, type StepImages } from '../learning/epoch-batches.js';
import { hasBothClasses } from '../learning/labels.js';
import { checkLoss } from '../learning/run-checks.js';
import { copyWeights, restoreWeights } from '../learning/weights.js';
import { check } from '../support/check.js';
import { withCall } from '../support/errors.js';
import { explainMissingKernel } from '../support/train-check.js';
import { coresetOf } from './cell-banks.js';
import { epochLog, type StepValues, unbegunEpoch, withStep } from './epoch-so-far.js';
import type { EpochLog } from './history.js';
import { withWhatIsKept } from './kept-training.js';
import {
  checkAlive,
  disposeBanks,
  type ModelPieces,
  type ModelState,
  orDispose,
  whileAlive,
} from './model-state.js';
import { roundOf, totalEpochs } from './schedule.js';
import { settleStatistics } from './settle-statistics.js';
import { readLosses, type StepLosses, trainStep } from './train-step.js';
import type { StepLog, Trainer } from './trainer.js';
import { encodeBankOfRun } from './training-bank.js';
import { trainingBatch } from './training-batch.js';
import type { TrainerOptions } from './training-options.js';
import { prepareRun, type TrainingRun } from './training-run.js';
import { calibrateOnValidation, standardizedOnTraining, validationAuc } from './validation.js';

/**
 * Begins a run for the call `where`, or goes on with the model's; from here on the steps of an earlier trainer are
 * refused.
 */
export async function beginTraining(
  where: string,
  model: ModelPieces,
  images: Images,
  options: TrainerOptions,
): Promise<Trainer> {
  const run = await prepareRun(where, model, images, options);
  const caller = where === 'SaladModel.trainer' ? undefined : where;
  const trainer = new ModelTrainer(caller, model, run);
  // What was made from the weights as they were would silently be wrong after the first step.
  disposeBanks(model.state);
  model.state = { discard: [], history: model.state.history, training: run.training };
  model.trainer = trainer;
  return trainer;
}

/**
 * The trainer of a model.
 *
 * Shuffles and augmentation are drawn from streams named by seed and epoch, so nothing but
 * `TrainingState` and the weights carries over from one step to the next.
 */
class ModelTrainer implements Trainer {
  readonly epochs: number;
  private readonly batches: EpochBatches;
  /** The last epoch that was begun here. */
  private begun = -1;
  private started = 0;
  /** Whether a step or the end is under way: two at once would move the same weights. */
  private busy = false;

  constructor(
    /** The call that made it, which its errors name; absent where the user holds it. */
    private readonly caller: string | undefined,
    private readonly model: ModelPieces,
    private readonly run: TrainingRun,
  ) {
    const { settings } = model;
    this.epochs = totalEpochs(settings);
    const { batchSize, seed } = settings;
    const plan = { batchSize, seed, epochs: this.epochs };
    const intake = { ...run.network, signal: run.signal };
    this.batches = new EpochBatches(caller ?? 'Trainer.step', run.source, intake, plan);
  }

  get done(): boolean {
    return this.epoch >= this.epochs;
  }

  get epoch(): number {
    return this.run.training.history.length;
  }

  get stepInEpoch(): number {
    return this.run.training.epochSoFar.steps;
  }

  get round(): number {
    return roundOf(Math.min(this.epoch, this.epochs - 1), this.model.settings);
  }

  async step(): Promise<StepLog> {
    const where = this.caller ?? 'Trainer.step';
    return this.alone(where, async () => {
      const log = await this.nextStep(where);
      // There is no next step that would say so; the loops of the library do so once the model is ready.
      if (this.done && !this.caller) this.run.signal?.throwIfAborted();
      return log;
    });
  }

  async finish(): Promise<void> {
    const where = this.caller ?? 'Trainer.finish';
    try {
      await this.alone(where, () => this.end(where));
    } catch (error) {
      throw this.caller ? error : withWhatIsKept(error, this.model.state);
    }
  }

  /** @throws DISPOSED | TRAINING_IN_PROGRESS, also where another step or the end is under way */
  private async alone<Result>(where: string, work: () => Promise<Result>): Promise<Result> {
    this.checkCurrent(where);
    check(
      !this.busy,
      'TRAINING_IN_PROGRESS',
      () =>
        `${where}: another step or finish of this trainer is running; expected one at a time; await it first.`,
    );
    this.busy = true;
    try {
      return await whileAlive(where, this.model, work);
    } finally {
      this.busy = false;
    }
  }

  private async nextStep(where: string): Promise<StepLog> {
    const { epoch, round, run } = this;
    const { training } = run;
    check(
      !this.done,
      'INVALID_OPTION',
      () => `${where}: all ${this.epochs} epochs are done; call finish().`,
    );
    run.signal?.throwIfAborted();
    this.returnToLastStep();
    if (this.begun !== epoch) await this.beginEpoch(where);
    const step = this.stepInEpoch;
    const { stepsPerEpoch } = this.batches;
    const images = await this.batches.take(epoch, step);
    const { indices, problems } = images;
    const values = indices.length > 0 ? await this.learn(where, images) : undefined;
    // An epoch of which nothing could be read has no losses.
    const nothingRead = indices.length === 0 && training.epochSoFar.images === 0;
    if (nothingRead && step + 1 === stepsPerEpoch) checkAllRead(where, problems);
    problems.forEach(training.problems.add);
    training.epochSoFar = withStep(training.epochSoFar, indices.length, values, problems.length);
    const batchSize = indices.length;
    const losses = values ?? { loss: Number.NaN };
    const log = { epoch, round, step, stepsPerEpoch, batchSize, ...losses };
    const ended = this.stepInEpoch === stepsPerEpoch;
    return ended ? { ...log, epochEnd: await this.endEpoch(where) } : log;
  }

  private async end(where: string): Promise<void> {
    const { model, run } = this;
    const { settings } = model;
    const { network, source, training } = run;
    const { backbone } = network;
    const { best, history } = training;
    if (!this.done && (best || history.length === 0)) training.last ??= await copyWeights(backbone);
    if (best) restoreWeights(backbone, best.values);
    else if (history.length === 0 && !isFrozen(backbone))
      await settleStatistics(where, network, source);
    const { bank, discard, pool } = await encodeBankOfRun(
      where,
      network,
      source,
      training,
      settings,
    );
    const cells =
      pool &&
      (await orDispose(bank, () => coresetOf(where, pool, settings, { onWarning: run.onWarning })));
    const learnt: ModelState = {
      training,
      history,
      bank,
      cells,
      discard,
      ids: source.ids,
      best: best && { epoch: best.epoch, validationAuc: best.validationAuc },
    };
    const pieces = { settings, state: learnt };
    const failures: unknown[] = [];
    const state = await orDispose({ dispose: () => disposeBanks(learnt) }, async () => {
      const calibrated = await calibrateOnValidation(where, pieces, run, pool).catch((error) => {
        // The model scores all the same, without a threshold.
        failures.push(error);
        return standardizedOnTraining(where, pieces, pool);
      });
      checkAlive(where, model);
      return calibrated;
    });
    disposeBanks(model.state);
    model.state = state;
    if (failures.length > 0) throw failures[0];
  }

  /** @throws DISPOSED | TRAINING_IN_PROGRESS where the model is disposed, or a later run has taken over. */
  private checkCurrent(where: string): void {
    const { model } = this;
    checkAlive(where, model);
    check(
      model.trainer === this,
      'TRAINING_IN_PROGRESS',
      () =>
        `${where}: a later run of this model has taken over; expected one run at a time; go on with the later one.`,
    );
  }

  private async learn(where: string, images: StepImages): Promise<StepValues> {
    const { model, run, epoch, stepInEpoch: step } = this;
    const batch = trainingBatch(images, run, model.settings);
    let losses: StepLosses;
    try {
      // The model may have been disposed while the images were read.
      this.checkCurrent(where);
      losses = trainStep(run.network.backbone, run.training, batch, model.settings);
    } catch (error) {
      throw withCall(where, explainMissingKernel(where, error));
    } finally {
      tf.dispose([batch.views, batch.targets, ...(batch.masks ? [batch.masks] : [])]);
    }
    const values = await readLosses(losses);
    checkLoss(where, values.loss, { step, epoch });
    return values;
  }

  /** Undoes what `finish` did to the weights of a run that goes on. */
  private returnToLastStep(): void {
    const { network, training } = this.run;
    if (training.last) restoreWeights(network.backbone, training.last);
    training.last = undefined;
  }

  private async beginEpoch(where: string): Promise<void> {
    const { training } = this.run;
    this.started = performance.now();
    if (this.round > 0 && training.selection.round !== this.round) {
      const { rounds, temperature, neighborhoodSize, entropyIncludesSelf } = this.model.settings;
      const options = { rounds, temperature, neighborhoodSize, entropyIncludesSelf };
      const scheduler = new ProgressiveNeighborhoodScheduler(options);
      training.selection = await scheduler.select(training.bank, this.round, where);
    }
    this.begun = this.epoch;
  }

  private async endEpoch(where: string): Promise<EpochLog> {
    const { round, run } = this;
    const { settings } = this.model;
    const { network, source, training, validation } = run;
    const { history } = training;
    const log = epochLog(training.epochSoFar, {
      epoch: this.epoch,
      round,
      seconds: this.secondsOfEpoch(),
      terms: {
        reconstruction: network.backbone.decode !== undefined && settings.reconstructionWeight > 0,
        latent: settings.latentWeight > 0,
      },
      anchors: training.selection.anchors,
      labels: source.labels,
    });
    // Its steps are done whatever becomes of the validation: a resumed run must not repeat them.
    history.push(log);
    training.epochSoFar = unbegunEpoch;
    if (!validation || !hasBothClasses(validation)) return log;
    const auc = await validationAuc(where, settings, run, validation);
    if (auc === undefined) return log;
    const isBest =
      settings.keep === 'bestValidation' &&
      auc > (training.best?.validationAuc ?? Number.NEGATIVE_INFINITY);
    if (isBest) {
      const values = await copyWeights(network.backbone);
      training.best = { epoch: log.epoch, validationAuc: auc, values };
    }
    const validated = { ...log, validationAuc: auc, seconds: this.secondsOfEpoch() };
    history[log.epoch] = validated;
    return validated;
  }

  private secondsOfEpoch(): number {
    return (performance.now() - this.started) / 1000;
  }
}
