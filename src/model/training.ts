import * as tf from '@tensorflow/tfjs-core';
import { fitScoreNormalizer, fitThreshold } from '../core/calibration.js';
import { MemoryBank } from '../core/memory-bank.js';
import { subset } from '../data/combine.js';
import type { ImageSource } from '../data/image-source.js';
import { checkPatientsDisjoint } from '../data/patients.js';
import { areaUnderRoc } from '../metrics/roc.js';
import { check, checkKnownOptions } from '../support/check.js';
import { hashText } from '../support/random.js';
import { checkBackendReady, checkCanTrain } from '../support/train-check.js';
import { Adam } from './adam.js';
import { asSource, type Images, readPrepared } from './batches.js';
import { embedAll, type Network, scoreEmbeddings, settleStatistics } from './inference.js';
import type { ModelState } from './model-state.js';
import type { SaladSettings } from './options.js';
import { restoreWeights } from './snapshot.js';
import { Trainer, totalEpochs } from './trainer.js';
import type { SaladCallbacks } from './training-loop.js';
import type { TrainingState } from './training-state.js';

/** Options of a training run. */
export interface TrainOptions {
  /**
   * Images for the validation AUC of every epoch (both classes labelled) and for the threshold at the
   * end (the normal ones; images without labels count as normal). Never the test set.
   */
  readonly validation?: Images;
  /** Aborts between two steps; the call rejects with `signal.reason`, the model stays usable. */
  readonly signal?: AbortSignal;
  /** Where the model is saved while it trains, with all that a resumed run needs. */
  readonly checkpoint?: tf.io.IOHandler | string;
  /** Epochs between two checkpoints; 1 unless told. */
  readonly checkpointEvery?: number;
  /** Go on from where the loaded checkpoint stopped, to exactly the uninterrupted run. */
  readonly resume?: boolean;
}

/** Options of `fit`. */
export interface FitOptions extends TrainOptions {
  readonly callbacks?: SaladCallbacks;
}

/** A run that stands ready. */
export interface StartedTraining {
  readonly state: ModelState;
  readonly source: ImageSource;
  readonly validation?: ImageSource;
  trainer(finish: () => Promise<void>): Trainer;
}

const WHERE = 'SaladModel.fit';

/** Checks everything that can be checked before the first step, and makes or resumes the state. */
export async function beginTraining(
  network: Network,
  settings: SaladSettings,
  state: ModelState,
  images: Images,
  options: TrainOptions,
): Promise<StartedTraining> {
  checkKnownOptions(WHERE, options, [
    'validation',
    'signal',
    'checkpoint',
    'checkpointEvery',
    'resume',
    'callbacks',
  ]);
  options.signal?.throwIfAborted();
  checkBackendReady(WHERE);
  const epochs = totalEpochs(settings);
  const convolves = network.backbone.trainable.some((variable) => variable.rank === 4);
  if (epochs > 0 && convolves) checkCanTrain(WHERE);
  const source = await asSource(WHERE, images);
  const validation = options.validation && (await asSource(WHERE, options.validation));
  checkTrainable(source, validation);
  const training = options.resume
    ? resumed(state.training, source)
    : await fresh(network, settings, state, source);
  const { signal } = options;
  const { backbone, preparation } = network;
  const validate =
    validation && hasBothClasses(validation)
      ? () => validationAuc(network, settings, source, validation)
      : undefined;
  const parts = { backbone, settings, preparation, source, state: training, validate, signal };
  return {
    state: { ...state, training },
    source,
    validation,
    trainer: (finish) => new Trainer(parts, finish),
  };
}

/** Best weights, refreshed bank, threshold and normalizer; an unfinished run gets its running bank. */
export async function endTraining(
  network: Network,
  settings: SaladSettings,
  state: ModelState,
  { source, validation }: StartedTraining,
): Promise<ModelState> {
  const { training } = state;
  if (!training) return state;
  const best = training.best && {
    epoch: training.best.epoch,
    validationAuc: training.best.validationAuc,
  };
  if (training.best) restoreWeights(network.backbone, training.best.values);
  else if (training.history.length === 0) await settleStatistics(network, source);
  const embeddings = await embedAll(WHERE, network, source);
  const bank = MemoryBank.from(embeddings);
  embeddings.dispose();
  state.bank?.dispose();
  const discard = labelsOf(source);
  const ended = { ...state, bank, discard, ids: source.ids, history: training.history, best };
  const normals = validation && onlyNormals(validation);
  if (!normals) return ended;
  const queries = await embedAll(WHERE, network, normals);
  const scored = await scoreEmbeddings(queries, bank, { ...settings, discard });
  queries.dispose();
  const scores = scored[settings.method];
  return { ...ended, normalizer: fitScoreNormalizer(scores), threshold: fitThreshold(scores) };
}

