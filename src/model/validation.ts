import type { MemoryBank } from '../core/memory-bank.js';
import type { SaladWarning } from '../core/warning.js';
import type { ProblemReport } from '../data/problem-report.js';
import type { ImageSource } from '../images/image-source.js';
import { readIndices } from '../learning/arrivals.js';
import { onlyNormals } from '../learning/labels.js';
import { areaUnderRoc } from '../metrics/roc.js';
import { calibrated } from './calibrated.js';
import { embedReadable } from './inference.js';
import type { ModelState } from './model-state.js';
import type { Network } from './network.js';
import type { SaladSettings } from './options.js';
import { scoreEmbeddings } from './score-embeddings.js';
import { encodeBankOfRun } from './training-bank.js';
import type { TrainingState } from './training-state.js';

const WHERE = 'SaladModel.fit';

/**
 * Area under the ROC curve of the validation images, were training to end now; undefined where those that
 * could be read are not of both classes.
 */
export async function validationAuc(
  network: Network,
  settings: SaladSettings,
  training: TrainingState,
  source: ImageSource,
  validation: ImageSource,
): Promise<number | undefined> {
  const { bank, discard } = await encodeBankOfRun(WHERE, network, source, training, settings);
  try {
    const comparison = { bank, discard, problems: training.problems };
    const { scores, read } = await scoresOf(network, settings, validation, comparison);
    const labels = read.map((index) => (validation.labels as ArrayLike<number>)[index]);
    return new Set(labels).size < 2 ? undefined : areaUnderRoc(scores, labels);
  } finally {
    bank.dispose();
  }
}

/** Threshold and normalizer from the normal images of the validation set, where there are any. */
export async function calibrateOnValidation(
  network: Network,
  settings: SaladSettings,
  state: ModelState,
  validation: ImageSource | undefined,
  onWarning?: (warning: SaladWarning) => void,
): Promise<ModelState> {
  const normals = validation && onlyNormals(validation);
  const { bank, discard, training } = state;
  if (!normals || !bank) return state;
  const comparison = { bank, discard, problems: training?.problems, onWarning };
  const { scores, read } = await scoresOf(network, settings, normals, comparison);
  return read.length === 0 ? state : calibrated('SaladModel.fit', state, scores, { onWarning });
}

/** Scores of the images that can be read, and which those are; the others are reported. */
async function scoresOf(
  network: Network,
  { method, scoreNeighbors }: SaladSettings,
  images: ImageSource,
  comparison: {
    readonly bank: MemoryBank;
    readonly discard: readonly boolean[];
    readonly problems?: ProblemReport;
    readonly onWarning?: (warning: SaladWarning) => void;
  },
): Promise<{ scores: Float32Array; read: number[] }> {
  const { bank, discard, onWarning } = comparison;
  const { embeddings, problems } = await embedReadable(WHERE, network, images);
  try {
    for (const problem of problems) comparison.problems?.add(problem);
    const raw = await scoreEmbeddings(embeddings, bank, { scoreNeighbors, discard, onWarning });
    return { scores: raw[method], read: readIndices(images, problems) };
  } finally {
    embeddings.dispose();
  }
}
