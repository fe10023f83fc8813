import type { MemoryBank } from '../core/memory-bank.js';
import type { ReportedProblem } from '../data/problem-report.js';
import type { ImageSource } from '../images/image-source.js';
import { checkBatches, type Images } from '../learning/as-source.js';
import { checkKnownOptions, checkNumber } from '../support/check.js';
import type { DecisionThreshold } from '../support/decision-threshold.js';
import { compareWithBank, type ScoreOptions, scoreOptionNames } from './compare.js';
import { warnOfShift } from './domain-shift.js';
import { EmbeddingModel } from './embedding-model.js';
import type { EpochLog } from './history.js';
import { warnOfUnknownGroups } from './image-groups.js';
import { attachedStore, fittedBank, historyOf } from './model-state.js';
import { checkReadsCells, farthestCells, type NearestCell } from './nearest-cells.js';
import { warnOfNoPValues } from './normal-scores.js';
import { type NearestImage, nearestImages, type ScoreResult, scoreResult } from './results.js';
import { runFacts } from './run-facts.js';
import { filesByRecipe, type ScoreFilesOptions } from './score-files.js';

/**
 * What a model does once it has learnt: embed images, score them, and show the nearest training images.
 *
 * `SaladModel` is this, what changes it and the learning: make one by `SaladModel.create` or `SaladModel.load`.
 *
 * @see Bozorgtabar et al., MICCAI 2020, section 2, "Anomaly score".
 * @example
 * const model: ScoringModel = await SaladModel.load(fileSystem('chest-model'));
 * const { ids, scores } = await model.score(films);
 * model.dispose();
 */
export class ScoringModel extends EmbeddingModel {
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

  /** The same with what is promised of it; absent before calibration. */
  get decisionThreshold(): DecisionThreshold | undefined {
    return this.pieces.state.threshold;
  }

  /** Scores of the validation normals, each list rising: what new images get their p-values from; absent before calibration. */
  get normalScores():
    | {
        /** [n]: of all of them, whatever their group. */
        readonly all: readonly number[];
        /** [n of the group] by the name of a group; absent where `calibrate` was given none. */
        readonly groups?: Readonly<Record<string, readonly number[]>>;
      }
    | undefined {
    return this.pieces.state.normalScores;
  }

  /**
   * The facts of a run for the `facts` of a report: what the model is, what it learnt from, and on what it ran.
   *
   * Data, seed, score, threshold, image size, recipe, network, settings, backend and versions. The hash of the bank tells whether two models are
   * the same; that of a source is over the shapes and values that are read of its images, in order, 16 at a time. No name of an image is among them.
   *
   * @returns a row a fact: its name, its value, and whether it is code. Images of `data` are read once.
   * @throws NOT_FITTED | DISPOSED | NO_CRYPTO | INVALID_OPTION | UNKNOWN_OPTION | INVALID_IMAGES | SHAPE_MISMATCH | PIXEL_RANGE | INDEX_OUT_OF_RANGE | LABELS_MISMATCH, and
   * whatever reading the images throws
   * @example
   * const page = await renderReport({ title: 'Chest films', facts: await model.runFacts({ data: { train, test } }) });
   */
  async runFacts(
    options: {
      /** Sources by name, whose images are hashed: `{ train, test }`. Without it none are. */
      readonly data?: Readonly<Record<string, ImageSource>>;
      /** What was run. Without it there is no such fact. */
      readonly command?: string;
    } = {},
  ): Promise<
    {
      /** 'Seed', say. */
      readonly name: string;
      /** 7, say. */
      readonly value: string | number;
      /** Whether the value is code: JSON, a command, a hash. Absent where it is not. */
      readonly code?: boolean;
    }[]
  > {
    return runFacts('SaladModel.runFacts', this, options);
  }

