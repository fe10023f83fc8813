import type { Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import type { Backbone } from '../backbones/backbone.js';
import type { ScoreNormalizer } from '../core/calibration.js';
import type { MemoryBank } from '../core/memory-bank.js';
import type { SaladWarning } from '../core/warning.js';
import type { ReportedProblem } from '../data/problem-report.js';
import type { ImageNormalization } from '../images/image-normalization.js';
import type { Preparation } from '../images/preparation.js';
import type { ImageProblem } from '../images/problems.js';
import { asSource, type Images } from '../learning/as-source.js';
import { checkAllNormal, checkSomeNormal } from '../learning/labels.js';
import { check, checkKnownOptions, checkNumber } from '../support/check.js';
import { checkBackendReady } from '../support/train-check.js';
import { calibrated } from './calibrated.js';
import {
  type Comparison,
  compareWithBank,
  type ScoreOptions,
  scoreOptionNames,
} from './compare.js';
import type { EpochLog } from './history.js';
import { embedAll, reconstructAll, reconstructionErrorsOf } from './inference.js';
import { checkAlive, disposeModel, historyOf, type ModelPieces } from './model-state.js';
import type { SaladSettings } from './options.js';
import { type NearestImage, nearestImages, type ScoreResult, scoreResult } from './results.js';
import { encodeBank } from './training-bank.js';

/**
 * What a model does once it has learnt: embed, score, tell why, and take in more normal images.
 *
 * `SaladModel` is this and the learning.
 */
export class ScoringModel {
  protected constructor(protected readonly pieces: ModelPieces) {}

  get settings(): SaladSettings {
    return this.pieces.settings;
  }

  get backbone(): Backbone {
    return this.pieces.network.backbone;
  }

  get imageNormalization(): ImageNormalization {
    return this.pieces.network.preparation.imageNormalization;
  }

  /** What this model does to images before its network sees them. */
  get preparation(): Preparation {
    return this.pieces.network.preparation;
  }

  /** Epoch logs of the training that made this model. */
  get history(): readonly EpochLog[] {
    return historyOf(this.pieces.state);
  }

  /** Images that could not be read in the run of this model, those of the validation set too; not saved. */
  get problems(): readonly ReportedProblem[] {
    return this.pieces.state.training?.problems.problems ?? [];
  }

  /** The bank that scores are made with. Borrowed. @throws NOT_FITTED, also while training is in progress */
  get bank(): MemoryBank {
    return this.fittedBank('SaladModel.bank');
  }

  /** [N]: rows of known anomalies, left out of every score. */
  get discard(): readonly boolean[] {
    return this.pieces.state.discard;
  }

  /** The decision threshold on `scores`; absent before calibration. */
  get threshold(): number | undefined {
    return this.pieces.state.threshold?.value;
  }

  /**
   * Scores images against the bank.
   *
   * @param images an `ImageSource`, or a tensor [count, height, width, channels] in [0, 1].
   * @param options.ownRows when training images are scored: the row of each, which is left out.
   * @param where the call that errors name; default 'SaladModel.score'
   * @returns typed arrays, an entry per image, in order. Images that their source could not read and
   * passes over have none: they are listed in `unreadable`, and `indices` says which image an entry is of.
   * @throws NOT_FITTED | INVALID_EMBEDDING | whatever reading the images throws
   */
  async score(
    images: Images,
    options: ScoreOptions = {},
    where = 'SaladModel.score',
  ): Promise<ScoreResult> {
    const comparison = await this.compare(where, images, options);
    return scoreResult(comparison, this.settings.method, this.pieces.state);
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
   * @param options.count at least 1, at most K; default 5.
   * @returns [images][count]; of an image that could not be read none.
   * @throws NOT_FITTED | INVALID_OPTION
   */
  async nearest(
    images: Images,
    options: ScoreOptions & { count?: number } = {},
  ): Promise<NearestImage[][]> {
    const { count = 5, ...rest } = options;
    checkNumber('SaladModel.nearest', 'count', count, { min: 1, integer: true });
    const comparison = await this.compare('SaladModel.nearest', images, rest);
    return nearestImages(comparison, count, this.pieces.state.ids);
  }

  /** Unit embeddings, in inference mode. @returns [images, embeddingSize]; the caller disposes it. */
  async embed(images: Images): Promise<Tensor2D> {
    const where = 'SaladModel.embed';
    checkAlive(where, this.pieces);
    checkBackendReady(where);
    return embedAll(where, this.pieces.network, await asSource(where, images));
  }

  /** What the decoder makes of images, in normalised pixels. @returns [images, ...inputShape]. @throws NO_DECODER */
  async reconstruct(images: Images): Promise<Tensor4D> {
    const where = 'SaladModel.reconstruct';
    checkAlive(where, this.pieces);
    checkBackendReady(where);
    return reconstructAll(where, this.pieces.network, await asSource(where, images));
  }

  /**
   * How badly the decoder repeats each image: mean over its pixels of the squared difference, in normalised pixels;
   * with `combinedScore` a score beside the embedding's.
   *
   * @returns an entry per image, in order.
   * @throws NO_DECODER; IMAGE_UNREADABLE where one cannot be read
   * @example
   * const errors = await model.reconstructionErrors(films); // [count]
   */
  async reconstructionErrors(images: Images): Promise<Float32Array> {
    const where = 'SaladModel.reconstructionErrors';
    checkAlive(where, this.pieces);
    checkBackendReady(where);
    return reconstructionErrorsOf(where, this.pieces.network, await asSource(where, images));
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
    checkAlive(where, this.pieces);
    checkBackendReady(where);
    const { bank: before, discard: unlearnt } = this.pieces.state;
    const earlier = before && { bank: before, unlearnt: () => unlearnt };
    const { bank, discard, problems } = await encodeBank(
      where,
      this.pieces.network,
      source,
      earlier,
    );
    before?.dispose();
    this.pieces.state = { ...this.pieces.state, bank, discard, ids: source.ids };
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
    const bank = this.fittedBank(where);
    checkAllNormal(where, source);
    checkAlive(where, this.pieces);
    checkBackendReady(where);
    const embeddings = await embedAll(where, this.pieces.network, source);
    try {
      bank.append(embeddings);
    } finally {
      embeddings.dispose();
    }
    const { state } = this.pieces;
    const { discard, ids } = state;
    const added = new Array<boolean>(source.length).fill(false);
    this.pieces.state = {
      ...state,
      discard: [...discard, ...added],
      ids: ids && [...ids, ...source.ids],
    };
  }

  /**
   * Fits threshold and normalizer on images known to be normal, not those being judged.
   *
   * @param options.quantile share of normals meant to stay below the threshold, in (0, 1]; .95 unless told.
   * @param options.normalizer how `normalized` is made: `empirical` (default) or `minMax`.
   * @throws NOT_FITTED | INVALID_OPTION
   * @example
   * await model.calibrate(validationNormals, { quantile: 0.99 });
   */
  async calibrate(
    normals: Images,
    options: {
      quantile?: number;
      normalizer?: ScoreNormalizer['method'];
      onWarning?: (warning: SaladWarning) => void;
    } = {},
  ): Promise<void> {
    const where = 'SaladModel.calibrate';
    checkKnownOptions(where, options, ['quantile', 'normalizer', 'onWarning']);
    const source = await asSource(where, normals);
    checkAllNormal(where, source);
    const { onWarning } = options;
    const { raw } = await this.compare(where, source, { onWarning });
    this.pieces.state = calibrated(where, this.pieces.state, raw[this.settings.method], options);
  }

  /** Frees every tensor, the backbone's included. */
  dispose(): void {
    disposeModel(this.pieces);
  }

  private async compare(where: string, images: Images, options: ScoreOptions): Promise<Comparison> {
    checkKnownOptions(where, options, scoreOptionNames);
    checkBackendReady(where);
    const bank = this.fittedBank(where);
    const { network, settings } = this.pieces;
    const { scoreNeighbors } = settings;
    const reference = { network, bank, discard: this.discard, scoreNeighbors };
    return compareWithBank(where, await asSource(where, images), reference, options);
  }

  private fittedBank(where: string): MemoryBank {
    checkAlive(where, this.pieces);
    const { bank, training } = this.pieces.state;
    check(bank !== undefined, 'NOT_FITTED', () =>
      training
        ? `${where}: training is in progress, so there is no memory bank to score with; wait for fit or train to end, or call the trainer's finish().`
        : `${where}: the model has no memory bank yet; call fit, or load a fitted model.`,
    );
    return bank;
  }
}
