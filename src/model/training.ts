import type * as tf from '@tensorflow/tfjs-core';
import type { SaladWarning } from '../core/anomaly-score.js';
import { MemoryBank } from '../core/memory-bank.js';
import type { ImagePool } from '../data/image-job.js';
import { checkPatientsDisjoint } from '../data/patients.js';
import { ProblemReport } from '../data/problem-report.js';
import type { ImageSource } from '../images/image-source.js';
import { Adam } from '../learning/adam.js';
import { readIndices } from '../learning/arrivals.js';
import { asSource, type Images } from '../learning/as-source.js';
import { readPrepared } from '../learning/intake.js';
import { checkSomeNormal, hasBothClasses, labelsOf, onlyNormals } from '../learning/labels.js';
import { copyWeights, restoreWeights } from '../learning/weights.js';
import { areaUnderRoc } from '../metrics/roc.js';
import { check } from '../support/check.js';
import { hashText } from '../support/random.js';
import { checkBackendReady, checkCanTrain } from '../support/train-check.js';
import { calibrated } from './calibrated.js';
import { embedReadable, type Network, scoreEmbeddings, settleStatistics } from './inference.js';
import type { ModelState } from './model-state.js';
import type { SaladSettings } from './options.js';
import { pixelVarianceOf } from './pixel-variance.js';
import { Trainer, totalEpochs } from './trainer.js';
import { type EarlierRows, encodeBank, neverMoved } from './training-bank.js';
import type { SaladCallbacks } from './training-loop.js';
import { type TrainingState, unbegunEpoch } from './training-state.js';

/** Options of a training run of your own loop. */
export interface TrainerOptions {
  /**
   * Images for the validation AUC of every epoch (both classes labelled) and for the threshold at the
   * end (the normal ones; images without labels count as normal). Never the test set.
   */
  readonly validation?: Images;
  /** Aborts between two steps; the call rejects with `signal.reason`, the model stays usable. */
  readonly signal?: AbortSignal;
  /** Go on from where the run stopped, or the loaded checkpoint was written, to exactly the uninterrupted run. */
  readonly resume?: boolean;
  /**
   * Threads that read, prepare and vary images while the network learns, `imagePool` in
   * 'salad-ad/node' say; yours to dispose. The run is the same for any number of them, and for none.
   */
  readonly imagePool?: ImagePool;
  /** Told when the threshold at the end rests on fewer neighbours or normals than it should. */
  readonly onWarning?: (warning: SaladWarning) => void;
}

/** Options of a training run. */
export interface TrainOptions extends TrainerOptions {
  /** Where the model is saved while it trains, with all that a resumed run needs. */
  readonly checkpoint?: tf.io.IOHandler | string;
  /** Epochs between two checkpoints; 1 unless told. */
  readonly checkpointEvery?: number;
}

/** Options of `fit`. */
export interface FitOptions extends TrainOptions {
  readonly callbacks?: SaladCallbacks;
}

export const trainerOptionNames = ['validation', 'signal', 'resume', 'imagePool', 'onWarning'];
export const trainOptionNames = [...trainerOptionNames, 'checkpoint', 'checkpointEvery'];
export const fitOptionNames = [...trainOptionNames, 'callbacks'];

/** A run that stands ready. */
export interface StartedTraining {
  readonly state: ModelState;
  /** The model's, with the threads of this run. */
  readonly network: Network;
  readonly source: ImageSource;
  readonly validation?: ImageSource;
  trainer(checkCurrent: (where: string) => void, finish: () => Promise<void>): Trainer;
}

const WHERE = 'SaladModel.fit';

/** Checks everything that can be checked before the first step, and makes or resumes the state. */
export async function beginTraining(
  idleNetwork: Network,
  settings: SaladSettings,
  state: ModelState,
  images: Images,
  options: TrainerOptions,
): Promise<StartedTraining> {
  options.signal?.throwIfAborted();
  checkBackendReady(WHERE);
  const { signal, imagePool } = options;
  const network = { ...idleNetwork, imagePool };
  const epochs = totalEpochs(settings);
  const convolves = network.backbone.trainable.some((variable) => variable.rank === 4);
  if (epochs > 0 && convolves) checkCanTrain(WHERE);
  const source = await asSource(WHERE, images);
  const validation = options.validation && (await asSource(WHERE, options.validation));
  checkTrainable(source, validation);
  check(
    settings.keep === 'last' || (validation !== undefined && hasBothClasses(validation)),
    'INVALID_OPTION',
    () =>
      `${WHERE}: keep is 'best-validation' but the validation images are not labelled with both classes; expected normal and anomalous ones to choose by, or keep: 'last'.`,
  );
  // An image that does not fit is told of now, rather than after the first epoch, or the last.
  if (validation) await readPrepared(validation, [0], network);
  const training = options.resume
    ? await resumed(network, state.training, source)
    : await fresh(network, settings, state, source);
  const validate =
    validation && hasBothClasses(validation)
      ? () => validationAuc(network, settings, training, source, validation)
      : undefined;
  const parts = { network, settings, source, state: training, validate, signal };
  // What was made from the weights as they were would silently be wrong after the first step.
  state.bank?.dispose();
  return {
    state: { discard: [], history: state.history, training },
    network,
    source,
    validation,
    trainer: (checkCurrent, finish) => new Trainer({ ...parts, checkCurrent }, finish),
  };
}

