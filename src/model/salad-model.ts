import type { Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { Backbone } from '../backbones/backbone.js';
import { backboneFromConfig } from '../backbones/from-config.js';
import type { SaladWarning } from '../core/anomaly-score.js';
import { normalizeScore, type ScoreNormalizer } from '../core/calibration.js';
import { MemoryBank } from '../core/memory-bank.js';
import type { ImageSource } from '../data/image-source.js';
import type { ImageNormalization } from '../images/image-normalization.js';
import { localContrast } from '../images/local-contrast.js';
import { normalizationFromJSON } from '../images/normalization-from-json.js';
import { check, checkKnownOptions, checkNumber } from '../support/check.js';
import { checkBackendReady } from '../support/train-check.js';
import { asSource, forEachBatch, type Images } from './batches.js';
import { calibrated } from './calibrated.js';
import {
  embedAll,
  INFERENCE_BATCH,
  type Network,
  type RawScores,
  scoreEmbeddings,
} from './inference.js';
import { decodeModel, encodeModel, handlerOf } from './model-file.js';
import { disposeModelState, type ModelState } from './model-state.js';
import { resolveSettings, type SaladOptions, type SaladSettings } from './options.js';
import { packModel, unpackModel } from './persistence.js';
import { type NearestImage, nearestImages, type ScoreResult } from './results.js';
import type { Trainer } from './trainer.js';
import {
  beginTraining,
  calibrateOnValidation,
  endTraining,
  type FitOptions,
  fitOptionNames,
  type TrainerOptions,
  type TrainOptions,
  trainerOptionNames,
  trainOptionNames,
} from './training.js';
import { type EpochProgress, runEpochs } from './training-loop.js';
import type { EpochLog } from './training-state.js';

/** What a fit leaves to read; JSON. */
export interface History {
  readonly epochs: readonly EpochLog[];
  /** The epoch whose weights are kept, where validation chose them. */
  readonly best?: { readonly epoch: number; readonly validationAuc: number };
  /** Whether a callback stopped the run before its last epoch. */
  readonly stopped: boolean;
}

/** Options of the calls that compare images with the bank. */
export interface ScoreOptions {
  /** [images]: the row of each image when training images are scored, which is then left out; -1 for none. */
  readonly ownRows?: ArrayLike<number>;
  readonly onWarning?: (warning: SaladWarning) => void;
}

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
export class SaladModel {
  readonly backbone: Backbone;
  readonly settings: SaladSettings;
  readonly imageNormalization: ImageNormalization;
  private readonly network: Network;
  private state: ModelState = { discard: [], history: [] };
  private disposed = false;

  private constructor(where: string, options: SaladOptions) {
    this.settings = resolveSettings(where, options);
    const { backbone, imageNormalization = localContrast(), resize } = options;
    const { latentWeight, reconstructionWeight } = this.settings;
    check(
      typeof backbone?.encode === 'function' && Array.isArray(backbone.inputShape),
      'INVALID_OPTION',
      () =>
        `${where}: backbone is missing or no Backbone; expected convAutoencoder({ inputShape }) or one of your own.`,
    );
    check(
      latentWeight > 0 || (reconstructionWeight > 0 && backbone.decode !== undefined),
      'INVALID_OPTION',
      () =>
        `${where}: latentWeight is 0 and the backbone has no decoder, so there is nothing to learn; set it above 0, or use a backbone with decode.`,
    );
    this.backbone = backbone;
    this.imageNormalization = imageNormalization;
    const preparation = {
      inputShape: backbone.inputShape,
      resize,
      normalization: imageNormalization,
    };
    this.network = { backbone, preparation };
  }

  /**
   * An untrained model.
   *
   * @param options a backbone, which the model owns from here on, and any of the settings.
   * @throws UNKNOWN_OPTION | INVALID_OPTION
   * @example
   * const model = SaladModel.create({ backbone, ...nihPreset, seed: 7 });
   */
  static create(options: SaladOptions): SaladModel {
    return new SaladModel('SaladModel.create', options);
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
    handlerOrUrl: tf.io.IOHandler | string,
    options: { backbone?: Backbone; imageNormalization?: ImageNormalization } = {},
  ): Promise<SaladModel> {
    const where = 'SaladModel.load';
    checkKnownOptions(where, options, ['backbone', 'imageNormalization']);
    checkBackendReady(where);
    const handler = handlerOf(where, handlerOrUrl, 'load');
    const artifacts = await (handler.load as () => Promise<tf.io.ModelArtifacts>)();
    const parts = decodeModel(artifacts);
    const { description } = parts;
    let backbone: Backbone | undefined;
    try {
      const imageNormalization = normalizationFromJSON(
        description.imageNormalization as { name: string; options: Record<string, unknown> },
        options.imageNormalization,
      );
      backbone = options.backbone ?? (await backboneFromConfig(description.backbone));
      const { settings, resize } = description;
      const model = new SaladModel(where, { ...settings, backbone, imageNormalization, resize });
      model.state = await unpackModel(parts, backbone);
      return model;
    } catch (error) {
      if (!options.backbone) backbone?.dispose();
      throw error;
    } finally {
      tf.dispose(parts.tensors);
    }
  }

  /** Epoch logs of the training that made this model. */
  get history(): readonly EpochLog[] {
    return this.state.training?.history ?? this.state.history;
  }

  /** The bank that scores are made with. Borrowed. @throws NOT_FITTED */
  get bank(): MemoryBank {
    check(
      !this.disposed,
      'DISPOSED',
      () => 'SaladModel: the model has been disposed; create or load another.',
    );
    check(
      this.state.bank !== undefined,
      'NOT_FITTED',
      () => 'SaladModel: the model has no memory bank yet; call fit, or load a fitted model.',
    );
    return this.state.bank;
  }

  /** [N]: rows of known anomalies, left out of every score. */
  get discard(): readonly boolean[] {
    return this.state.discard;
  }

  /** The decision threshold on `scores`; absent before calibration. */
  get threshold(): number | undefined {
    return this.state.threshold?.value;
  }

  /**
   * Learns from images: pre-training, then progressive rounds; then refreshes the bank and, with
   * validation images, fits threshold and normalizer on the normal ones among them.
   *
   * @param images most of them normal; `labels` of the source mark the known anomalies.
   * @returns a log of every epoch, and whether a callback stopped the run.
   * @throws `options.signal.reason` once aborted; the model then holds what it had learnt so far.
   * BACKEND_CANNOT_TRAIN | ALREADY_FITTED | EMPTY_SET | NO_ROWS_KEPT | LABELS_MISMATCH | PATIENT_OVERLAP |
   * TRAINING_DIVERGED | CHECKPOINT_MISMATCH | UNKNOWN_OPTION, and whatever reading the images throws.
   * @example
   * const { epochs } = await model.fit(train, { validation, checkpoint: fileSystem('half-way') });
   */
  async fit(images: Images, options: FitOptions = {}): Promise<History> {
    checkKnownOptions('SaladModel.fit', options, fitOptionNames);
    const { callbacks = {}, ...rest } = options;
    if ((await callbacks.onTrainBegin?.()) === false) return { epochs: [], stopped: true };
    const epochs = this.epochs(images, rest, callbacks);
    let turn = await epochs.next();
    while (!turn.done) turn = await epochs.next();
    await callbacks.onTrainEnd?.();
    return { epochs: this.history, best: this.state.best, stopped: turn.value };
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
   *
   * @example
   * const trainer = await model.trainer(train);
   * while (!trainer.done) await trainer.step();
   * await trainer.finish();
   */
  async trainer(images: Images, options: TrainerOptions = {}): Promise<Trainer> {
    checkKnownOptions('SaladModel.trainer', options, trainerOptionNames);
    this.checkAlive();
    const started = await beginTraining(this.network, this.settings, this.state, images, options);
    this.state = started.state;
    return started.trainer(async () => {
      this.checkAlive();
      const { network, settings } = this;
      this.state = await endTraining(network, settings, this.state, started);
      const { onWarning } = options;
      this.state = await calibrateOnValidation(network, settings, this.state, started, onWarning);
    });
  }

  /**
   * Scores images against the bank.
   *
   * @param images an `ImageSource`, or a tensor [count, height, width, channels] in [0, 1].
   * @param options.ownRows when training images are scored: the row of each, which is left out.
   * @returns typed arrays, an entry per image, in order.
   * @throws NOT_FITTED | INVALID_EMBEDDING | whatever reading the images throws
   */
  async score(images: Images, options: ScoreOptions = {}): Promise<ScoreResult> {
    const { source, raw } = await this.compare('SaladModel.score', images, options);
    const scores = raw[this.settings.method];
    const { normalizer, threshold } = this.state;
    return {
      ids: source.ids,
      scores,
      relative: raw.relative,
      angular: raw.angular,
      ...(normalizer && { normalized: scores.map((score) => normalizeScore(normalizer, score)) }),
      ...(threshold && {
        abnormal: Array.from(scores, (score) => score >= threshold.value),
        threshold: threshold.value,
      }),
      nearestRows: raw.nearest,
      nearestAngles: raw.angles,
      scoreNeighbors: raw.scoreNeighbors,
    };
  }

  /** Scores batches as they come; one result a batch, so memory stays that of a batch. */
  async *scoreStream(
    batches: AsyncIterable<Images> | Iterable<Images>,
    options: Omit<ScoreOptions, 'ownRows'> = {},
  ): AsyncGenerator<ScoreResult, void> {
    for await (const batch of batches) yield await this.score(batch, options);
  }

  /**
   * Which training images each score rests on, nearest first.
   *
   * @param options.count at most K; 5 unless told.
   * @returns [images][count].
   * @throws NOT_FITTED
   */
  async nearest(
    images: Images,
    options: ScoreOptions & { count?: number } = {},
  ): Promise<NearestImage[][]> {
    const { count = 5, ...rest } = options;
    const { raw } = await this.compare('SaladModel.nearest', images, rest);
    return nearestImages(raw, count, this.state.ids);
  }

  /** Unit embeddings, in inference mode. @returns [images, embeddingSize]; the caller disposes it. */
  async embed(images: Images): Promise<Tensor2D> {
    this.checkAlive();
    checkBackendReady('SaladModel.embed');
    return embedAll('SaladModel.embed', this.network, await asSource('SaladModel.embed', images));
  }

  /** What the decoder makes of images, in normalised pixels. @returns [images, ...inputShape]. @throws NO_DECODER */
  async reconstruct(images: Images): Promise<Tensor4D> {
    const where = 'SaladModel.reconstruct';
    this.checkAlive();
    checkBackendReady(where);
    const { backbone, preparation } = this.network;
    check(
      backbone.decode !== undefined,
      'NO_DECODER',
      () => `${where}: the backbone has no decoder; use one with decode.`,
    );
    const decode = backbone.decode.bind(backbone);
    const parts: Tensor4D[] = [];
    try {
      await forEachBatch(await asSource(where, images), INFERENCE_BATCH, preparation, (batch) => {
        parts.push(tf.tidy(() => decode(backbone.encode(batch, false), false)));
      });
      return tf.concat(parts, 0);
    } finally {
      tf.dispose(parts);
    }
  }

  /**
   * Encodes the training images anew, as they are, and scores with that bank from here on.
   *
   * @param images those that were trained on; rows and known anomalies are taken from them. The
   * threshold stays: call `calibrate` where the images differ.
   */
  async refreshBank(images: Images): Promise<void> {
    const where = 'SaladModel.refreshBank';
    const source = await asSource(where, images);
    const embeddings = await this.embed(source);
    const bank = MemoryBank.from(embeddings);
    embeddings.dispose();
    this.state.bank?.dispose();
    const discard = Array.from({ length: source.length }, (_, i) => Boolean(source.labels?.[i]));
    this.state = { ...this.state, bank, discard, ids: source.ids };
  }

  /**
   * Adds rows for more normal images, without training. The threshold stays: `calibrate` anew.
   *
   * @throws LABELS_MISMATCH where an image is labelled as an anomaly | NOT_FITTED
   */
  async extend(images: Images): Promise<void> {
    const where = 'SaladModel.extend';
    const source = await asSource(where, images);
    const { bank } = this;
    checkNormal(where, source);
    const embeddings = await this.embed(source);
    bank.append(embeddings);
    embeddings.dispose();
    const { discard, ids } = this.state;
    const added = new Array<boolean>(source.length).fill(false);
    this.state = {
      ...this.state,
      discard: [...discard, ...added],
      ids: ids && [...ids, ...source.ids],
    };
  }

  /**
   * Fits threshold and normalizer on images known to be normal, not those being judged.
   *
   * @param options.quantile share of normals meant to stay below the threshold, in (0, 1]; .95 unless told.
   * @param options.kind how `normalized` is made: `empirical` unless told, or `min-max`.
   * @throws NOT_FITTED | INVALID_OPTION
   * @example
   * await model.calibrate(validationNormals, { quantile: 0.99 });
   */
  async calibrate(
    normals: Images,
    options: {
      quantile?: number;
      kind?: ScoreNormalizer['kind'];
      onWarning?: (warning: SaladWarning) => void;
    } = {},
  ): Promise<void> {
    const where = 'SaladModel.calibrate';
    checkKnownOptions(where, options, ['quantile', 'kind', 'onWarning']);
    const source = await asSource(where, normals);
    checkNormal(where, source);
    const { onWarning } = options;
    const { raw } = await this.compare(where, source, { onWarning });
    this.state = calibrated(this.state, raw[this.settings.method], options);
  }

  /**
   * Writes the model: weights, settings, bank, image normalisation, threshold.
   *
   * @param options.includeTraining also what a later `fit(images, { resume: true })` needs.
   * @param options.includeIds also the names of the training images; left out unless asked for, since
   * names of medical files may identify patients.
   */
  async save(
    handlerOrUrl: tf.io.IOHandler | string,
    options: { includeTraining?: boolean; includeIds?: boolean } = {},
  ): Promise<tf.io.SaveResult> {
    const where = 'SaladModel.save';
    checkKnownOptions(where, options, ['includeTraining', 'includeIds']);
    this.checkAlive();
    const { includeTraining = false, includeIds = false } = options;
    const handler = handlerOf(where, handlerOrUrl, 'save');
    const { imageNormalization, backbone, settings, state } = this;
    const { name, options: normalizationOptions } = imageNormalization;
    const { temporary, ...parts } = packModel(
      {
        backbone,
        settings,
        imageNormalization: { name, options: normalizationOptions },
        resize: this.network.preparation.resize,
        state: { ...state, history: this.history as EpochLog[] },
      },
      { includeTraining, includeIds },
    );
    try {
      const artifacts = await encodeModel(parts);
      return await (handler.save as tf.io.SaveHandler)(artifacts);
    } finally {
      tf.dispose(temporary);
    }
  }

  /** Frees every tensor, the backbone's included. */
  dispose(): void {
    if (this.disposed) return;
    this.disposed = true;
    disposeModelState(this.state);
    this.backbone.dispose();
  }

  private async *epochs(
    images: Images,
    options: TrainOptions,
    callbacks?: FitOptions['callbacks'],
  ): AsyncGenerator<EpochProgress, boolean> {
    const { checkpoint, checkpointEvery = 1, ...rest } = options;
    checkNumber('SaladModel.fit', 'checkpointEvery', checkpointEvery, { min: 1, integer: true });
    const handler = checkpoint && handlerOf('SaladModel.fit', checkpoint, 'save');
    const trainer = await this.trainer(images, rest);
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

  private async compare(
    where: string,
    images: Images,
    options: ScoreOptions,
  ): Promise<{ source: ImageSource; raw: RawScores }> {
    checkKnownOptions(where, options, ['ownRows', 'onWarning']);
    checkBackendReady(where);
    const { bank } = this;
    const source = await asSource(where, images);
    const embeddings = await embedAll(where, this.network, source);
    try {
      const { scoreNeighbors } = this.settings;
      const { discard } = this.state;
      const raw = await scoreEmbeddings(embeddings, bank, { ...options, scoreNeighbors, discard });
      return { source, raw };
    } finally {
      embeddings.dispose();
    }
  }

  private checkAlive(): void {
    check(
      !this.disposed,
      'DISPOSED',
      () => 'SaladModel: the model has been disposed; create or load another.',
    );
  }
}

function checkNormal(where: string, { labels, length }: ImageSource): void {
  check(
    !Array.from({ length }, (_, i) => labels?.[i]).some(Boolean),
    'LABELS_MISMATCH',
    () => `${where}: some images are labelled as anomalies; expected normal ones only.`,
  );
}
