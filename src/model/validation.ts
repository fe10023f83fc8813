import type { CellBank } from '../cells/cell-bank.js';
import type { CellPool } from '../cells/cell-pool.js';
import type { MemoryBank } from '../core/memory-bank.js';
import type { ProblemReport } from '../data/problem-report.js';
import type { ImageSource } from '../images/image-source.js';
import { labelsOf } from '../learning/labels.js';
import { areaUnderRoc } from '../metrics/roc.js';
import type { SaladWarning } from '../support/warning.js';
import { calibrated } from './calibrated.js';
import { drawnBank } from './cell-banks.js';
import { cellComparison } from './cell-comparison.js';
import { chosenScores, FEWEST_TO_STANDARDIZE, spreadsOn, sumsAmongOthers } from './chosen-score.js';
import { scoreEmbeddings } from './compare.js';
import { heldOutSpreads } from './held-out.js';
import { groupsOf } from './image-groups.js';
import { embedReadable } from './inference.js';
import type { ModelPieces, ModelState } from './model-state.js';
import type { Network } from './network.js';
import type { SaladSettings } from './options.js';
import type { RawScores } from './raw-scores.js';
import { asTheyAre } from './score-spreads.js';
import { encodeBankOfRun } from './training-bank.js';
import type { TrainingRun } from './training-run.js';

/**
 * Area under the ROC curve of the validation images, were training to end now; undefined where those that
 * could be read are not of both classes. Cells are compared with some that are drawn, not with a coreset.
 */
export async function validationAuc(
  where: string,
  settings: SaladSettings,
  { network, source, training }: TrainingRun,
  validation: ImageSource,
): Promise<number | undefined> {
  const { bank, discard, pool } = await encodeBankOfRun(where, network, source, training, settings);
  let cells: CellBank | undefined;
  try {
    cells = pool && drawnBank(where, pool, settings);
    const comparison = { bank, cells, discard, problems: training.problems };
    const { raw, read } = await rawOf(where, network, settings, validation, comparison);
    const labels = read.map((index) => (validation.labels as ArrayLike<number>)[index]);
    if (new Set(labels).size < 2) return undefined;
    const normal = labels.map((label) => !label);
    const spreads =
      settings.score === 'both'
        ? (spreadsOn(where, settings, raw, normal) ?? asTheyAre)
        : undefined;
    return areaUnderRoc(chosenScores(where, settings, raw, spreads), labels);
  } finally {
    bank.dispose();
    cells?.dispose();
  }
}

/**
 * The state of a model at the end of a run: where its score is a sum, with what it is standardised by; and with threshold and
 * normalizer from the normal images of a validation set, where there are any. Abnormal ones tell whether it is of use, or set
 * it where a sensitivity is asked for.
 *
 * @param pool the cells that the bank of cells was made of
 */
export async function calibrateOnValidation(
  where: string,
  { settings, state }: Pick<ModelPieces, 'settings' | 'state'>,
  { network, validation, calibration, onWarning }: TrainingRun,
  pool: CellPool | undefined,
): Promise<ModelState> {
  const heldOut = () => standardizedOnTraining(where, { settings, state }, pool);
  if (!validation || !state.bank) return heldOut();
  const comparison = { ...state, bank: state.bank, problems: state.training?.problems, onWarning };
  const { raw, read } = await rawOf(where, network, settings, validation, comparison);
  const labels = labelsOf(validation);
  const abnormal = read.map((index) => labels[index]);
  const normal = abnormal.map((label) => !label);
  if (!normal.includes(true)) return heldOut();
  const options = { ...calibration, onWarning };
  const named = groupsOf(where, calibration?.groups, validation);
  const groups = named && read.map((index) => named[index]);
  const enough = normal.filter(Boolean).length >= FEWEST_TO_STANDARDIZE;
  const spreads =
    settings.score === 'both' && enough ? spreadsOn(where, settings, raw, normal) : undefined;
  if (spreads) {
    const scores = sumsAmongOthers(where, settings, raw, normal, spreads);
    return { ...state, spreads, ...calibrated(where, { scores, abnormal, groups }, options) };
  }
  const standardized = await heldOut();
  const scores = chosenScores(where, settings, raw, standardized.spreads);
  return { ...standardized, ...calibrated(where, { scores, abnormal, groups }, options) };
}

/** The state of a model that scores without a validation set: a sum is standardised on held-out folds of the training images. */
export async function standardizedOnTraining(
  where: string,
  { settings, state }: Pick<ModelPieces, 'settings' | 'state'>,
  pool: CellPool | undefined,
): Promise<ModelState> {
  if (settings.score !== 'both') return state;
  return { ...state, spreads: await heldOutSpreads(where, settings, state, pool) };
}

/** Both scores of the images that can be read, and which those are; the others are reported. */
async function rawOf(
  where: string,
  network: Network,
  settings: SaladSettings,
  images: ImageSource,
  comparison: {
    readonly bank: MemoryBank;
    readonly cells?: CellBank;
    readonly discard: readonly boolean[];
    readonly problems?: ProblemReport;
    readonly onWarning?: (warning: SaladWarning) => void;
  },
): Promise<{ raw: RawScores; read: readonly number[] }> {
  const { bank, cells, discard, onWarning } = comparison;
  const compared =
    cells && cellComparison(where, images, { bank: cells, settings: settings.cells });
  const { embeddings, indices, problems } = await embedReadable(where, network, images, compared);
  try {
    for (const problem of problems) comparison.problems?.add(problem);
    const { scoreNeighbors } = settings;
    const options = { scoreNeighbors, discard, onWarning };
    const raw = await scoreEmbeddings(where, embeddings, bank, options);
    return { raw: { ...raw, ...(compared && { cells: compared.found() }) }, read: indices };
  } finally {
    embeddings.dispose();
  }
}