/** Best weights and refreshed bank; a run that ends here may still be resumed. */
export async function endTraining(
  settings: SaladSettings,
  state: ModelState,
  { network, source }: StartedTraining,
): Promise<ModelState> {
  const { training } = state;
  if (!training) return state;
  const { backbone } = network;
  const { best, history } = training;
  const stopped = history.length < totalEpochs(settings);
  if (stopped && (best || history.length === 0)) training.last ??= await copyWeights(backbone);
  if (best) restoreWeights(backbone, best.values);
  else if (history.length === 0) await settleStatistics(network, source);
  const running = runningRows(training, settings);
  const { bank, discard, problems } = await encodeBank(WHERE, network, source, running);
  problems.forEach(training.problems.add);
  state.bank?.dispose();
  return {
    training,
    history,
    bank,
    discard,
    ids: source.ids,
    best: best && { epoch: best.epoch, validationAuc: best.validationAuc },
  };
}

/** Threshold and normalizer from the normal images of the validation set, where there are any. */
export async function calibrateOnValidation(
  settings: SaladSettings,
  state: ModelState,
  { network, validation }: StartedTraining,
  onWarning: TrainerOptions['onWarning'],
): Promise<ModelState> {
  const normals = validation && onlyNormals(validation);
  const { bank, discard } = state;
  if (!normals || !bank) return state;
  const { embeddings: queries, problems } = await embedReadable(WHERE, network, normals);
  try {
    problems.forEach(state.training?.problems.add ?? (() => {}));
    if (problems.length === normals.length) return state;
    const { scoreNeighbors } = settings;
    const scored = await scoreEmbeddings(queries, bank, { scoreNeighbors, discard, onWarning });
    return calibrated(state, scored[settings.method], { onWarning });
  } finally {
    queries.dispose();
  }
}

function checkTrainable(source: ImageSource, validation: ImageSource | undefined): void {
  check(
    source.length > 1,
    'EMPTY_SET',
    () =>
      `${WHERE}: one training image was given; expected at least two, since a bank of one row has no neighbours.`,
  );
  checkSomeNormal(WHERE, source);
  checkPatientsDisjoint({ train: source, validation });
}

async function resumed(
  network: Network,
  training: TrainingState | undefined,
  source: ImageSource,
): Promise<TrainingState> {
  check(
    training !== undefined,
    'NOT_FITTED',
    () =>
      `${WHERE}: resume is true but the model holds no training state; load a checkpoint, or a model saved with includeTraining.`,
  );
  const { pixelVariance, problems } = await pixelVarianceOf(WHERE, source, network);
  problems.forEach(training.problems.add);
  // Of other images than then, the variance is another.
  const comparable =
    problems.length === 0 &&
    ![...training.history, training.epochSoFar].some(({ unreadable }) => unreadable);
  const same =
    training.sourceKey === keyOf(source) &&
    (!comparable || Math.abs(pixelVariance / training.pixelVariance - 1) < 1e-6);
  check(
    same,
    'CHECKPOINT_MISMATCH',
    () =>
      `${WHERE}: the training images are not those of the checkpoint (their number, names, labels or pixels differ); resume with the same source, in the same order.`,
  );
  return training;
}

async function fresh(
  network: Network,
  settings: SaladSettings,
  state: ModelState,
  source: ImageSource,
): Promise<TrainingState> {
  check(
    state.training === undefined && state.history.length === 0,
    'ALREADY_FITTED',
    () =>
      `${WHERE}: a training run of this model has begun already; pass resume: true to go on with it, or create a new model.`,
  );
  const { backbone } = network;
  const { pixelVariance, problems } = await pixelVarianceOf(WHERE, source, network);
  const report = new ProblemReport();
  problems.forEach(report.add);
  return {
    bank: MemoryBank.random({
      size: source.length,
      dim: backbone.embeddingSize,
      seed: settings.seed,
    }),
    optimizer: new Adam(backbone.trainable, settings),
    pixelVariance,
    sourceKey: keyOf(source),
    selection: { round: 0, anchors: [], neighbors: [] },
    epochSoFar: unbegunEpoch,
    history: [],
    problems: report,
  };
}

function runningRows({ bank }: TrainingState, { seed }: SaladSettings): EarlierRows {
  return { bank, unlearnt: () => neverMoved(bank, seed) };
}

async function validationAuc(
  network: Network,
  settings: SaladSettings,
  training: TrainingState,
  source: ImageSource,
  validation: ImageSource,
): Promise<number | undefined> {
  const running = runningRows(training, settings);
  const { bank, discard, problems } = await encodeBank(WHERE, network, source, running);
  try {
    problems.forEach(training.problems.add);
    const { embeddings: queries, problems: lost } = await embedReadable(WHERE, network, validation);
    try {
      lost.forEach(training.problems.add);
      const read = readIndices(validation, lost);
      const labels = read.map((index) => (validation.labels as ArrayLike<number>)[index]);
      if (new Set(labels).size < 2) return undefined;
      const { scoreNeighbors } = settings;
      const scored = await scoreEmbeddings(queries, bank, { scoreNeighbors, discard });
      return areaUnderRoc(scored[settings.method], labels);
    } finally {
      queries.dispose();
    }
  } finally {
    bank.dispose();
  }
}

function keyOf(source: ImageSource): string {
  const labels = labelsOf(source).map(Number).join('');
  return `${source.length}/${hashText(source.ids.join('\n'))}/${hashText(labels)}`;
}
