import type { io } from '@tensorflow/tfjs-core';
import type { SaladWarning } from '../core/warning.js';
import type { ImagePool } from '../data/image-job.js';
import type { Images } from '../learning/as-source.js';

type Logs = Record<string, number>;
// biome-ignore lint/suspicious/noConfusingVoidType: a callback may return nothing
type Verdict = boolean | void;

/** Callbacks in the form of tfjs-layers' `CustomCallbackArgs`; one that returns false stops the run. */
export interface SaladCallbacks {
  onTrainBegin?(logs?: Logs): Verdict | Promise<Verdict>;
  onTrainEnd?(logs?: Logs): Verdict | Promise<Verdict>;
  onEpochBegin?(epoch: number, logs?: Logs): Verdict | Promise<Verdict>;
  onEpochEnd?(epoch: number, logs?: Logs): Verdict | Promise<Verdict>;
  onBatchBegin?(batch: number, logs?: Logs): Verdict | Promise<Verdict>;
  onBatchEnd?(batch: number, logs?: Logs): Verdict | Promise<Verdict>;
}

/** Options of a training run of your own loop. */
export interface TrainerOptions {
  /**
   * Images for the validation AUC of every epoch (both classes labelled) and for the threshold at the
   * end (the normal ones; images without labels count as normal). Never the test set.
   *
   * @defaultValue none: no AUC and no threshold
   */
  readonly validation?: Images;
  /** Aborts between two steps; the call rejects with `signal.reason`, the model stays usable. @defaultValue none */
  readonly signal?: AbortSignal;
  /**
   * Go on from where the run stopped, or the loaded checkpoint was written, to exactly the uninterrupted run.
   *
   * @defaultValue false
   */
  readonly resume?: boolean;
  /**
   * Threads that read, prepare and vary images while the network learns, `imagePool` in
   * 'salad-ad/node' say; yours to dispose. The run is the same for any number of them, and for none.
   *
   * @defaultValue none: the thread of the caller does it all
   */
  readonly imagePool?: ImagePool;
  /**
   * Told when the threshold at the end rests on fewer neighbours or normals than it should, and when the model's seed
   * does not reach its backbone.
   *
   * @defaultValue none
   */
  readonly onWarning?: (warning: SaladWarning) => void;
}

/** Options of a training run. */
export interface TrainOptions extends TrainerOptions {
  /** Where the model is saved while it trains, with all that a resumed run needs. @defaultValue none */
  readonly checkpoint?: io.IOHandler | string;
  /** Epochs between two checkpoints. Whole number, at least 1. @defaultValue 1 */
  readonly checkpointEvery?: number;
}

/** Options of `fit`. */
export interface FitOptions extends TrainOptions {
  /** Told of epochs and steps; one that returns false stops the run. @defaultValue none */
  readonly callbacks?: SaladCallbacks;
}

export const trainerOptionNames = ['validation', 'signal', 'resume', 'imagePool', 'onWarning'];
export const trainOptionNames = [...trainerOptionNames, 'checkpoint', 'checkpointEvery'];
export const fitOptionNames = [...trainOptionNames, 'callbacks'];
