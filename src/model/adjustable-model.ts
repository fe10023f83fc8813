import type { ImageSource } from '../images/image-source.js';
import type { ImageProblem } from '../images/problems.js';
import type { Images } from '../learning/as-source.js';
import { checkAllNormal, checkSomeNormal, labelsOf } from '../learning/labels.js';
import type { BankStore } from '../stores/bank-store.js';
import { checkKnownOptions } from '../support/check.js';
import { checkedSignal } from '../support/check-kinds.js';
import { checkBackendReady } from '../support/train-check.js';
import {
  type CalibrationOptions,
  calibrated,
  calibrationNames,
  checkCalibration,
  checkExtension,
  checkImagesFor,
} from './calibrated.js';
import { cellCollector, coresetOf, readsCells, rowsOfFilms } from './cell-banks.js';
import { chosenScores } from './chosen-score.js';
import { compareWithBank, type ScoreOptions } from './compare.js';
import { heldOutSpreads } from './held-out.js';
import { groupsOf } from './image-groups.js';
import { embedAll } from './inference.js';
import { modelSource } from './model-source.js';
import { checkAlive, disposeBanks, fittedBank, orDispose, whileAlive } from './model-state.js';
import { ScoringModel } from './scoring-model.js';
import { encodeBank } from './training-bank.js';
import { type StoreFacts, type UseStoreOptions, useStore } from './use-store.js';

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
   * LABELS_MISMATCH | NOT_FITTED | PIXEL_RANGE | SHAPE_MISMATCH | UNKNOWN_OPTION
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
    const { bank: before, cells: cellsBefore, discard: unlearnt } = this.pieces.state;
    const earlier = before && { bank: before, unlearnt: () => unlearnt };
    const network = { ...this.pieces.network, signal };
    const { settings } = this.pieces;
    const { bank, cells, discard, spreads, problems } = await whileAlive(
      where,
      this.pieces,
      async () => {
        const encoded = await encodeBank(where, network, source, settings, earlier);
        const { pool } = encoded;
        const made = () => (pool ? coresetOf(where, pool, settings, { signal }) : undefined);
        const cells = await orDispose(encoded.bank, made);
        const banks = { bank: encoded.bank, cells };
        return orDispose({ dispose: () => disposeBanks(banks) }, async () => ({
          ...encoded,
          ...banks,
          // Of a model that was fitted they stay, as its threshold does.
          spreads:
            this.pieces.state.spreads ??
            (settings.score === 'both'
              ? await heldOutSpreads(where, settings, encoded, pool)
              : undefined),
        }));
      },
    );
    if (this.pieces.disposed) disposeBanks({ bank, cells });
    checkAlive(where, this.pieces);
    const unread = new Set(problems.map(({ index }) => index));
    const kept = cells && cellsBefore && rowsOfFilms(cellsBefore, unread);
    if (kept) cells.append(kept);
    kept?.dispose();
    const { state } = this.pieces;
    disposeBanks(state);
    this.pieces.state = {
      ...state,
      bank,
      stored: undefined,
      cells,
      discard,
      spreads,
      ids: source.ids,
    };
    return problems;
  }

  /**
   * Adds rows for more normal images, without training: what is to be done first where a model is to judge films of another hospital than
   * it learnt from. A later `fit` with `resume: true` makes the bank of its training images alone, without these rows.
   *
   * The threshold stays, unless `calibrate` asks for one by these images: each is then scored without its own row, so that all of them
   * serve both as rows and for the threshold. The false alarm rate that it promises holds nearly: a new image has one row more to be near to.
   *
   * Research software: check false alarms on normal images of that hospital that were not used here.
   *
   * @param images normal ones.
   * @throws STORE_INVALID | LABELS_MISMATCH where an image is labelled as an anomaly | NOT_FITTED | BANK_IN_STORE | DISPOSED | BACKEND_NOT_READY | EMPTY_SET |
   * NO_ROWS_KEPT | RECIPE_MISMATCH | IMAGE_UNREADABLE | INDEX_OUT_OF_RANGE | INVALID_EMBEDDING | INVALID_IMAGES | INVALID_OPTION |
   * PIXEL_RANGE | SHAPE_MISMATCH | UNKNOWN_OPTION
   * @example
   * await model.extend(moreNormals);
   * await model.calibrate(validationNormals);
   * // 50 normal films of another hospital, in one call:
   * await model.extend(localNormals, { calibrate: true });
   */
  async extend(
    images: Images,
    options: {
      /**
       * Whether these images set the threshold too, by what `calibrate` takes: `true` or `{}` by its defaults, `{ quantile: 0.99 }` say.
       *
       * @defaultValue false: the threshold stays
       */
      readonly calibrate?:
        | boolean
        | Pick<CalibrationOptions, 'quantile' | 'trimBeyond' | 'groups' | 'normalizer'>;
      /** Called where so few images cannot promise the rate that is asked for, or K is lowered. @defaultValue none */
      readonly onWarning?: CalibrationOptions['onWarning'];
      /** Ends the call, which rejects with `signal.reason`; the model stays as it was. @defaultValue none */
      readonly signal?: AbortSignal;
    } = {},
  ): Promise<void> {
    const where = 'SaladModel.extend';
    const calibration = checkExtension(where, options);
    const { signal, onWarning } = options;
    const source = await modelSource(where, this.pieces.network, images);
    fittedBank(where, this.pieces);
    checkAllNormal(where, source);
    groupsOf(where, calibration?.groups, source);
    checkBackendReady(where);
    const network = { ...this.pieces.network, signal };
    const { settings } = this.pieces;
    const collected = readsCells(settings) ? cellCollector(where, source, settings) : undefined;
    const { embeddings, cells } = await whileAlive(where, this.pieces, async () => {
      const embedded = await embedAll(where, network, source, collected);
      const pool = collected?.pool();
      const made = () => (pool ? coresetOf(where, pool, settings, { signal }) : undefined);
      return { embeddings: embedded, cells: await orDispose(embedded, made) };
    });
    let firstRow = 0;
    try {
      // The banks of now: another call may have refreshed them meanwhile.
      const bank = fittedBank(where, this.pieces);
      firstRow = bank.size;
      if (cells) this.pieces.state.cells?.append(cells, firstRow);
      bank.append(embeddings);
    } finally {
      embeddings.dispose();
      cells?.dispose();
    }
    const { state } = this.pieces;
    const { discard, ids } = state;
    const added = new Array<boolean>(source.length).fill(false);
    this.pieces.state = {
      ...state,
      discard: [...discard, ...added],
      ids: ids && [...ids, ...source.ids],
    };
    if (calibration === undefined) return;
    // Without the signal: the rows are there already, and stopping here would leave them beside a threshold that they do not belong to.
    const ownRows = Array.from(added, (_, i) => firstRow + i);
    await this.calibrateBy(where, source, { ownRows, onWarning }, calibration);
  }

  /**
   * Scores with the rows of a store from here on, and frees those in memory.
   *
   * An empty store is filled with the rows of the bank, but for those of known anomalies; one that has rows is checked to be this
   * model's, and may have more. `score` and all that is made of it give what they did, to 1e-5; with `search: 'index'` nearly so. The
   * threshold stays: calibrate again where rows were added, a coreset is kept, or an index is searched. What needs the bank in memory
   * (`bank`, `extend`, maps, exports) then raises BANK_IN_STORE. `save` writes the model without its rows; after `load` give it the store.
   * Stop scoring before you call it: results that are under way are of the bank before.
   *
   * Research software: embeddings are data of the patients whose films they are of, wherever the store lies.
   *
   * @param store of rows of the embedding size; yours to close, after the model.
   * @returns how many rows there are, how they are searched, and the recall at K of an index, on 64 rows beside the others.
   * @throws NOT_FITTED | DISPOSED | BACKEND_NOT_READY | INVALID_OPTION | UNKNOWN_OPTION | SHAPE_MISMATCH | STORE_MISMATCH | STORE_INVALID |
   * BANK_IN_STORE | INVALID_EMBEDDING | NO_ROWS_KEPT | NOT_FINITE | `signal.reason`, and what the store throws
   * @example
   * const store = await lanceStore(await lancedb.connect('banks'), { table: 'chest', dim: model.backbone.embeddingSize });
   * await model.useStore(store);
   * await model.save(fileSystem('chest-model')); // small: without its bank
   */
  async useStore(store: BankStore, options: UseStoreOptions = {}): Promise<StoreFacts> {
    return useStore('SaladModel.useStore', this.pieces, store, options);
  }

  /**
   * Sets threshold and normalizer by images that are not those being judged.
   *
   * By default the threshold promises a false alarm rate: at most `1 - quantile` of new normals are expected to reach it, as far as n
   * normals can promise that, 1 / (n + 1). With `trimBeyond` odd normals do not count, and no rate is promised over all. With
   * `sensitivity` it promises the share of abnormal images that reach it, and with `threshold` nothing: `decisionThreshold` says
   * which. Threshold and normalizer go by the normal ones; of labelled images the abnormal ones tell whether the threshold is of use.
   * Films of another hospital than the model learnt from need a threshold of their own: this call, on its normals.
   *
   * @param images of patients that are not in training: normal ones, or labelled ones; with `sensitivity` of both classes.
   * @throws STORE_INVALID | NOT_FITTED | BANK_IN_STORE | INVALID_OPTION | UNKNOWN_OPTION | LABELS_MISMATCH | DISPOSED | BACKEND_NOT_READY | EMPTY_SET | RECIPE_MISMATCH | INVALID_IMAGES |
   * PIXEL_RANGE | SHAPE_MISMATCH | INDEX_OUT_OF_RANGE | NO_ROWS_KEPT | INVALID_EMBEDDING
   * @example
   * await model.calibrate(validationNormals, { quantile: 0.99 });
   * await model.calibrate(validation, { trimBeyond: 3 }); // a few children among adults
   * await model.calibrate(validation, { sensitivity: 0.9 }); // images of both classes
   * await model.calibrate(validation, { threshold: 0.4 });
   */
  async calibrate(
    images: Images,
    options: CalibrationOptions & {
      /** Ends the call, which rejects with `signal.reason`; the model stays as it was. @defaultValue none */
      readonly signal?: AbortSignal;
    } = {},
  ): Promise<void> {
    const where = 'SaladModel.calibrate';
    checkKnownOptions(where, options, { ...calibrationNames, onWarning: true, signal: true });
    checkCalibration(where, options);
    const { onWarning, signal } = options;
    const source = await modelSource(where, this.pieces.network, images);
    checkImagesFor(where, source, options);
    await this.calibrateBy(where, source, { onWarning, signal }, options);
  }

  private async calibrateBy(
    where: string,
    source: ImageSource,
    scoring: ScoreOptions,
    options: CalibrationOptions,
  ): Promise<void> {
    const groups = groupsOf(where, options.groups, source);
    const compared = await compareWithBank(where, this.pieces, source, scoring);
    const labels = labelsOf(source);
    const abnormal = compared.indices.map((index) => labels[index]);
    const { settings, state } = this.pieces;
    const scores = chosenScores(where, settings, compared.raw, state.spreads);
    const { onWarning } = scoring;
    const known = {
      scores,
      abnormal,
      groups: groups && compared.indices.map((index) => groups[index]),
    };
    this.pieces.state = {
      ...state,
      ...calibrated(where, known, { ...options, onWarning }),
    };
  }
}
