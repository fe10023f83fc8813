import type { io } from '@tensorflow/tfjs-core';
import type { Backbone } from '../backbones/backbone.js';
import { isFrozen } from '../backbones/frozen.js';
import type { MemoryBank } from '../core/memory-bank.js';
import type { ImageNormalization } from '../images/image-normalization.js';
import { imagesText } from '../images/problems.js';
import { handlerOf } from '../learning/artifacts.js';
import type { Images } from '../learning/as-source.js';
import type { Detector, DetectorConfig } from '../learning/detector.js';
import { checkNotTraining } from '../learning/run-checks.js';
import { checkKnownOptions, checkNumber } from '../support/check.js';
import { thresholdText } from '../support/decision-threshold.js';
import type { Progress } from '../support/progress.js';
import { checkBackendReady } from '../support/train-check.js';
import type { SaladWarning } from '../support/warning.js';
import { AdjustableModel } from './adjustable-model.js';
import type { EpochLog, History } from './history.js';
import { withWhatIsKept } from './kept-training.js';
import { nothingLearnt } from './model-state.js';
import { beginTraining } from './model-trainer.js';
import { networkConfig, resolveNetwork, seedWarning } from './network.js';
import { resolveSettings, type SaladOptions, withMapsOf } from './options.js';
import { totalEpochs } from './schedule.js';
import { loadModel, saveModel } from './storage.js';
import type { Trainer } from './trainer.js';
import { runEpochs } from './training-loop.js';
import {
  checkRunOptions,
  type FitOptions,
  fitOptionNames,
  type SaladCallbacks,
  type TrainOptions,
  trainerOptionNames,
  trainOptionNames,
} from './training-options.js';
import { settingsWith } from './without-epochs.js';

/**
 * SALAD as a whole: a backbone and a memory bank that learn normal images, and score new ones.
 *
 * Research software, not a medical device: a score is no diagnosis.
 *
 * @see Bozorgtabar, Mahapatra, Vray, Thiran, MICCAI 2020. Defaults differ from the paper's settings,
 * which are `nihPreset` and `muraPreset`.
 * @example
 * const model = SaladModel.create({ backbone: { kind: 'convAutoencoder', inputShape: [64, 64, 1] }, seed: 7 });
 * await model.fit(normalImages, { validation });
 * await model.save(fileSystem('chest-model'));
 * const { scores, abnormal } = await model.score(newImages);
 */
export class SaladModel extends AdjustableModel implements Detector {
  /** Known anomalies are left out of every score. */
  readonly usesLabels = true;
  /** Whether `fit` or `train` is running, or a trainer being made: two runs would move the same weights. */
  private training = false;

  /**
   * An untrained model. Its seed gives the first weights too, and everything else that is drawn.
   *
   * @param options a backbone, which the model owns from here on, and any of the settings. A backbone that was
   * made beforehand keeps its own seed, which is in `config.backbone`; where `seed` is another, `fit` warns of it
   * (`BACKBONE_KEEPS_ITS_SEED`).
   * @param where the call that errors name; default 'SaladModel.create'
   * @returns a model that the caller disposes.
   * @throws UNKNOWN_OPTION | INVALID_OPTION | SHAPE_MISMATCH | BACKEND_NOT_READY
   * @example
   * const backbone = { kind: 'convAutoencoder', inputShape: [256, 256, 1] } as const;
   * const model = SaladModel.create({ backbone, ...nihPreset, seed: 7 });
   */
  static create(options: SaladOptions, where = 'SaladModel.create'): SaladModel {
    const resolved = resolveSettings(where, options);
    const network = resolveNetwork(where, options, resolved);
    const { backbone } = network;
    const settings = settingsWith(backbone, withMapsOf(backbone, resolved, options));
    const warning = seedWarning(where, options, backbone);
    return new SaladModel({ network, settings, state: nothingLearnt, seedWarning: warning });
  }

  /**
   * A model from a file.
   *
   * @param handlerOrUrl any tf.io handler, or a URL that a registered one knows.
   * @returns a model that scores as the saved one did; the caller disposes it.
   * @throws NOT_A_MODEL | TRUNCATED_MODEL | MODEL_DAMAGED | FORMAT_VERSION | INVALID_OPTION | UNKNOWN_OPTION | SHAPE_MISMATCH |
   * BACKEND_NOT_READY
   * @example
   * const model = await SaladModel.load(fileSystem('chest-model')); // or 'indexeddb://chest-model'
   */
  static async load(
    handlerOrUrl: io.IOHandler | string,
    options: {
      /**
       * Required for a backbone that is not the library's, whose weights are replaced, and for a frozen encoder, whose weights are in
       * no file: the same as then, or it is refused. @defaultValue the one in the file
       */
      readonly backbone?: Backbone;
      /** Required for a `customNormalization`. @defaultValue the one in the file */
      readonly imageNormalization?: ImageNormalization;
    } = {},
  ): Promise<SaladModel> {
    const where = 'SaladModel.load';
    checkKnownOptions(where, options, { backbone: true, imageNormalization: true });
    checkBackendReady(where);
    return new SaladModel(await loadModel(where, handlerOrUrl, options));
  }