function checkTrainable(source: ImageSource, validation: ImageSource | undefined): void {
  check(
    source.length > 1,
    'EMPTY_SET',
    () =>
      `${WHERE}: one training image was given; expected at least two, since a bank of one row has no neighbours.`,
  );
  for (const [name, one] of Object.entries({ images: source, validation })) {
    check(
      !one?.labels || one.labels.length === one.length,
      'LABELS_MISMATCH',
      () =>
        `${WHERE}: ${name} has ${one?.labels?.length} labels for ${one?.length} images; expected one per image.`,
    );
  }
  check(
    labelsOf(source).includes(false),
    'NO_ROWS_KEPT',
    () =>
      `${WHERE}: every training image is labelled as an anomaly, so no row would be left to score with; expected mostly normal images.`,
  );
  checkPatientsDisjoint({ train: source, validation });
}

function resumed(training: TrainingState | undefined, source: ImageSource): TrainingState {
  check(
    training !== undefined,
    'NOT_FITTED',
    () =>
      `${WHERE}: resume is true but the model holds no training state; load a checkpoint, or a model saved with includeTraining.`,
  );
  check(
    training.sourceKey === keyOf(source),
    'CHECKPOINT_MISMATCH',
    () =>
      `${WHERE}: the training images are not those of the checkpoint (their number, names or labels differ); resume with the same source, in the same order.`,
  );
  return training;
}

async function fresh(
  { backbone, preparation }: Network,
  settings: SaladSettings,
  state: ModelState,
  source: ImageSource,
): Promise<TrainingState> {
  check(
    state.training === undefined && state.history.length === 0,
    'ALREADY_FITTED',
    () =>
      `${WHERE}: the model has been trained for ${(state.training ?? state).history.length} epochs; pass resume: true to go on, or create a new model.`,
  );
  const pixelVariance = await variance(source, { backbone, preparation });
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
    history: [],
  };
}

/** Images that the pixel variance is estimated on, evenly spaced. */
const VARIANCE_IMAGES = 1024;

async function variance(source: ImageSource, { preparation }: Network): Promise<number> {
  const count = Math.min(source.length, VARIANCE_IMAGES);
  let sum = 0;
  let squares = 0;
  let pixels = 0;
  for (let i = 0; i < count; i += 64) {
    const batch = Array.from({ length: Math.min(64, count - i) }, (_, j) =>
      Math.floor(((i + j) * source.length) / count),
    );
    const values = await readPrepared(source, batch, preparation);
    for (const value of values) {
      sum += value;
      squares += value * value;
    }
    pixels += values.length;
  }
  const mean = sum / pixels;
  const result = squares / pixels - mean * mean;
  check(
    Number.isFinite(result) && result > 1e-12,
    'INVALID_IMAGES',
    () =>
      `${WHERE}: the variance of the training pixels is ${result} after image normalisation; expected images that are not all the same grey.`,
  );
  return result;
}

async function validationAuc(
  network: Network,
  settings: SaladSettings,
  source: ImageSource,
  validation: ImageSource,
): Promise<number> {
  const bank = await embedAll(WHERE, network, source);
  const queries = await embedAll(WHERE, network, validation);
  const scored = await scoreEmbeddings(queries, bank, { ...settings, discard: labelsOf(source) });
  tf.dispose([bank, queries]);
  return areaUnderRoc(scored[settings.method], validation.labels as ArrayLike<number>);
}

function hasBothClasses({ labels, length }: ImageSource): boolean {
  const anomalies = Array.from(labels ?? []).filter(Boolean).length;
  return anomalies > 0 && anomalies < length;
}

function onlyNormals(source: ImageSource): ImageSource | undefined {
  const rows = labelsOf(source).flatMap((anomaly, row) => (anomaly ? [] : [row]));
  if (rows.length === 0) return undefined;
  return rows.length === source.length ? source : subset(source, rows);
}

function labelsOf({ labels, length }: ImageSource): boolean[] {
  return Array.from({ length }, (_, i) => Boolean(labels?.[i]));
}

function keyOf(source: ImageSource): string {
  const labels = labelsOf(source).map(Number).join('');
  return `${source.length}/${hashText(source.ids.join('\n'))}/${hashText(labels)}`;
}
