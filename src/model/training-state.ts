import type { MemoryBank } from '../core/memory-bank.js';
import type { ProblemReport } from '../data/problem-report.js';
import type { Adam } from '../learning/adam.js';

/** What an epoch has to tell; JSON. */
export interface EpochLog {
  /** From 0. */
  readonly epoch: number;
  /** 0 in pre-training. */
  readonly round: number;
  /** Mean over the epoch's images, as optimised (Eq. 3). */
  readonly loss: number;
  /** Mean reconstruction loss per image; absent where it is switched off. */
  readonly reconstruction?: number;
  /** Mean latent loss per image, nats; absent where it is switched off. */
  readonly latent?: number;
  /** Rows that were anchors. */
  readonly anchors: number;
  /** Share of known anomalies among the anchors; absent without anchors or labels. */
  readonly anchorAnomalyShare?: number;
  /** Area under the ROC curve of the validation images; absent unless both classes are labelled. */
  readonly validationAuc?: number;
  /** Training images that could not be read and took no part; absent where all could. */
  readonly unreadable?: number;
  /** Wall-clock seconds, validation included. */
  readonly seconds: number;
}

/** Anchors and neighbours of the round in progress. */
export interface Selection {
  readonly round: number;
  readonly anchors: readonly boolean[];
  readonly neighbors: readonly Int32Array[];
}

/** What the steps of the epoch in progress add up to. */
export interface EpochSoFar {
  readonly steps: number;
  readonly images: number;
  /** Sums over those images. */
  readonly loss: number;
  readonly reconstruction: number;
  readonly latent: number;
  /** Images that could not be read. */
  readonly unreadable?: number;
}

/** An epoch of which no step has been run. */
export const unbegunEpoch: EpochSoFar = Object.freeze({
  steps: 0,
  images: 0,
  loss: 0,
  reconstruction: 0,
  latent: 0,
});

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
