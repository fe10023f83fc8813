import { MemoryBank } from '../core/memory-bank.js';
import { ProblemReport } from '../data/problem-report.js';
import type { ImageSource } from '../images/image-source.js';
import { Adam } from '../learning/adam.js';
import { labelsOf } from '../learning/labels.js';
import { check } from '../support/check.js';
import { hashText } from '../support/random.js';
import { type EpochSoFar, unbegunEpoch } from './epoch-so-far.js';
import type { EpochLog } from './history.js';
import type { Network } from './network.js';
import type { SaladSettings } from './options.js';
import { pixelVarianceOf } from './pixel-variance.js';

/** Anchors and neighbours of the round in progress. */
export interface Selection {
  readonly round: number;
  readonly anchors: readonly boolean[];
  readonly neighbors: readonly Int32Array[];
}

/** Weights worth coming back to, copied to the host: trainable ones first, then statistics. */
export interface Snapshot {
  readonly epoch: number;
  readonly validationAuc: number;
  readonly values: readonly Float32Array[];
}

/** All that a run needs, besides the network's weights, to go on as if it had never stopped. */
export interface TrainingState {
  /** The running bank, as the steps moved it. */
  readonly bank: MemoryBank;
  readonly optimizer: Adam;
  /** Of the normalised training pixels, for `lossScale: 'normalized'`. */
  readonly pixelVariance: number;
  /** Tells whether a resumed run is given the images it was started with. */
  readonly sourceKey: string;
  selection: Selection;
  epochSoFar: EpochSoFar;
  readonly history: EpochLog[];
  /** Images that could not be read since the run was begun or resumed; not saved: names may tell who. */
  readonly problems: ProblemReport;
  best?: Snapshot;
  /** Weights as the last step left them, while the model holds others: the best, or settled statistics. */
  last?: readonly Float32Array[];
}

export function disposeTrainingState(state: TrainingState | undefined): void {
  state?.bank.dispose();
  state?.optimizer.dispose();
}

/** The state of a run that begins. */
export async function freshState(
  where: string,
  network: Network,
  settings: SaladSettings,
  source: ImageSource,
): Promise<TrainingState> {
  const { backbone } = network;
  const { pixelVariance, problems } = await pixelVarianceOf(where, source, network);
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

/** @throws CHECKPOINT_MISMATCH where a run was begun with other images than those that it is to go on with. */
export async function checkSameImages(
  where: string,
  training: TrainingState,
  network: Network,
  source: ImageSource,
): Promise<void> {
  const { pixelVariance, problems } = await pixelVarianceOf(where, source, network);
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
      `${where}: the training images are not those of the checkpoint (their number, names, labels or pixels differ); resume with the same source, in the same order.`,
  );
}

/** Number, names and labels of the images, in short. */
function keyOf(source: ImageSource): string {
  const labels = labelsOf(source).map(Number).join('');
  return `${source.length}/${hashText(source.ids.join('\n'))}/${hashText(labels)}`;
}