  /** 'frozenEncoder' of a backbone that cannot learn, 'memDae' without the latent term, 'untrainedEncoder' without epochs, else 'salad'. */
  get name(): string {
    if (isFrozen(this.backbone)) return 'frozenEncoder';
    if (totalEpochs(this.settings) === 0) return 'untrainedEncoder';
    return this.settings.latentWeight === 0 ? 'memDae' : 'salad';
  }

  /** Every option of the model, the defaults too; JSON. `config.backbone` has the seed that the backbone has. */
  get config(): DetectorConfig {
    return { kind: 'salad', ...this.settings, ...networkConfig(this.pieces.network) };
  }

  /**
   * The bank as the training steps left it, which the paper scores with; `bank` is the refreshed one.
   * Absent in a model that was not trained here or loaded without its training. Borrowed.
   *
   * @example
   * const { scores } = anomalyScore(embeddings, model.runningBank, { discard: model.discard });
   */
  get runningBank(): MemoryBank | undefined {
    return this.pieces.state.training?.bank;
  }

  /**
   * Learns from images: pre-training, then progressive rounds; then refreshes the bank and, with
   * validation images, fits threshold and normalizer on the normal ones among them.
   *
   * @param images most of them normal; `labels` of the source mark the known anomalies.
   * @returns a log of every epoch, and whether a callback stopped the run.
   * @throws `options.signal.reason` once aborted; the model then holds what it had learnt so far.
   * DISPOSED | INVALID_OPTION | NOT_FITTED where `resume` finds no run | BACKEND_NOT_READY | BACKEND_CANNOT_TRAIN | ALREADY_FITTED | TRAINING_IN_PROGRESS | EMPTY_SET | NO_LABELS where folders look like classes and gave none | RECIPE_MISMATCH | NO_ROWS_KEPT | LABELS_MISMATCH | PATIENT_OVERLAP |
   * TRAINING_DIVERGED | CHECKPOINT_MISMATCH | UNKNOWN_OPTION, and whatever reading the images throws: those of the validation are
   * read before the first epoch. After a later failure the model keeps what it had learnt, and the error says so.
   * @example
   * const { epochs } = await model.fit(train, { validation, checkpoint: fileSystem('half-way') });
   */
  async fit(images: Images, options: FitOptions = {}): Promise<History> {
    const where = 'SaladModel.fit';
    checkRunOptions(where, options, fitOptionNames);
    const { callbacks = {}, ...rest } = options;
    let stopped = (await callbacks.onTrainBegin?.()) === false;
    if (!stopped) {
      const epochs = this.epochs(where, images, rest, callbacks);
      let turn = await epochs.next();
      while (!turn.done) turn = await epochs.next();
      stopped = turn.value;
      await callbacks.onTrainEnd?.();
    }
    const { history: epochs, problems } = this;
    const { best } = this.pieces.state;
    return { epochs, best, stopped, ...(problems.length > 0 && { problems }) };
  }

  /**
   * `fit`, an epoch a turn; break to stop early, and the model is ready to score all the same.
   *
   * @param images most of them normal; `labels` of the source mark the known anomalies.
   * @returns the log of each epoch as it ends; `done` and `total` count epochs, those before a `resume` too.
   * @throws what `fit` throws: DISPOSED | INVALID_OPTION | UNKNOWN_OPTION | NOT_FITTED | ALREADY_FITTED | TRAINING_IN_PROGRESS | NO_LABELS |
   * RECIPE_MISMATCH | EMPTY_SET, and so on
   * @example
   * for await (const { epoch, validationAuc, secondsLeft } of model.train(train, { validation })) {
   *   if (validationAuc !== undefined && validationAuc > 0.95) break;
   * }
   */
  async *train(
    images: Images,
    options: Omit<FitOptions, 'callbacks'> = {},
  ): AsyncGenerator<EpochLog & Progress, void> {
    const where = 'SaladModel.train';
    checkRunOptions(where, options, trainOptionNames);
    yield* this.epochs(where, images, options);
  }

