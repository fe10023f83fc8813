import type { MemoryBank } from '../core/memory-bank.js';
import type { ProblemReport } from '../data/problem-report.js';
import type { Adam } from '../learning/adam.js';
import type { EpochSoFar } from './epoch-so-far.js';
import type { EpochLog } from './history.js';

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
