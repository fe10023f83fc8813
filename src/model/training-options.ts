import type { io } from '@tensorflow/tfjs-core';
import type { SaladWarning } from '../core/warning.js';
import type { ImagePool } from '../data/image-job.js';
import type { Images } from '../learning/as-source.js';
import type { SaladCallbacks } from './training-loop.js';

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
  readonly checkpoint?: io.IOHandler | string;
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