  /**
   * Scores images against the bank.
   *
   * @param images an `ImageSource`, or a tensor [count, height, width, channels] in [0, 1].
   * @param where the call that errors name; default 'SaladModel.score'
   * @returns typed arrays, an entry per image, in order. Images that their source could not read have
   * none: they are listed in `problems`, and `indices` says which image an entry is of.
   * @throws NOT_FITTED | BANK_IN_STORE | STORE_INVALID | DISPOSED | BACKEND_NOT_READY | UNKNOWN_OPTION | INVALID_OPTION | INVALID_IMAGES | EMPTY_SET | RECIPE_MISMATCH | LABELS_MISMATCH |
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
    const result = scoreResult(where, comparison, this.pieces);
    const { onWarning } = options;
    warnOfShift(where, result, comparison.source, onWarning);
    warnOfNoPValues(where, result, onWarning);
    warnOfUnknownGroups(where, comparison.groups, result.pValueGroups, onWarning);
    return result;
  }

  /**
   * Scores batches as they come, so that memory stays that of one batch.
   *
   * @param batches sources or tensors, as `score` takes them.
   * @returns one result for each batch, in order.
   * @throws NOT_FITTED | BANK_IN_STORE | STORE_INVALID | DISPOSED | BACKEND_NOT_READY | UNKNOWN_OPTION | INVALID_OPTION | INVALID_IMAGES | EMPTY_SET | RECIPE_MISMATCH | LABELS_MISMATCH |
   * SHAPE_MISMATCH | INDEX_OUT_OF_RANGE | INVALID_EMBEDDING | NOT_FINITE, and whatever reading the images throws
   */
  async *scoreStream(
    batches: AsyncIterable<Images> | Iterable<Images>,
    options: Omit<ScoreOptions, 'ownRows' | 'groups'> & {
      /** The group of an image by its id; lists are for `score`. @defaultValue none: p-values rest on all normals */
      readonly groups?: (id: string) => string;
    } = {},
  ): AsyncGenerator<ScoreResult, void> {
    const where = 'SaladModel.scoreStream';
    checkBatches(where, batches);
    for await (const batch of batches) yield await this.score(batch, options, where);
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
   * are in `problems`.
   * @throws STORE_INVALID | NO_RECIPE where the model learnt from arrays, by a decoder or a transform of your own, or was saved by version 0.1, and nothing
   * is given in place | NOT_FITTED | BANK_IN_STORE | DISPOSED | BACKEND_NOT_READY | EMPTY_SET | INVALID_OPTION | UNKNOWN_OPTION | MISSING_PEER |
   * INDEX_OUT_OF_RANGE | NOT_FINITE | PIXEL_RANGE | RECIPE_MISMATCH | SHAPE_MISMATCH
   * @example
   * const model = await SaladModel.load(fileSystem('chest-model'));
   * const { ids, scores, abnormal, problems } = await model.scoreFiles(['a.png', 'b.dcm']);
   */
  async scoreFiles(
    files: Iterable<string | Blob | Uint8Array>,
    options: ScoreFilesOptions = {},
  ): Promise<ScoreResult> {
    const where = 'SaladModel.scoreFiles';
    if (!attachedStore(where, this.pieces)) fittedBank(where, this.pieces);
    const { preparation } = this.pieces.network;
    const { source, scoring } = await filesByRecipe(where, preparation, files, options);
    return this.score(source, scoring, where);
  }

  /**
   * Which training images each score is computed from, nearest first.
   *
   * @param images an `ImageSource`, or a tensor [count, height, width, channels] in [0, 1].
   * @returns [images][count], angles in radians; of an image that could not be read none.
   * @throws NOT_FITTED | BANK_IN_STORE | STORE_INVALID | DISPOSED | BACKEND_NOT_READY | UNKNOWN_OPTION | INVALID_OPTION | INVALID_IMAGES | EMPTY_SET | RECIPE_MISMATCH | LABELS_MISMATCH |
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
    const where = 'SaladModel.nearest';
    checkKnownOptions(where, options, { ...scoreOptionNames, count: true });
    const { count = 5, ...rest } = options;
    checkNumber(where, 'count', count, { min: 1, integer: true });
    const comparison = await compareWithBank(where, this.pieces, images, rest);
    return nearestImages(comparison, count, this.pieces.state.ids);
  }

  /**
   * Where in each image its cells are least like those of normal images, and which normal cells come nearest to them.
   *
   * @param images an `ImageSource`, or a tensor [count, height, width, channels] in [0, 1].
   * @param where the call that errors name; default 'SaladModel.nearestCells'
   * @returns [images][count], farthest first; of an image that could not be read none.
   * @throws STORE_INVALID | INVALID_OPTION where the score is 'embedding' | NOT_FITTED | BANK_IN_STORE | DISPOSED | BACKEND_NOT_READY | UNKNOWN_OPTION | INVALID_IMAGES | EMPTY_SET |
   * RECIPE_MISMATCH | LABELS_MISMATCH | SHAPE_MISMATCH | INDEX_OUT_OF_RANGE | NO_ROWS_KEPT | INVALID_EMBEDDING
   * @see ours, beyond the paper, which has no cells.
   * @example
   * const [cells] = await model.nearestCells(films, { count: 3 });
   * cells.map(({ row, column, distance, nearest }) => `${row}, ${column}: ${distance} from ${nearest.id}`);
   */
  async nearestCells(
    images: Images,
    options: ScoreOptions & {
      /** How many cells of each image, at least 1. @defaultValue 5 */
      count?: number;
    } = {},
    where = 'SaladModel.nearestCells',
  ): Promise<NearestCell[][]> {
    checkKnownOptions(where, options, { ...scoreOptionNames, count: true });
    const { count = 5, ...rest } = options;
    checkNumber(where, 'count', count, { min: 1, integer: true });
    const { settings, state } = this.pieces;
    checkReadsCells(where, settings);
    const compared = await compareWithBank(where, this.pieces, images, rest, { everyCell: true });
    const origins = compared.origins as NonNullable<typeof compared.origins>;
    return farthestCells(compared, count, settings, origins, this.backbone.inputShape, state.ids);
  }
}