  /**
   * `fit`, a step at a time, for a loop of your own; end it with `finish()`.
   *
   * Checkpoints are yours to write: `save(handler, { includeTraining: true })` after the last step of an epoch.
   * A trainer may be abandoned: a later `trainer`, `fit` or `train` with `resume: true` takes over, and
   * the steps of the earlier one are refused from then on (TRAINING_IN_PROGRESS).
   *
   * @param images most of them normal; `labels` of the source mark the known anomalies.
   * @returns a trainer that has done no step yet, or goes on after the last one.
   * @throws ALREADY_FITTED | BACKEND_CANNOT_TRAIN | BACKEND_NOT_READY | CHECKPOINT_MISMATCH | DISPOSED | EMPTY_SET | RECIPE_MISMATCH | INVALID_IMAGES | SHAPE_MISMATCH |
   * INVALID_OPTION | LABELS_MISMATCH | NO_LABELS | NOT_FITTED | NO_ROWS_KEPT | PATIENT_OVERLAP | TRAINING_IN_PROGRESS | UNKNOWN_OPTION
   * @example
   * const trainer = await model.trainer(train);
   * while (!trainer.done) await trainer.step();
   * await trainer.finish();
   */
  async trainer(
    images: Images,
    options: Omit<FitOptions, 'callbacks' | 'checkpoint' | 'checkpointEvery' | 'verbose'> = {},
  ): Promise<Trainer> {
    const where = 'SaladModel.trainer';
    checkRunOptions(where, options, trainerOptionNames);
    checkNotTraining(where, this.training);
    this.training = true;
    try {
      return await beginTraining(where, this.pieces, images, options);
    } finally {
      this.training = false;
    }
  }

  /**
   * Writes the model: weights, settings, bank, image normalisation, threshold.
   *
   * @param handlerOrUrl any tf.io handler, such as `fileSystem(folder)`, or a URL that a registered one knows.
   * @returns what the handler returns.
   * @throws DISPOSED | INVALID_OPTION where nothing can save there | UNKNOWN_OPTION, and what the handler throws
   */
  async save(
    handlerOrUrl: io.IOHandler | string,
    options: {
      /** What a later `fit(images, { resume: true })` needs. @defaultValue false */
      readonly includeTraining?: boolean;
      /** Names of the training images. Names of medical files may identify patients. @defaultValue false */
      readonly includeIds?: boolean;
    } = {},
  ): Promise<io.SaveResult> {
    const where = 'SaladModel.save';
    checkKnownOptions(where, options, { includeTraining: true, includeIds: true });
    return saveModel(where, handlerOrUrl, this.pieces, options);
  }

  /** The epochs of `fit` and `train`, with their checkpoints. */
  private async *epochs(
    where: string,
    images: Images,
    options: TrainOptions,
    callbacks?: SaladCallbacks,
  ): AsyncGenerator<EpochLog & Progress, boolean> {
    checkNotTraining(where, this.training);
    this.training = true;
    let begun = false;
    try {
      const { checkpoint, checkpointEvery = 1, verbose = false, ...rest } = options;
      checkNumber(where, 'checkpointEvery', checkpointEvery, { min: 1, integer: true });
      const handler = checkpoint ? handlerOf(where, checkpoint, 'save') : undefined;
      // biome-ignore lint/suspicious/noConsole: asked for by the user
      const print = verbose ? (line: string) => console.log(line) : undefined;
      const printed = (warning: SaladWarning) => {
        print?.(`${warning.code}: ${warning.message}`);
        rest.onWarning?.(warning);
      };
      const heard = print ? { ...rest, onWarning: printed } : rest;
      const trainer = await beginTraining(where, this.pieces, images, heard);
      begun = true;
      const save =
        handler && (() => saveModel(where, handler, this.pieces, { includeTraining: true }));
      const { signal } = rest;
      const loop = { callbacks, signal, checkpoint: save, checkpointEvery, print };
      const stopped = yield* runEpochs(trainer, loop);
      const { threshold } = this.pieces.state;
      const unreadable = new Set(this.problems.map(({ id }) => id)).size;
      if (unreadable > 0)
        print?.(
          `${imagesText(unreadable)} could not be read and taught nothing; see problems of the result`,
        );
      if (threshold)
        print?.(`threshold ${threshold.value.toFixed(4)}: ${thresholdText(threshold)}`);
      return stopped;
    } catch (error) {
      throw begun ? withWhatIsKept(error, this.pieces.state) : error;
    } finally {
      this.training = false;
    }
  }
}
