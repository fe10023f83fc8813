import type { io } from '@tensorflow/tfjs-core';
import type { Detector, DetectorConfig } from '../core/detector.js';
import type { MemoryBank } from '../core/memory-bank.js';
import { handlerOf } from '../learning/artifacts.js';
import type { Images } from '../learning/as-source.js';
import { checkNotTraining } from '../learning/run-checks.js';
import { checkKnownOptions, checkNumber } from '../support/check.js';
import { checkBackendReady } from '../support/train-check.js';
import type { History } from './history.js';
import { nothingLearnt } from './model-state.js';
import { networkConfig, resolveNetwork, seedWarning } from './network.js';
import { resolveSettings, type SaladOptions } from './options.js';
import type { SaveOptions } from './pack-model.js';
import { totalEpochs } from './schedule.js';
import { ScoringModel } from './scoring-model.js';
import { type LoadOptions, loadModel, saveModel } from './storage.js';
import { Trainer } from './trainer.js';
import { type EpochProgress, runEpochs } from './training-loop.js';
import {
  type FitOptions,
  fitOptionNames,
  type SaladCallbacks,
  type TrainerOptions,
  type TrainOptions,
  trainerOptionNames,
  trainOptionNames,
} from './training-options.js';

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
 * const { scores, abnormal } = await model.score(newImages);
 * await model.save(fileSystem('chest-model'));
 */
export class SaladModel extends ScoringModel implements Detector {
  /** Known anomalies are left out of every score. */
  readonly usesLabels = true;
  /** Whether `fit` or `train` is at work, or a trainer being made: two runs would move the same weights. */
  private training = false;

  /**
   * An untrained model. Its seed gives the first weights too, and everything else that is drawn.
   *
   * @param options a backbone, which the model owns from here on, and any of the settings. A backbone that was
   * made beforehand keeps its own seed, which `config.backbone` tells; where `seed` is another, `fit` warns of it
   * (`BACKBONE_KEEPS_ITS_SEED`).
   * @throws UNKNOWN_OPTION | INVALID_OPTION | BACKEND_NOT_READY
   * @example
   * const backbone = { kind: 'convAutoencoder', inputShape: [256, 256, 1] } as const;
   * const model = SaladModel.create({ backbone, ...nihPreset, seed: 7 });
   */
  static create(options: SaladOptions): SaladModel {
    const where = 'SaladModel.create';
    const settings = resolveSettings(where, options);
    return new SaladModel({
      network: resolveNetwork(where, options, settings),
      settings,
      state: nothingLearnt,
      seedWarning: seedWarning(where, options),
    });
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

  /** Everything that `create` was told, the defaults too; of the backbone the seed that it has. */
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
   * BACKEND_CANNOT_TRAIN | ALREADY_FITTED | TRAINING_IN_PROGRESS | EMPTY_SET | NO_ROWS_KEPT | LABELS_MISMATCH | PATIENT_OVERLAP |
   * TRAINING_DIVERGED | CHECKPOINT_MISMATCH | UNKNOWN_OPTION, and whatever reading the images throws.
   * @example
   * const { epochs } = await model.fit(train, { validation, checkpoint: fileSystem('half-way') });
   */
  async fit(images: Images, options: FitOptions = {}): Promise<History> {
    const where = 'SaladModel.fit';
    checkKnownOptions(where, options, fitOptionNames);
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
   * The same, an epoch a turn; break to stop early, and the model is ready to score all the same.
   *
   * @example
   * for await (const { epoch, validationAuc, secondsLeft } of model.train(train, { validation })) {
   *   if (validationAuc !== undefined && validationAuc > 0.95) break;
   * }
   */
  async *train(images: Images, options: TrainOptions = {}): AsyncGenerator<EpochProgress, void> {
    const where = 'SaladModel.train';
    checkKnownOptions(where, options, trainOptionNames);
    yield* this.epochs(where, images, options);
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
    const where = 'SaladModel.trainer';
    checkKnownOptions(where, options, trainerOptionNames);
    checkNotTraining(where, this.training);
    this.training = true;
    try {
      return await Trainer.begin(where, this.pieces, images, options);
    } finally {
      this.training = false;
    }
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
    return saveModel(where, handlerOrUrl, this.pieces, options);
  }

  /** The epochs of `fit` and `train`, with their checkpoints. */
  private async *epochs(
    where: string,
    images: Images,
    options: TrainOptions,
    callbacks?: SaladCallbacks,
  ): AsyncGenerator<EpochProgress, boolean> {
    checkNotTraining(where, this.training);
    this.training = true;
    try {
      const { checkpoint, checkpointEvery = 1, ...rest } = options;
      checkNumber(where, 'checkpointEvery', checkpointEvery, { min: 1, integer: true });
      const handler = checkpoint ? handlerOf(where, checkpoint, 'save') : undefined;
      const trainer = await Trainer.begin(where, this.pieces, images, rest);
      const save =
        handler && (() => saveModel(where, handler, this.pieces, { includeTraining: true }));
      return yield* runEpochs(trainer, { callbacks, checkpoint: save, checkpointEvery });
    } finally {
      this.training = false;
    }
  }
}
