import type { FrozenEncoderOptions } from '../encoders/frozen-encoder-options.js';
import { checkTaken } from '../images/check-taken.js';
import type { ImageSource } from '../images/image-source.js';
import type { Preparation } from '../images/preparation.js';
import { readImages } from '../images/read-images.js';
import { checkBatches, type Images } from '../learning/as-source.js';
import { RangeWatch } from '../learning/range-watch.js';
import { imagesUnreadable, type ScoreOptions, scoreOptionNames } from '../model/compare.js';
import { warnOfShift } from '../model/domain-shift.js';
import { groupsOf, warnOfUnknownGroups } from '../model/image-groups.js';
import { INFERENCE_BATCH, INFERENCE_PIXELS } from '../model/inference.js';
import { modelSource } from '../model/model-source.js';
import { checkReadsCells, farthestCells, type NearestCell } from '../model/nearest-cells.js';
import { pValuesOf, warnOfNoPValues } from '../model/normal-scores.js';
import { joinResults, type NearestImage, type ScoreResult } from '../model/results.js';
import { filesByRecipe, type ScoreFilesOptions } from '../model/score-files.js';
import { inTurn } from '../support/ahead.js';
import { check, checkKnownOptions, checkNumber, checkObject } from '../support/check.js';
import { checkFunction, checkSignal } from '../support/check-kinds.js';
import type { DecisionThreshold } from '../support/decision-threshold.js';
import { scoringFacts } from './metadata.js';
import { highestOf, type OnCells, type Runtime, scoresOf } from './session-scores.js';

const { ownRows: _, ...optionNames } = scoreOptionNames;

/**
 * A model's file of `toOnnx` on a runtime of yours: the same calls and results as `SaladModel`, without a backend of tfjs.
 *
 * The session is handed in: of onnxruntime-node, or of onnxruntime-web in a page. Research software, not a medical device: a score
 * is no diagnosis.
 *
 * @see `toOnnx`, which writes the file.
 * @example
 * import * as ort from 'onnxruntime-node';
 * import { OnnxScorer } from 'salad-ad/onnx';
 *
 * const file = await readFile('chest.onnx');
 * const session = await ort.InferenceSession.create(file);
 * const scorer = new OnnxScorer({ file, session, Tensor: ort.Tensor });
 * const { ids, scores, abnormal } = await scorer.scoreFiles(['a.png', 'b.png']);
 */
export class OnnxScorer {
  /** What is done to images, by the graph itself but for `recipe`. */
  readonly preparation: Preparation;
  /** The threshold on `scores` with what is promised of it; absent where the model was not calibrated. */
  readonly decisionThreshold?: DecisionThreshold;
  private readonly runtime: Runtime;
  private readonly facts: ReturnType<typeof scoringFacts>;

  /**
   * A scorer; it holds nothing that is to be freed but the session, which stays yours.
   *
   * @throws INVALID_OPTION | UNKNOWN_OPTION
   */
  constructor(options: {
    /** The bytes of the .onnx file, whose metadata tell how images are made. */
    readonly file: Uint8Array;
    /** An InferenceSession of this file, of onnxruntime-node or onnxruntime-web. */
    readonly session: NonNullable<FrozenEncoderOptions['session']>;
    /** The class Tensor of the same onnxruntime, for pixels [images, height, width, channels]. */
    readonly Tensor: NonNullable<FrozenEncoderOptions['Tensor']>;
  }) {
    const where = 'OnnxScorer';
    checkKnownOptions(where, options, { file: true, session: true, Tensor: true });
    const { file, session, Tensor } = options;
    const members = ['inputNames', 'outputNames', 'run'];
    checkObject(where, 'session', session, 'an InferenceSession of onnxruntime', members);
    checkFunction(where, 'Tensor', Tensor ?? null);
    check(
      ['images', 'maxValue'].every((name) => session.inputNames.includes(name)),
      'INVALID_OPTION',
      () =>
        `${where}: the session takes ${session.inputNames.join(', ')}; expected images and maxValue; make it of the same file.`,
    );
    this.facts = scoringFacts(where, file);
    const { preparation, threshold } = this.facts;
    this.preparation = preparation;
    if (threshold) this.decisionThreshold = threshold;
    this.runtime = { session, Tensor };
  }

