import type { ReportedProblem } from '../data/problem-report.js';
import type { FitHistory } from '../learning/detector.js';

/** The log of an epoch of `SaladModel`; JSON. */
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
  /** Training images that could not be read and were left out; absent where all could. */
  readonly unreadable?: number;
  /** Wall-clock seconds, validation included. */
  readonly seconds: number;
}

/** The log of a fit of `SaladModel`; JSON. */
export interface History extends FitHistory {
  /** One log for each epoch, in order, those before a `resume` too. */
  readonly epochs: readonly EpochLog[];
  /** Images that could not be read and were left out, each once; absent where all could be read. */
  readonly problems?: readonly ReportedProblem[];
}
