import type { Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import type { Backbone } from '../backbones/backbone.js';
import type { ScoreNormalizer } from '../core/calibration.js';
import type { MemoryBank } from '../core/memory-bank.js';
import type { SaladWarning } from '../core/warning.js';
import type { ReportedProblem } from '../data/problem-report.js';
import type { ImageNormalization } from '../images/image-normalization.js';
import type { Preparation } from '../images/preparation.js';
import type { ImageProblem } from '../images/problems.js';
import type { Images } from '../learning/as-source.js';
import { checkAllNormal, checkSomeNormal } from '../learning/labels.js';
import { checkKnownOptions, checkNumber } from '../support/check.js';
import { checkBackendReady } from '../support/train-check.js';
import { calibrated } from './calibrated.js';
import { compareWithBank, type ScoreOptions } from './compare.js';
import { warnOfShift } from './domain-shift.js';
import type { EpochLog } from './history.js';
import { embedAll, reconstructAll, reconstructionErrorsOf } from './inference.js';
import { modelSource } from './model-source.js';
import {
  checkAlive,
  disposeModel,
  fittedBank,
  historyOf,
  type ModelPieces,
} from './model-state.js';
import type { SaladSettings } from './options.js';
import { type NearestImage, nearestImages, type ScoreResult, scoreResult } from './results.js';
import { filesByRecipe, type ScoreFilesOptions } from './score-files.js';
import { encodeBank } from './training-bank.js';

/**
 * What a model does once it has learnt: embed, score, show the nearest training images, and take in more normal images.
 *
 * `SaladModel` is this and the learning: make one by `SaladModel.create` or `SaladModel.load`.
 *
 * @see Bozorgtabar et al., MICCAI 2020, section 2, "Anomaly score".
 * @example
 * const model: ScoringModel = await SaladModel.load(fileSystem('chest-model'));
 * const { ids, scores } = await model.score(films);
 * model.dispose();
 */
export class ScoringModel {
  /** @param pieces network, settings and what was learnt. */
  protected constructor(
    /** Shared with the trainer that trains the model. */
    protected readonly pieces: ModelPieces,
  ) {}

  /** Every setting in force, defaults filled in. */
  get settings(): SaladSettings {
    return this.pieces.settings;
  }

  /** The network. Borrowed: the model disposes it. */
  get backbone(): Backbone {
    return this.pieces.network.backbone;
  }

  /** The step of `preparation` that brings pixels to a common scale. */
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
    return fittedBank('SaladModel.bank', this.pieces);
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
   * @param where the call that errors name; default 'SaladModel.score'
   * @returns typed arrays, an entry per image, in order. Images that their source could not read have
   * none: they are listed in `unreadable`, and `indices` says which image an entry is of.
   * @throws NOT_FITTED | DISPOSED | BACKEND_NOT_READY | UNKNOWN_OPTION | INVALID_OPTION | INVALID_IMAGES | EMPTY_SET | LABELS_MISMATCH |
   * SHAPE_MISMATCH | INDEX_OUT_OF_RANGE | NO_ROWS_KEPT | INVALID_EMBEDDING | NOT_FINITE, and whatever reading the images throws
   * @example
   * const { ids, scores, abnormal } = await model.score(films);
   */
  async score(
    images: Images,
    options: ScoreOptions = {},
    where = 'SaladModel.score',
  ): Promise<ScoreResult> {
    const comparison = await compareWithBank(where, this.pieces, images, options);
    const result = scoreResult(comparison, this.pieces);
    warnOfShift(where, result, comparison.source, options.onWarning);
    return result;
  }

  /**
   * Scores batches as they come, so that memory stays that of one batch.
   *
   * @param batches sources or tensors, as `score` takes them.
   * @returns one result for each batch, in order.
   * @throws NOT_FITTED | DISPOSED | BACKEND_NOT_READY | UNKNOWN_OPTION | INVALID_OPTION | INVALID_IMAGES | EMPTY_SET | LABELS_MISMATCH |
   * SHAPE_MISMATCH | INDEX_OUT_OF_RANGE | INVALID_EMBEDDING | NOT_FINITE, and whatever reading the images throws
   */
  async *scoreStream(
    batches: AsyncIterable<Images> | Iterable<Images>,
    options: Omit<ScoreOptions, 'ownRows'> = {},
  ): AsyncGenerator<ScoreResult, void> {
    for await (const batch of batches)
      yield await this.score(batch, options, 'SaladModel.scoreStream');
  }

  /**
   * Scores files: each is decoded, resized and changed as the images were that the model learnt from.
   *
   * Needs nothing but the model and, for DICOM and for what `sharp` decodes, their optional packages. In a page add
   * `dicom()` of 'salad-ad/dicom' to `decoders` for DICOM.
   *
   * @param files paths in Node; `File`, `Blob` and bytes anywhere.
   * @param options steps that differ, and code that the model does not hold.
   * @returns what `score` returns; `ids` are paths and names of files, else `file-0` and so on. Files that cannot be read
   * are in `unreadable`.
   * @throws NO_RECIPE where the model learnt from arrays, by a decoder or a transform of your own, or was saved by version 0.1, and nothing
   * is given in place | NOT_FITTED | DISPOSED | BACKEND_NOT_READY | EMPTY_SET | INVALID_OPTION | UNKNOWN_OPTION | MISSING_PEER |
   * PIXEL_RANGE | RECIPE_MISMATCH | SHAPE_MISMATCH
   * @example
   * const model = await SaladModel.load(fileSystem('chest-model'));
   * const { ids, scores, abnormal, unreadable } = await model.scoreFiles(['a.png', 'b.dcm']);
   */
  async scoreFiles(
    files: Iterable<string | Blob | Uint8Array>,
    options: ScoreFilesOptions = {},
  ): Promise<ScoreResult> {
    const where = 'SaladModel.scoreFiles';
    fittedBank(where, this.pieces);
    const { preparation } = this.pieces.network;
    const { source, scoring } = await filesByRecipe(where, preparation, files, options);
    return this.score(source, scoring, where);
  }

  /**
   * Which training images each score is computed from, nearest first.
   *
   * @param images an `ImageSource`, or a tensor [count, height, width, channels] in [0, 1].
   * @returns [images][count], angles in radians; of an image that could not be read none.
   * @throws NOT_FITTED | DISPOSED | BACKEND_NOT_READY | UNKNOWN_OPTION | INVALID_OPTION | INVALID_IMAGES | EMPTY_SET | LABELS_MISMATCH |
   * SHAPE_MISMATCH | INDEX_OUT_OF_RANGE | NO_ROWS_KEPT | INVALID_EMBEDDING
   * @example
   * const [neighbors] = await model.nearest(films, { count: 3 });
   * neighbors.map(({ id, angle }) => `${id}: ${angle} rad`);
   */
  async nearest(
    images: Images,
    options: ScoreOptions & {
      /** How many of the K nearest, at least 1. @defaultValue 5 */
      count?: number;
    } = {},
  ): Promise<NearestImage[][]> {
    const { count = 5, ...rest } = options;
    const where = 'SaladModel.nearest';
    checkNumber(where, 'count', count, { min: 1, integer: true });
    const comparison = await compareWithBank(where, this.pieces, images, rest);
    return nearestImages(comparison, count, this.pieces.state.ids);
  }

  /**
   * Unit embeddings, in inference mode.
   *
   * @param images an `ImageSource`, or a tensor [count, height, width, channels] in [0, 1].
   * @returns [images, embeddingSize]; the caller disposes it.
   * @throws DISPOSED | BACKEND_NOT_READY | INVALID_IMAGES | EMPTY_SET | LABELS_MISMATCH | PIXEL_RANGE | IMAGE_UNREADABLE where one
   * cannot be read | INVALID_EMBEDDING
   * @example
   * const embeddings = await model.embed(films);
   * embeddings.dispose();
   */
  async embed(images: Images): Promise<Tensor2D> {
    const where = 'SaladModel.embed';
    checkAlive(where, this.pieces);
    checkBackendReady(where);
    const { network } = this.pieces;
    return embedAll(where, network, await modelSource(where, network, images));
  }

  /**
   * What the decoder makes of images, in normalised pixels.
   *
   * @param images an `ImageSource`, or a tensor [count, height, width, channels] in [0, 1].
   * @returns [images, ...inputShape]; the caller disposes it.
   * @throws NO_DECODER | DISPOSED | BACKEND_NOT_READY | INVALID_IMAGES | EMPTY_SET | LABELS_MISMATCH | PIXEL_RANGE | IMAGE_UNREADABLE
   * where one cannot be read
   */
  async reconstruct(images: Images): Promise<Tensor4D> {
    const where = 'SaladModel.reconstruct';
    checkAlive(where, this.pieces);
    checkBackendReady(where);
    const { network } = this.pieces;
    return reconstructAll(where, network, await modelSource(where, network, images));
  }

  /**
   * How badly the decoder repeats each image: mean over its pixels of the squared difference, in normalised pixels;
   * with `combinedScore` a score beside the embedding's.
   *
   * @param images an `ImageSource`, or a tensor [count, height, width, channels] in [0, 1].
   * @returns [images], in order, squared normalised pixels.
   * @throws NO_DECODER | DISPOSED | BACKEND_NOT_READY | INVALID_IMAGES | EMPTY_SET | LABELS_MISMATCH | PIXEL_RANGE; IMAGE_UNREADABLE
   * where one cannot be read
   * @example
   * const errors = await model.reconstructionErrors(films); // [count]
   */
  async reconstructionErrors(images: Images): Promise<Float32Array> {
    const where = 'SaladModel.reconstructionErrors';
    checkAlive(where, this.pieces);
    checkBackendReady(where);
    const { network } = this.pieces;
    return reconstructionErrorsOf(where, network, await modelSource(where, network, images));
  }

  /**
   * Encodes the training images again, as they are, and scores with that bank from here on.
   *
   * @param images those that were trained on; rows and known anomalies are taken from them. The
   * threshold stays: call `calibrate` where the images differ.
   * @returns images that could not be read and keep the row they had.
   * @throws NO_ROWS_KEPT where every image is labelled as an anomaly; IMAGE_UNREADABLE where one cannot be
   * read that the bank has no row of; DISPOSED | BACKEND_NOT_READY | EMPTY_SET | INVALID_EMBEDDING | INVALID_IMAGES | INVALID_OPTION |
   * LABELS_MISMATCH | PIXEL_RANGE | SHAPE_MISMATCH
   */
  async refreshBank(images: Images): Promise<readonly ImageProblem[]> {
    const where = 'SaladModel.refreshBank';
    const source = await modelSource(where, this.pieces.network, images);
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
   * Adds rows for more normal images, without training. The threshold stays: call `calibrate` again. A later
   * `fit` with `resume: true` makes the bank of its training images alone, without these rows.
   *
   * @param images normal ones.
   * @throws LABELS_MISMATCH where an image is labelled as an anomaly | NOT_FITTED | DISPOSED | BACKEND_NOT_READY | EMPTY_SET |
   * IMAGE_UNREADABLE | INVALID_EMBEDDING | INVALID_IMAGES | INVALID_OPTION | PIXEL_RANGE | SHAPE_MISMATCH
   * @example
   * await model.extend(moreNormals);
   * await model.calibrate(validationNormals);
   */
  async extend(images: Images): Promise<void> {
    const where = 'SaladModel.extend';
    const source = await modelSource(where, this.pieces.network, images);
    const bank = fittedBank(where, this.pieces);
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
   * @param normals of patients that are not in training.
   * @throws NOT_FITTED | INVALID_OPTION | UNKNOWN_OPTION | LABELS_MISMATCH | DISPOSED | BACKEND_NOT_READY | EMPTY_SET | INVALID_IMAGES |
   * PIXEL_RANGE | SHAPE_MISMATCH | INDEX_OUT_OF_RANGE | NO_ROWS_KEPT | INVALID_EMBEDDING
   * @example
   * await model.calibrate(validationNormals, { quantile: 0.99 });
   */
  async calibrate(
    normals: Images,
    options: {
      /** Share of normals meant to stay below the threshold, in (0, 1]. @defaultValue 0.95 */
      quantile?: number;
      /** How scores become `normalized`: the share of normals below, or (s - low) / (high - low). @defaultValue 'empirical' */
      normalizer?: ScoreNormalizer['method'];
      /** Called where the quantile lies between the two highest scores, or K is lowered. @defaultValue none */
      onWarning?: (warning: SaladWarning) => void;
    } = {},
  ): Promise<void> {
    const where = 'SaladModel.calibrate';
    checkKnownOptions(where, options, { quantile: true, normalizer: true, onWarning: true });
    const source = await modelSource(where, this.pieces.network, normals);
    checkAllNormal(where, source);
    const { onWarning } = options;
    const { raw } = await compareWithBank(where, this.pieces, source, { onWarning });
    this.pieces.state = calibrated(where, this.pieces.state, raw[this.settings.method], options);
  }

  /** Frees every tensor, the backbone's included. */
  dispose(): void {
    disposeModel(this.pieces);
  }
}
