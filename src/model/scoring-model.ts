import type { Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { Backbone } from '../backbones/backbone.js';
import type { SaladWarning } from '../core/anomaly-score.js';
import { normalizeScore, type ScoreNormalizer } from '../core/calibration.js';
import type { MemoryBank } from '../core/memory-bank.js';
import type { ImageProblem, ReportedProblem } from '../data/problem-report.js';
import type { ImageNormalization } from '../images/image-normalization.js';
import type { ImageSource } from '../images/image-source.js';
import { localContrast } from '../images/local-contrast.js';
import { checkPreparation, type Preparation } from '../images/prepare.js';
import { checkAllRead, readIndices, unreadableWarning } from '../learning/arrivals.js';
import { asSource, type Images } from '../learning/as-source.js';
import { forEachBatch } from '../learning/intake.js';
import { checkAllNormal, checkSomeNormal } from '../learning/labels.js';
import { check, checkKnownOptions, checkNumber } from '../support/check.js';
import { checkBackendReady } from '../support/train-check.js';
import { calibrated } from './calibrated.js';
import {
  embedAll,
  embedReadable,
  INFERENCE_BATCH,
  type Network,
  type RawScores,
  scoreEmbeddings,
} from './inference.js';
import { disposeModelState, type ModelState } from './model-state.js';
import { resolveSettings, type SaladOptions, type SaladSettings } from './options.js';
import { type NearestImage, nearestImages, type ScoreResult } from './results.js';
import { encodeBank } from './training-bank.js';
import type { EpochLog } from './training-state.js';

/** Options of the calls that compare images with the bank. */
export interface ScoreOptions {
  /** [images]: the row of each image when training images are scored, which is then left out; -1 for none. */
  readonly ownRows?: ArrayLike<number>;
  readonly onWarning?: (warning: SaladWarning) => void;
}

/**
 * What a model does once it has learnt: embed, score, tell why, and take in more normal images.
 *
 * `SaladModel` is this and the learning.
 */
export class ScoringModel {
  readonly backbone: Backbone;
  readonly settings: SaladSettings;
  readonly imageNormalization: ImageNormalization;
  protected readonly network: Network;
  protected state: ModelState = { discard: [], history: [] };
  private disposed = false;

  protected constructor(where: string, options: SaladOptions) {
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
    const { inputShape } = backbone;
    const preparation = { inputShape, resize, normalization: imageNormalization };
    checkPreparation(where, preparation);
    this.backbone = backbone;
    this.imageNormalization = imageNormalization;
    this.network = { backbone, preparation };
  }

  /** What this model does to images before its network sees them. */
  get preparation(): Preparation {
    return this.network.preparation;
  }

  /** Epoch logs of the training that made this model. */
  get history(): readonly EpochLog[] {
    return this.state.training?.history ?? this.state.history;
  }

  /** Images that could not be read in the run of this model, those of the validation set too; not saved. */
  get problems(): readonly ReportedProblem[] {
    return this.state.training?.problems.problems ?? [];
  }

  /** The bank that scores are made with. Borrowed. @throws NOT_FITTED, also while training is in progress */
  get bank(): MemoryBank {
    this.checkAlive();
    const { bank, training } = this.state;
    check(bank !== undefined, 'NOT_FITTED', () =>
      training
        ? "SaladModel: training is in progress, so there is no memory bank to score with; wait for fit or train to end, or call the trainer's finish()."
        : 'SaladModel: the model has no memory bank yet; call fit, or load a fitted model.',
    );
    return bank;
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
   * Scores images against the bank.
   *
   * @param images an `ImageSource`, or a tensor [count, height, width, channels] in [0, 1].
   * @param options.ownRows when training images are scored: the row of each, which is left out.
   * @returns typed arrays, an entry per image, in order. Images that their source could not read and
   * passes over have none: they are listed in `unreadable`, and `indices` says which image an entry is of.
   * @throws NOT_FITTED | INVALID_EMBEDDING | whatever reading the images throws
   */
  async score(images: Images, options: ScoreOptions = {}): Promise<ScoreResult> {
    const { source, raw, unreadable } = await this.compare('SaladModel.score', images, options);
    const indices = unreadable.length > 0 ? readIndices(source, unreadable) : undefined;
    const scores = raw[this.settings.method];
    const { normalizer, threshold } = this.state;
    return {
      ids: indices ? indices.map((index) => source.ids[index]) : source.ids,
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
      ...(indices && { unreadable, indices }),
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
   * @param options.count at least 1, at most K; 5 unless told.
   * @returns [images][count]; of an image that could not be read none.
   * @throws NOT_FITTED | INVALID_OPTION
   */
  async nearest(
    images: Images,
    options: ScoreOptions & { count?: number } = {},
  ): Promise<NearestImage[][]> {
    const { count = 5, ...rest } = options;
    checkNumber('SaladModel.nearest', 'count', count, { min: 1, integer: true });
    const { source, raw, unreadable } = await this.compare('SaladModel.nearest', images, rest);
    const found = nearestImages(raw, count, this.state.ids);
    if (unreadable.length === 0) return found;
    const all = Array.from({ length: source.length }, (): NearestImage[] => []);
    readIndices(source, unreadable).forEach((index, i) => {
      all[index] = found[i];
    });
    return all;
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
    const { backbone } = this.network;
    check(
      backbone.decode !== undefined,
      'NO_DECODER',
      () => `${where}: the backbone has no decoder; use one with decode.`,
    );
    const decode = backbone.decode.bind(backbone);
    const parts: Tensor4D[] = [];
    try {
      const problems = await forEachBatch(
        await asSource(where, images),
        INFERENCE_BATCH,
        this.network,
        (batch) => {
          parts.push(tf.tidy(() => decode(backbone.encode(batch, false), false)));
        },
      );
      checkAllRead(where, problems);
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
   * @returns images that could not be read and keep the row they had.
   * @throws NO_ROWS_KEPT where every image is labelled as an anomaly; IMAGE_UNREADABLE where one cannot be
   * read that the bank has no row of
   */
  async refreshBank(images: Images): Promise<readonly ImageProblem[]> {
    const where = 'SaladModel.refreshBank';
    const source = await asSource(where, images);
    checkSomeNormal(where, source);
    this.checkAlive();
    checkBackendReady(where);
    const { bank: before, discard: unlearnt } = this.state;
    const earlier = before && { bank: before, unlearnt: () => unlearnt };
    const { bank, discard, problems } = await encodeBank(where, this.network, source, earlier);
    before?.dispose();
    this.state = { ...this.state, bank, discard, ids: source.ids };
    return problems;
  }

  /**
   * Adds rows for more normal images, without training. The threshold stays: `calibrate` anew. A later
   * `fit` with `resume: true` makes the bank of its training images alone, without these rows.
   *
   * @throws LABELS_MISMATCH where an image is labelled as an anomaly | NOT_FITTED
   */
  async extend(images: Images): Promise<void> {
    const where = 'SaladModel.extend';
    const source = await asSource(where, images);
    const { bank } = this;
    checkAllNormal(where, source);
    const embeddings = await this.embed(source);
    try {
      bank.append(embeddings);
    } finally {
      embeddings.dispose();
    }
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
    checkAllNormal(where, source);
    const { onWarning } = options;
    const { raw } = await this.compare(where, source, { onWarning });
    this.state = calibrated(this.state, raw[this.settings.method], options);
  }

  /** Frees every tensor, the backbone's included. */
  dispose(): void {
    if (this.disposed) return;
    this.disposed = true;
    disposeModelState(this.state);
    this.backbone.dispose();
  }

  protected async compare(
    where: string,
    images: Images,
    options: ScoreOptions,
  ): Promise<{ source: ImageSource; raw: RawScores; unreadable: readonly ImageProblem[] }> {
    checkKnownOptions(where, options, ['ownRows', 'onWarning']);
    checkBackendReady(where);
    const { bank } = this;
    const source = await asSource(where, images);
    const { ownRows, onWarning } = options;
    check(
      ownRows === undefined || ownRows.length === source.length,
      'SHAPE_MISMATCH',
      () =>
        `${where}: ownRows has ${ownRows?.length} entries for ${source.length} images; expected one row, or -1, per image.`,
    );
    const { embeddings, problems } = await embedReadable(where, this.network, source);
    try {
      const { scoreNeighbors } = this.settings;
      const { discard } = this.state;
      if (problems.length > 0) onWarning?.(unreadableWarning(where, problems, source));
      const raw = await scoreEmbeddings(embeddings, bank, {
        onWarning,
        ownRows: ownRows && readIndices(source, problems).map((index) => ownRows[index]),
        scoreNeighbors,
        discard,
      });
      return { source, raw, unreadable: problems };
    } finally {
      embeddings.dispose();
    }
  }

  protected checkAlive(): void {
    check(
      !this.disposed,
      'DISPOSED',
      () => 'SaladModel: the model has been disposed; create or load another.',
    );
  }
}
