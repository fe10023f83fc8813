import type { io } from '@tensorflow/tfjs-core';
import type { Detector, DetectorConfig } from '../core/detector.js';
import type { MemoryBank } from '../core/memory-bank.js';
import { handlerOf } from '../learning/artifacts.js';
import type { Images } from '../learning/as-source.js';
import { checkNotTraining } from '../learning/run-checks.js';
import { check, checkKnownOptions, checkNumber } from '../support/check.js';
import { checkBackendReady } from '../support/train-check.js';
import { beginTraining, type StartedTraining } from './begin-training.js';
import { endTraining } from './end-training.js';
import type { History } from './history.js';
import { nothingLearnt } from './model-state.js';
import { networkConfig, resolveNetwork } from './network.js';
import { resolveSettings, type SaladOptions } from './options.js';
import type { SaveOptions } from './pack-model.js';
import { totalEpochs } from './schedule.js';
import { ScoringModel } from './scoring-model.js';
import { type LoadOptions, loadModel, saveModel } from './storage.js';
import type { Trainer } from './trainer.js';
import { type EpochProgress, runEpochs } from './training-loop.js';
import {
  type FitOptions,
  fitOptionNames,
  type TrainerOptions,
  type TrainOptions,
  trainerOptionNames,
  trainOptionNames,
} from './training-options.js';
import { calibrateOnValidation } from './validation.js';

/**
 * SALAD as a whole: a backbone and a memory bank that learn normal images, and score new ones.
 *
 * Research software, not a medical device: a score is no diagnosis.
 *
 * @see Bozorgtabar, Mahapatra, Vray, Thiran, MICCAI 2020. Defaults differ from the paper's settings,
 * which are `nihPreset` and `muraPreset`.
 * @example
 * const model = SaladModel.create({ backbone: convAutoencoder({ inputShape: [64, 64, 1] }), seed: 7 });
 * await model.fit(normalImages, { validation });
 * const { scores, abnormal } = await model.score(newImages);
 * await model.save(fileSystem('chest-model'));
 */
export class SaladModel extends ScoringModel implements Detector {
  /** Known anomalies are left out of every score. */
  readonly usesLabels = true;
  /** Whether `fit` or `train` is at work, or a trainer being made. */
  private training = false;
  /** The run whose steps count: a later one takes over. */
  private current?: StartedTraining;

  /**
   * An untrained model.
   *
   * @param options a backbone, which the model owns from here on, and any of the settings.
   * @throws UNKNOWN_OPTION | INVALID_OPTION
   * @example
   * const model = SaladModel.create({ backbone, ...nihPreset, seed: 7 });
   */
  static create(options: SaladOptions): SaladModel {
    const where = 'SaladModel.create';
    const settings = resolveSettings(where, options);
    const network = resolveNetwork(where, options, settings);
    return new SaladModel({ network, settings, state: nothingLearnt });
  }

  /**
   * A model from a file.
   *
   * @param handlerOrUrl any tf.io handler, or a URL that a registered one knows.
   * @param options.backbone required for a backbone that is not the library's; its weights are replaced.
   * @param options.imageNormalization required for a custom one.
   * @throws NOT_A_MODEL | TRUNCATED_MODEL | FORMAT_VERSION | INVALID_OPTION
   * @example
   * const model = await SaladModel.load(fileSystem('chest-model')); // or 'indexeddb://chest-model'
   */
  static async load(
    handlerOrUrl: io.IOHandler | string,
    options: LoadOptions = {},
  ): Promise<SaladModel> {
    const where = 'SaladModel.load';
    checkKnownOptions(where, options, ['backbone', 'imageNormalization']);
    checkBackendReady(where);
    return new SaladModel(await loadModel(where, handlerOrUrl, options));
  }

  /** 'memDae' without the latent term, 'untrainedEncoder' without epochs, else 'salad'. */
  get name(): string {
    if (totalEpochs(this.settings) === 0) return 'untrainedEncoder';
    return this.settings.latentWeight === 0 ? 'memDae' : 'salad';
  }

  /** Everything that `create` was told, the defaults too. */
  get config(): DetectorConfig {
    return { kind: 'salad', ...this.settings, ...networkConfig(this.network) };
  }

  /**
   * The bank as the training steps left it, which the paper scores with; `bank` is the refreshed one.
   * Absent in a model that was not trained here or loaded without its training. Borrowed.
   *
   * @example
   * const { scores } = anomalyScore(embeddings, model.runningBank, { discard: model.discard });
   */
  get runningBank(): MemoryBank | undefined {
    return this.state.training?.bank;
  }

