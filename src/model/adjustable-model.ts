import type { ScoreNormalizer } from '../core/calibration.js';
import type { SaladWarning } from '../core/warning.js';
import type { ImageProblem } from '../images/problems.js';
import type { Images } from '../learning/as-source.js';
import { checkAllNormal, checkSomeNormal } from '../learning/labels.js';
import { checkKnownOptions } from '../support/check.js';
import { checkedSignal } from '../support/check-kinds.js';
import { checkBackendReady } from '../support/train-check.js';
import { calibrated } from './calibrated.js';
import { compareWithBank } from './compare.js';
import { embedAll } from './inference.js';
import { modelSource } from './model-source.js';
import { checkAlive, fittedBank, whileAlive } from './model-state.js';
import { ScoringModel } from './scoring-model.js';
import { encodeBank } from './training-bank.js';

/**
 * What changes how a trained model judges, without training it: its bank and its threshold.
 *
 * @example
 * const model: AdjustableModel = await SaladModel.load(fileSystem('chest-model'));
 * await model.extend(moreNormals);
 * await model.calibrate(validationNormals);
 */
export class AdjustableModel extends ScoringModel {
  /**
   * Encodes the training images again, as they are, and scores with that bank from here on.
   *
   * @param images those that were trained on; rows and known anomalies are taken from them. The
   * threshold stays: call `calibrate` where the images differ.
   * @returns images that could not be read and keep the row they had.
   * @throws NO_ROWS_KEPT where every image is labelled as an anomaly; IMAGE_UNREADABLE where one cannot be
   * read that the bank has no row of; DISPOSED | BACKEND_NOT_READY | EMPTY_SET | RECIPE_MISMATCH | INVALID_EMBEDDING | INVALID_IMAGES | INVALID_OPTION |
   * LABELS_MISMATCH | PIXEL_RANGE | SHAPE_MISMATCH | UNKNOWN_OPTION
   */
  async refreshBank(
    images: Images,
    options: {
      /** Ends the call, which rejects with `signal.reason`; the model stays as it was. @defaultValue none */
      readonly signal?: AbortSignal;
    } = {},
  ): Promise<readonly ImageProblem[]> {
    const where = 'SaladModel.refreshBank';
    const signal = checkedSignal(where, options);
    const source = await modelSource(where, this.pieces.network, images);
    checkSomeNormal(where, source);
    checkAlive(where, this.pieces);
    checkBackendReady(where);
    const { bank: before, discard: unlearnt } = this.pieces.state;
    const earlier = before && { bank: before, unlearnt: () => unlearnt };
    const network = { ...this.pieces.network, signal };
    const { bank, discard, problems } = await whileAlive(where, this.pieces, () =>
      encodeBank(where, network, source, earlier),
    );
    if (this.pieces.disposed) bank.dispose();
    checkAlive(where, this.pieces);
    const { state } = this.pieces;
    state.bank?.dispose();
    this.pieces.state = { ...state, bank, discard, ids: source.ids };
    return problems;
  }

  /**
   * Adds rows for more normal images, without training. The threshold stays: call `calibrate` again. A later
   * `fit` with `resume: true` makes the bank of its training images alone, without these rows.
   *
   * @param images normal ones.
   * @throws LABELS_MISMATCH where an image is labelled as an anomaly | NOT_FITTED | DISPOSED | BACKEND_NOT_READY | EMPTY_SET | RECIPE_MISMATCH |
   * IMAGE_UNREADABLE | INVALID_EMBEDDING | INVALID_IMAGES | INVALID_OPTION | PIXEL_RANGE | SHAPE_MISMATCH | UNKNOWN_OPTION
   * @example
   * await model.extend(moreNormals);
   * await model.calibrate(validationNormals);
   */
  async extend(
    images: Images,
    options: {
      /** Ends the call, which rejects with `signal.reason`; the model stays as it was. @defaultValue none */
      readonly signal?: AbortSignal;
    } = {},
  ): Promise<void> {
    const where = 'SaladModel.extend';
    const signal = checkedSignal(where, options);
    const source = await modelSource(where, this.pieces.network, images);
    fittedBank(where, this.pieces);
    checkAllNormal(where, source);
    checkBackendReady(where);
    const network = { ...this.pieces.network, signal };
    const embeddings = await whileAlive(where, this.pieces, () => embedAll(where, network, source));
    try {
      // The bank of now: another call may have refreshed it meanwhile.
      fittedBank(where, this.pieces).append(embeddings);
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
   * @throws NOT_FITTED | INVALID_OPTION | UNKNOWN_OPTION | LABELS_MISMATCH | DISPOSED | BACKEND_NOT_READY | EMPTY_SET | RECIPE_MISMATCH | INVALID_IMAGES |
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
}
