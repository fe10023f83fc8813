import type { MemoryBank } from '../core/memory-bank.js';
import type { ProblemReport } from '../data/problem-report.js';
import type { ImageSource } from '../images/image-source.js';
import { labelsOf } from '../learning/labels.js';
import { areaUnderRoc } from '../metrics/roc.js';
import type { SaladWarning } from '../support/warning.js';
import { calibrated } from './calibrated.js';
import { scoreEmbeddings } from './compare.js';
import { embedReadable } from './inference.js';
import type { ModelPieces, ModelState } from './model-state.js';
import type { Network } from './network.js';
import type { SaladSettings } from './options.js';
import { encodeBankOfRun } from './training-bank.js';
import type { TrainingRun } from './training-run.js';

/**
 * Area under the ROC curve of the validation images, were training to end now; undefined where those that
 * could be read are not of both classes.
 */
export async function validationAuc(
  where: string,
  settings: SaladSettings,
  { network, source, training }: TrainingRun,
  validation: ImageSource,
): Promise<number | undefined> {
  const { bank, discard } = await encodeBankOfRun(where, network, source, training, settings);
  try {
    const comparison = { bank, discard, problems: training.problems };
    const { scores, read } = await scoresOf(where, network, settings, validation, comparison);
    const labels = read.map((index) => (validation.labels as ArrayLike<number>)[index]);
    return new Set(labels).size < 2 ? undefined : areaUnderRoc(scores, labels);
  } finally {
    bank.dispose();
  }
}

/**
 * The state of a model with threshold and normalizer from the normal images of a validation set, where there are any; abnormal ones
 * tell whether it is of use, or set it where a sensitivity is asked for.
 */
export async function calibrateOnValidation(
  where: string,
  { settings, state }: ModelPieces,
  { network, validation, calibration, onWarning }: TrainingRun,
): Promise<ModelState> {
  const { bank, discard, training } = state;
  if (!validation || !bank) return state;
  const comparison = { bank, discard, problems: training?.problems, onWarning };
  const { scores, read } = await scoresOf(where, network, settings, validation, comparison);
  const labels = labelsOf(validation);
  const abnormal = read.map((index) => labels[index]);
  if (!abnormal.includes(false)) return state;
  return { ...state, ...calibrated(where, { scores, abnormal }, { ...calibration, onWarning }) };
}

/** Scores of the images that can be read, and which those are; the others are reported. */
async function scoresOf(
  where: string,
  network: Network,
  { method, scoreNeighbors }: SaladSettings,
  images: ImageSource,
  comparison: {
    readonly bank: MemoryBank;
    readonly discard: readonly boolean[];
    readonly problems?: ProblemReport;
    readonly onWarning?: (warning: SaladWarning) => void;
  },
): Promise<{ scores: Float32Array; read: readonly number[] }> {
  const { bank, discard, onWarning } = comparison;
  const { embeddings, indices, problems } = await embedReadable(where, network, images);
  try {
    for (const problem of problems) comparison.problems?.add(problem);
    const raw = await scoreEmbeddings(where, embeddings, bank, {
      scoreNeighbors,
      discard,
      onWarning,
    });
    return { scores: raw[method], read: indices };
  } finally {
    embeddings.dispose();
  }
}
