import type { Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { angularScore, relativeScore } from '../core/anomaly-score.js';
import { anglesTo, checkEachOwnRow } from '../core/bank-angles.js';
import { type BankLike, bankSize } from '../core/bank-like.js';
import { imagesUnreadable, scoreNeighborsClamped } from '../core/warning.js';
import type { ImageSource } from '../images/image-source.js';
import type { ImageProblem } from '../images/problems.js';
import type { Images } from '../learning/as-source.js';
import { RangeWatch } from '../learning/range-watch.js';
import { END_OF_IDS } from '../stores/check-store.js';
import { check, checkKnownOptions, type OptionNames } from '../support/check.js';
import { checkFunction, checkSignal } from '../support/check-kinds.js';
import { hostTurns } from '../support/host.js';
import { checkBackendReady } from '../support/train-check.js';
import type { SaladWarning } from '../support/warning.js';
import { cellComparison } from './cell-comparison.js';
import { groupsOf } from './image-groups.js';
import { embedReadable, INFERENCE_BATCH } from './inference.js';
import { modelSource } from './model-source.js';
import { attachedStore, fittedBank, type ModelPieces, whileAlive } from './model-state.js';
import type { RawScores, ScoringOptions } from './raw-scores.js';
import { scoreByStore } from './store-scores.js';

/** For threads that score: the warning that `compareWithBank` gives. */
export { imagesUnreadable };

/** Options of the calls that compare images with the bank. */
export interface ScoreOptions {
  /**
   * [images]: the row of each image when training images are scored, which is then left out; -1 for none.
   *
   * @defaultValue none: every row counts
   */
  readonly ownRows?: ArrayLike<number>;
  /**
   * By which recipe a source must make its images of files: by that of the images that the `model` learnt from, or by
   * the `source`'s own, whatever it is. Arrays and tensors have none.
   *
   * @defaultValue 'model'
   */
  readonly recipe?: 'model' | 'source';
  /**
   * Called where K is lowered to the rows kept, images could not be read, or they are hardly those that the model is for.
   *
   * @defaultValue none
   */
  readonly onWarning?: (warning: SaladWarning) => void;
  /**
   * The group of each image, such as its view or its scanner: [images], or a function of its id. Its p-value then rests on the normals that
   * `calibrate` was given of that group; where there are none, on all normals, which `onWarning` is told.
   *
   * @defaultValue none: p-values rest on all normals
   */
  readonly groups?: readonly string[] | ((id: string) => string);
  /** Ends the call, which rejects with `signal.reason`; the model stays as it was. @defaultValue none */
  readonly signal?: AbortSignal;
}

export const scoreOptionNames: OptionNames<ScoreOptions> = {
  ownRows: true,
  recipe: true,
  groups: true,
  onWarning: true,
  signal: true,
};

/** Images beside the bank. */
export interface Comparison {
  readonly source: ImageSource;
  /** Images that could be read. */
  readonly indices: readonly number[];
  /** Of these, in order. */
  readonly raw: RawScores;
  /** The group of each, where told. */
  readonly groups?: readonly string[];
  /** The others. */
  readonly problems: readonly ImageProblem[];
  /** Where the rows of the bank of cells come from that they were compared with. */
  readonly origins?: { readonly films: Int32Array; readonly places: Int32Array };
}

/** Embeds what can be read of images, and compares it with the bank of a model. */
export async function compareWithBank(
  where: string,
  model: ModelPieces,
  images: Images,
  options: ScoreOptions,
  { everyCell = false }: { everyCell?: boolean } = {},
): Promise<Comparison> {
  checkKnownOptions(where, options, scoreOptionNames);
  const { ownRows, recipe, groups, onWarning, signal } = options;
  checkFunction(where, 'onWarning', onWarning);
  checkSignal(where, signal);
  signal?.throwIfAborted();
  checkBackendReady(where);
  const size = attachedStore(where, model) ? END_OF_IDS : fittedBank(where, model).size;
  const { network, settings } = model;
  const source = await modelSource(where, network, images, recipe);
  checkOwnRows(where, ownRows, source);
  const groupOf = groupsOf(where, groups, source);
  if (ownRows) checkEachOwnRow(where, ownRows, size);
  return whileAlive(where, model, async () => {
    const range = new RangeWatch();
    const watched = { ...network, signal, see: range.see };
    // The model may get other banks meanwhile: its images are compared with those of now, and never with a part of each.
    const store = attachedStore(where, model);
    const { discard, cells: cellBank } = model.state;
    const bank = store ? undefined : tf.clone(fittedBank(where, model).rows);
    const cellRows = cellBank?.clone();
    let embeddings: Tensor2D | undefined;
    try {
      const cells =
        cellRows &&
        cellComparison(where, source, {
          bank: cellRows,
          settings: settings.cells,
          ownRows,
          everyCell,
          signal,
        });
      const read = await embedReadable(where, watched, source, cells);
      const { indices, problems } = read;
      embeddings = read.embeddings;
      if (!attachedStore(where, model)) fittedBank(where, model);
      range.warn(where, onWarning);
      if (problems.length > 0) onWarning?.(imagesUnreadable(where, problems.length, source.length));
      const comparison = {
        onWarning,
        ownRows: ownRows && indices.map((index) => ownRows[index]),
        scoreNeighbors: settings.scoreNeighbors,
        signal,
      };
      const raw = store
        ? await scoreByStore(where, embeddings, store, comparison)
        : await scoreEmbeddings(where, embeddings, bank as Tensor2D, { ...comparison, discard });
      return {
        source,
        indices,
        groups: groupOf && indices.map((index) => groupOf[index]),
        raw: { ...raw, ...(cells && { cells: cells.found() }) },
        problems,
        ...(cellRows && { origins: { films: cellRows.films, places: cellRows.places } }),
      };
    } finally {
      cellRows?.dispose();
      tf.dispose([...(bank ? [bank] : []), ...(embeddings ? [embeddings] : [])]);
    }
  });
}

/** @throws SHAPE_MISMATCH unless there is a row for every image. */
export function checkOwnRows(
  where: string,
  ownRows: ArrayLike<number> | undefined,
  { length }: Pick<ImageSource, 'length'>,
): void {
  check(
    ownRows === undefined || ownRows.length === length,
    'SHAPE_MISMATCH',
    () =>
      `${where}: ownRows has ${ownRows?.length} entries for ${length} images; expected one row, or -1, per image.`,
  );
}

/** Scores embeddings against a bank, a batch at a time. */
export async function scoreEmbeddings(
  where: string,
  embeddings: Tensor2D,
  bank: BankLike,
  options: ScoringOptions,
): Promise<RawScores> {
  const [count, dim] = embeddings.shape;
  const relative = new Float32Array(count);
  const angular = new Float32Array(count);
  const nearest: Int32Array[] = [];
  const angles: Float32Array[] = [];
  let scoreNeighbors = clampForOwnRows(where, bankSize(where, bank), options);
  const giveHostItsTurn = hostTurns(options.signal);
  for (let first = 0; first < count; first += INFERENCE_BATCH) {
    await giveHostItsTurn();
    const size = Math.min(INFERENCE_BATCH, count - first);
    const { ownRows: all } = options;
    const ownRows = all && Array.from({ length: size }, (_, i) => all[first + i]);
    const onWarning = first === 0 ? options.onWarning : undefined;
    const found = tf.tidy(() => {
      const batch = tf.slice(embeddings, [first, 0], [size, dim]);
      const { scoreNeighbors: inForce, ...tensors } = anglesTo(where, batch, bank, {
        discard: options.discard,
        scoreNeighbors,
        ownRows,
        onWarning,
      });
      scoreNeighbors = inForce;
      const angled = { ...tensors, scoreNeighbors: inForce };
      return {
        relative: relativeScore(angled),
        angular: angularScore(angled),
        nearest: tensors.nearest,
        indices: tensors.indices,
      };
    });
    try {
      relative.set(await found.relative.data(), first);
      angular.set(await found.angular.data(), first);
      const rows = (await found.indices.data()) as Int32Array;
      const values = (await found.nearest.data()) as Float32Array;
      for (let i = 0; i < size; i++) {
        nearest.push(rows.slice(i * scoreNeighbors, (i + 1) * scoreNeighbors));
        angles.push(values.slice(i * scoreNeighbors, (i + 1) * scoreNeighbors));
      }
    } finally {
      tf.dispose(found);
    }
  }
  return { relative, angular, nearest, angles, scoreNeighbors };
}

/** One K for all samples, whether or not their own row is among the rows kept. */
function clampForOwnRows(where: string, size: number, options: ScoringOptions): number {
  const { scoreNeighbors, discard, ownRows, onWarning } = options;
  if (!ownRows) return scoreNeighbors;
  const limit = size - (discard ? Array.from(discard).filter(Boolean).length : 0) - 1;
  if (limit < 1 || scoreNeighbors <= limit) return scoreNeighbors;
  onWarning?.(
    scoreNeighborsClamped(where, scoreNeighbors, limit, "rows are kept beside an image's own"),
  );
  return limit;
}
