import type { io } from '@tensorflow/tfjs-core';
import type { ImagePool } from '../data/image-job.js';
import type { Images } from '../learning/as-source.js';
import { checkCallbacks, checkImagePool } from '../learning/run-checks.js';
import { checkKnownOptions, type OptionNames } from '../support/check.js';
import { checkBoolean, checkFunction, checkSignal } from '../support/check-kinds.js';
import type { SaladWarning } from '../support/warning.js';
import { type CalibrationOptions, checkCalibrationOfFit } from './calibrated.js';
import { settingHint } from './options.js';

/**
 * Callbacks of `fit`, named and called as in tfjs-layers' `CustomCallbackArgs`; one that returns false, or a promise of
 * it, stops the run.
 *
 * @example
 * const callbacks: SaladCallbacks = {
 *   onEpochEnd: (epoch, logs) => console.log(epoch, logs?.loss),
 * };
 */
export interface SaladCallbacks {
  /**
   * Called before the first epoch.
   *
   * @param logs left out.
   * @returns false to stop the run.
   */
  onTrainBegin?(
    logs?: Record<string, number>,
    // biome-ignore lint/suspicious/noConfusingVoidType: a callback may return nothing
  ): boolean | void | Promise<boolean | void>;
  /**
   * Called once the model is ready to score.
   *
   * @param logs left out.
   * @returns anything; it is too late to stop.
   */
  onTrainEnd?(
    logs?: Record<string, number>,
    // biome-ignore lint/suspicious/noConfusingVoidType: a callback may return nothing
  ): boolean | void | Promise<boolean | void>;
  /**
   * Called before each epoch.
   *
   * @param epoch from 0.
   * @param logs left out.
   * @returns false to stop the run.
   */
  onEpochBegin?(
    epoch: number,
    logs?: Record<string, number>,
    // biome-ignore lint/suspicious/noConfusingVoidType: a callback may return nothing
  ): boolean | void | Promise<boolean | void>;
  /**
   * Called after each epoch.
   *
   * @param epoch from 0.
   * @param logs the numbers of its `EpochLog`, and `done`, `total` and `secondsLeft`.
   * @returns false to stop the run.
   */
  onEpochEnd?(
    epoch: number,
    logs?: Record<string, number>,
    // biome-ignore lint/suspicious/noConfusingVoidType: a callback may return nothing
  ): boolean | void | Promise<boolean | void>;
  /**
   * Called before each step.
   *
   * @param batch the step, within its epoch, from 0.
   * @param logs left out.
   * @returns false to stop the run.
   */
  onBatchBegin?(
    batch: number,
    logs?: Record<string, number>,
    // biome-ignore lint/suspicious/noConfusingVoidType: a callback may return nothing
  ): boolean | void | Promise<boolean | void>;
  /**
   * Called after each step.
   *
   * @param batch the step, within its epoch, from 0.
   * @param logs the numbers of its `StepLog`, `batch` and `size`.
   * @returns false to stop the run.
   */
  onBatchEnd?(
    batch: number,
    logs?: Record<string, number>,
    // biome-ignore lint/suspicious/noConfusingVoidType: a callback may return nothing
  ): boolean | void | Promise<boolean | void>;
}

/**
 * Options of `SaladModel.fit`. `train` has them too but for the callbacks, and `trainer` but for callbacks and checkpoints,
 * since a loop of your own does that.
 */
export interface FitOptions {
  /**
   * Images for the validation AUC of every epoch (both classes labelled) and for the threshold at the
   * end (the normal ones; images without labels count as normal). Never the test set.
   *
   * @defaultValue none: no AUC and no threshold
   */
  readonly validation?: Images;
  /**
   * How the threshold is set at the end, as options of `calibrate`; `sensitivity` needs validation images of both classes.
   *
   * @defaultValue `{ quantile: 0.95 }`
   */
  readonly calibration?: Omit<CalibrationOptions, 'onWarning'>;
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
   * 'salad-ad/node' for one; yours to dispose. The run is the same for any number of them, and for none.
   *
   * @defaultValue none: the thread of the caller does it all
   */
  readonly imagePool?: ImagePool;
  /**
   * Called when training images are labelled abnormal, when a source doubts its labels, when the threshold at the end depends
   * on fewer neighbours or normals than it should, and when the model's seed does not reach its backbone.
   *
   * @defaultValue none
   */
  readonly onWarning?: (warning: SaladWarning) => void;
  /** Where the model is saved while it trains, with all that a resumed run needs. @defaultValue none */
  readonly checkpoint?: io.IOHandler | string;
  /** Epochs between two checkpoints. Whole number, at least 1. @defaultValue 1 */
  readonly checkpointEvery?: number;
  /** Prints warnings, a line after every epoch, and at the end what the threshold promises. @defaultValue false */
  readonly verbose?: boolean;
  /** Called around epochs and steps; one that returns false stops the run. @defaultValue none */
  readonly callbacks?: SaladCallbacks;
}

/** Options of `SaladModel.train`. */
export type TrainOptions = Omit<FitOptions, 'callbacks'>;

/** Options of `SaladModel.trainer`. */
export type TrainerOptions = Omit<TrainOptions, 'checkpoint' | 'checkpointEvery' | 'verbose'>;

export const trainerOptionNames: OptionNames<TrainerOptions> = {
  validation: true,
  calibration: true,
  signal: true,
  resume: true,
  imagePool: true,
  onWarning: true,
};
export const trainOptionNames: OptionNames<TrainOptions> = {
  ...trainerOptionNames,
  checkpoint: true,
  checkpointEvery: true,
  verbose: true,
};
export const fitOptionNames: OptionNames<FitOptions> = { ...trainOptionNames, callbacks: true };

const callbackNames: OptionNames<SaladCallbacks> = {
  onTrainBegin: true,
  onTrainEnd: true,
  onEpochBegin: true,
  onEpochEnd: true,
  onBatchBegin: true,
  onBatchEnd: true,
};

/** Options of a run before anything is called or read. @throws UNKNOWN_OPTION | INVALID_OPTION */
export function checkRunOptions<Options extends FitOptions>(
  where: string,
  options: Options,
  known: OptionNames<NoInfer<Options>>,
): void {
  checkKnownOptions(where, options, known, settingHint);
  checkSignal(where, options.signal);
  checkBoolean(where, 'resume', options.resume);
  checkBoolean(where, 'verbose', options.verbose);
  checkImagePool(where, options.imagePool);
  checkFunction(where, 'onWarning', options.onWarning);
  checkCallbacks(where, options.callbacks, callbackNames);
  checkCalibrationOfFit(where, options);
}