  /**
   * Scores images as `SaladModel.score` does, to 1e-5.
   *
   * @param images an `ImageSource`, or a tensor [count, height, width, channels] in [0, 1].
   * @param where the call that errors name; default 'OnnxScorer.score'
   * @returns typed arrays, an entry per image that could be read, in order; `problems` are the others.
   * @throws UNKNOWN_OPTION | INVALID_OPTION | INVALID_IMAGES | EMPTY_SET | RECIPE_MISMATCH | LABELS_MISMATCH | SHAPE_MISMATCH | INDEX_OUT_OF_RANGE |
   * PIXEL_RANGE | INVALID_EMBEDDING, and whatever reading the images throws
   * @example
   * const { scores, abnormal } = await scorer.score(films);
   */
  async score(
    images: Images,
    options: Omit<ScoreOptions, 'ownRows'> = {},
    where = 'OnnxScorer.score',
  ): Promise<ScoreResult> {
    checkKnownOptions(where, options, optionNames);
    return this.scored(where, await modelSource(where, this, images, options.recipe), options);
  }

  private async scored(
    where: string,
    source: ImageSource,
    { groups, onWarning, signal }: Omit<ScoreOptions, 'ownRows'>,
    onCells?: OnCells,
  ): Promise<ScoreResult> {
    checkFunction(where, 'onWarning', onWarning);
    checkSignal(where, signal);
    signal?.throwIfAborted();
    const groupOf = groupsOf(where, groups, source);
    const range = new RangeWatch();
    const joined = joinResults(await this.batches(where, source, range, signal, onCells));
    range.warn(where, onWarning);
    const read = joined.indices ?? source.ids.map((_, i) => i);
    const own = groupOf && read.map((index) => groupOf[index]);
    // Of all normals the graph counts p-values too; of groups their names are needed, which no graph takes.
    const result = { ...joined, ...pValuesOf(joined.scores, own, this.facts.normalScores) };
    const unread = result.problems?.length ?? 0;
    if (unread > 0) onWarning?.(imagesUnreadable(where, unread, source.length));
    warnOfUnknownGroups(where, own, result.pValueGroups, onWarning);
    warnOfNoPValues(where, result, onWarning);
    warnOfShift(where, result, source, onWarning);
    return result;
  }

  /**
   * Scores batches as they come, so that memory stays that of one batch.
   *
   * @param batches sources or tensors, as `score` takes them.
   * @returns one result for each batch, in order.
   * @throws UNKNOWN_OPTION | INVALID_OPTION | INVALID_IMAGES | EMPTY_SET | RECIPE_MISMATCH | LABELS_MISMATCH | SHAPE_MISMATCH | INDEX_OUT_OF_RANGE |
   * PIXEL_RANGE | INVALID_EMBEDDING, and whatever reading the images throws
   */
  async *scoreStream(
    batches: AsyncIterable<Images> | Iterable<Images>,
    options: Omit<ScoreOptions, 'ownRows' | 'groups'> & {
      /** The group of each image by its id. @defaultValue none: p-values rest on all normals */
      readonly groups?: (id: string) => string;
    } = {},
  ): AsyncGenerator<ScoreResult, void> {
    const where = 'OnnxScorer.scoreStream';
    checkBatches(where, batches);
    for await (const batch of batches) yield await this.score(batch, options, where);
  }

  /**
   * Scores files: each is decoded as the images were that the model learnt from.
   *
   * @param files paths in Node; `File`, `Blob` and bytes anywhere.
   * @param options steps that differ, and code that the file does not hold.
   * @returns what `score` returns; `ids` are paths and names of files, else `file-0` and so on.
   * @throws NO_RECIPE where the model learnt from arrays, and no recipe is given | EMPTY_SET | INVALID_OPTION | UNKNOWN_OPTION | MISSING_PEER |
   * INDEX_OUT_OF_RANGE | PIXEL_RANGE | RECIPE_MISMATCH | SHAPE_MISMATCH | INVALID_IMAGES | LABELS_MISMATCH
   */
  async scoreFiles(
    files: Iterable<string | Blob | Uint8Array>,
    options: ScoreFilesOptions = {},
  ): Promise<ScoreResult> {
    const where = 'OnnxScorer.scoreFiles';
    const { source, scoring } = await filesByRecipe(where, this.preparation, files, options);
    return this.score(source, scoring, where);
  }