  /**
   * Learns from images: pre-training, then progressive rounds; then refreshes the bank and, with
   * validation images, fits threshold and normalizer on the normal ones among them.
   *
   * @param images most of them normal; `labels` of the source mark the known anomalies.
   * @returns a log of every epoch, and whether a callback stopped the run.
   * @throws `options.signal.reason` once aborted; the model then holds what it had learnt so far.
   * BACKEND_CANNOT_TRAIN | ALREADY_FITTED | TRAINING_IN_PROGRESS | EMPTY_SET | NO_ROWS_KEPT | LABELS_MISMATCH | PATIENT_OVERLAP |
   * TRAINING_DIVERGED | CHECKPOINT_MISMATCH | UNKNOWN_OPTION, and whatever reading the images throws.
   * @example
   * const { epochs } = await model.fit(train, { validation, checkpoint: fileSystem('half-way') });
   */
  async fit(images: Images, options: FitOptions = {}): Promise<History> {
    checkKnownOptions('SaladModel.fit', options, fitOptionNames);
    const { callbacks = {}, ...rest } = options;
    if ((await callbacks.onTrainBegin?.()) === false) {
      return { epochs: this.history, best: this.state.best, stopped: true };
    }
    const epochs = this.epochs(images, rest, callbacks);
    let turn = await epochs.next();
    while (!turn.done) turn = await epochs.next();
    await callbacks.onTrainEnd?.();
    return {
      epochs: this.history,
      best: this.state.best,
      stopped: turn.value,
      ...(this.problems.length > 0 && { problems: this.problems }),
    };
  }

  /**
   * The same, an epoch a turn; break to stop early, and the model is ready to score all the same.
   *
   * @example
   * for await (const { epoch, validationAuc, secondsLeft } of model.train(train, { validation })) {
   *   if (validationAuc !== undefined && validationAuc > 0.95) break;
   * }
   */
  async *train(images: Images, options: TrainOptions = {}): AsyncGenerator<EpochProgress, void> {
    checkKnownOptions('SaladModel.train', options, trainOptionNames);
    yield* this.epochs(images, options);
  }

  /**
   * The same, a step at a time, for a loop of your own; end it with `finish()`.
   *
   * Checkpoints are yours to write: `save(handler, { includeTraining: true })` after the last step of an epoch.
   * A trainer may be abandoned: a later `trainer`, `fit` or `train` with `resume: true` takes over, and
   * the steps of the earlier one are refused from then on (TRAINING_IN_PROGRESS).
   *
   * @example
   * const trainer = await model.trainer(train);
   * while (!trainer.done) await trainer.step();
   * await trainer.finish();
   */
  async trainer(images: Images, options: TrainerOptions = {}): Promise<Trainer> {
    checkKnownOptions('SaladModel.trainer', options, trainerOptionNames);
    checkNotTraining('SaladModel.trainer', this.training);
    this.training = true;
    try {
      return await this.begin(images, options);
    } finally {
      this.training = false;
    }
  }

  private async begin(images: Images, options: TrainerOptions): Promise<Trainer> {
    this.checkAlive();
    const started = await beginTraining(this.network, this.settings, this.state, images, options);
    this.state = started.state;
    this.current = started;
    const checkCurrent = (where: string) => {
      this.checkAlive();
      check(
        this.current === started,
        'TRAINING_IN_PROGRESS',
        () =>
          `${where}: a later run of this model has taken over; expected one run at a time; go on with the later one.`,
      );
    };
    return started.trainer(checkCurrent, async () => {
      checkCurrent('Trainer.finish');
      const { settings } = this;
      const { network, validation } = started;
      const { onWarning } = options;
      this.state = await endTraining(settings, this.state, started);
      this.state = await calibrateOnValidation(
        network,
        settings,
        this.state,
        validation,
        onWarning,
      );
    });
  }

  /**
   * Writes the model: weights, settings, bank, image normalisation, threshold.
   *
   * @param options.includeTraining also what a later `fit(images, { resume: true })` needs.
   * @param options.includeIds also the names of the training images; left out unless asked for, since
   * names of medical files may identify patients.
   */
  async save(
    handlerOrUrl: io.IOHandler | string,
    options: SaveOptions = {},
  ): Promise<io.SaveResult> {
    const where = 'SaladModel.save';
    checkKnownOptions(where, options, ['includeTraining', 'includeIds']);
    this.checkAlive();
    const { network, settings, state } = this;
    return saveModel(where, handlerOrUrl, { network, settings, state }, options);
  }

  /** One run at a time: two would move the same weights. */
  private async *epochs(
    images: Images,
    options: TrainOptions,
    callbacks?: FitOptions['callbacks'],
  ): AsyncGenerator<EpochProgress, boolean> {
    checkNotTraining('SaladModel.fit', this.training);
    this.training = true;
    try {
      return yield* this.run(images, options, callbacks);
    } finally {
      this.training = false;
    }
  }

  private async *run(
    images: Images,
    options: TrainOptions,
    callbacks: FitOptions['callbacks'],
  ): AsyncGenerator<EpochProgress, boolean> {
    const { checkpoint, checkpointEvery = 1, ...rest } = options;
    checkNumber('SaladModel.fit', 'checkpointEvery', checkpointEvery, { min: 1, integer: true });
    const handler = checkpoint && handlerOf('SaladModel.fit', checkpoint, 'save');
    const trainer = await this.begin(images, rest);
    let failed = false;
    let completed = false;
    try {
      const turns = runEpochs(trainer, callbacks);
      let turn = await turns.next();
      for (; !turn.done; turn = await turns.next()) {
        if (handler && (turn.value.epoch + 1) % checkpointEvery === 0) {
          await this.save(handler, { includeTraining: true });
        }
        yield turn.value;
      }
      completed = true;
      return turn.value;
    } catch (error) {
      failed = true;
      throw error;
    } finally {
      // After a failure the model is made as usable as it can be; the failure is what gets told.
      await trainer.finish().catch((error) => {
        if (!failed) throw error;
      });
      if (completed && handler) await this.save(handler, { includeTraining: true });
    }
  }
}