  /**
   * Which training images each score is computed from, nearest first.
   *
   * @param images an `ImageSource`, or a tensor [count, height, width, channels] in [0, 1].
   * @returns [images][count], angles in radians; of an image that could not be read none. The file holds no names of training images.
   * @throws UNKNOWN_OPTION | INVALID_OPTION | INVALID_IMAGES | EMPTY_SET | RECIPE_MISMATCH | LABELS_MISMATCH | SHAPE_MISMATCH | INDEX_OUT_OF_RANGE |
   * PIXEL_RANGE | INVALID_EMBEDDING
   */
  async nearest(
    images: Images,
    options: Omit<ScoreOptions, 'ownRows'> & {
      /** How many of the K nearest, at least 1. @defaultValue 5 */
      count?: number;
    } = {},
  ): Promise<NearestImage[][]> {
    const where = 'OnnxScorer.nearest';
    checkKnownOptions(where, options, { ...optionNames, count: true });
    const { count = 5, ...rest } = options;
    checkNumber(where, 'count', count, { min: 1, integer: true });
    const { nearestRows, nearestAngles, problems, indices } = await this.score(images, rest, where);
    const length = nearestRows.length + (problems?.length ?? 0);
    const found = Array.from({ length }, (): NearestImage[] => []);
    nearestRows.forEach((rows, i) => {
      found[indices?.[i] ?? i] = Array.from(rows.subarray(0, count), (row, rank) => ({
        row,
        angle: nearestAngles[i][rank],
      }));
    });
    return found;
  }

  /**
   * Where in each image its cells are least like those of normal images, and which normal cells come nearest to them.
   *
   * @param images an `ImageSource`, or a tensor [count, height, width, channels] in [0, 1].
   * @returns [images][count], farthest first; of an image that could not be read none. The file holds no names of training images.
   * @throws INVALID_OPTION where the score is 'embedding', or the file was written by an earlier version | UNKNOWN_OPTION | INVALID_IMAGES |
   * EMPTY_SET | RECIPE_MISMATCH | LABELS_MISMATCH | SHAPE_MISMATCH | INDEX_OUT_OF_RANGE | PIXEL_RANGE | INVALID_EMBEDDING
   */
  async nearestCells(
    images: Images,
    options: Omit<ScoreOptions, 'ownRows'> & {
      /** How many cells of each image, at least 1. @defaultValue 5 */
      count?: number;
    } = {},
  ): Promise<NearestCell[][]> {
    const where = 'OnnxScorer.nearestCells';
    checkKnownOptions(where, options, { ...optionNames, count: true });
    const { count = 5, ...rest } = options;
    checkNumber(where, 'count', count, { min: 1, integer: true });
    const { settings, origins } = this.facts;
    checkReadsCells(where, settings);
    check(
      origins !== undefined,
      'INVALID_OPTION',
      () =>
        `${where}: the file does not tell which images the cells of its bank are of; expected a file of this version; write it again by toOnnx.`,
    );
    const source = await modelSource(where, this, images, rest.recipe);
    const indices: number[] = [];
    const cells = { distances: [] as Float32Array[], rows: [] as Int32Array[] };
    await this.scored(where, source, rest, (read, distances, rows) => {
      indices.push(...Array.from(read));
      cells.distances.push(...distances);
      cells.rows.push(...rows);
    });
    const compared = { source, indices, raw: { cells } };
    const of = { films: Int32Array.from(origins.films), places: Int32Array.from(origins.places) };
    return farthestCells(compared, count, settings, of, this.preparation.inputShape, undefined);
  }

  /** A result for each batch of a source, the next one on its way meanwhile. */
  private async batches(
    where: string,
    source: ImageSource,
    range: RangeWatch,
    signal: AbortSignal | undefined,
    onCells: OnCells | undefined,
  ): Promise<ScoreResult[]> {
    const [height, width] = this.preparation.inputShape;
    const size = Math.min(
      INFERENCE_BATCH,
      Math.max(1, Math.floor(INFERENCE_PIXELS / (height * width))),
    );
    const read = (batch: number) => {
      const first = batch * size;
      const count = Math.min(size, source.length - first);
      return readImages(
        where,
        source,
        Int32Array.from({ length: count }, (_, i) => first + i),
      );
    };
    const results: ScoreResult[] = [];
    let first = 0;
    for await (const images of inTurn(read, Math.ceil(source.length / size), 1, signal)) {
      if (images.indices.length > 0) checkTaken(where, images, this.preparation);
      range.see({ highest: highestOf(images) });
      results.push(await this.batch(where, images, first, onCells));
      first += size;
    }
    return results;
  }

  /** The result of a batch, whose problems and indices count from its first image. */
  private async batch(
    where: string,
    images: Awaited<ReturnType<typeof readImages>>,
    first: number,
    onCells: OnCells | undefined,
  ): Promise<ScoreResult> {
    const problems = images.problems.map((one) => ({ ...one, index: one.index - first }));
    const result = await scoresOf(where, this.runtime, images, this.decisionThreshold, onCells);
    if (problems.length === 0) return result;
    return { ...result, problems, indices: Array.from(images.indices, (index) => index - first) };
  }
}
