import type { EpochLog } from './history.js';

/** The log of one step; losses are means over its batch. */
export interface StepLog {
  /** From 0. */
  readonly epoch: number;
  /** 0 in pre-training. */
  readonly round: number;
  /** Within the epoch, from 0. */
  readonly step: number;
  /** Steps of every epoch. */
  readonly stepsPerEpoch: number;
  /** Images that were learnt from; 0 where none of the step's could be read. */
  readonly batchSize: number;
  /** The loss as optimised (Eq. 3); NaN, the mean of nothing, where `batchSize` is 0. */
  readonly loss: number;
  /** Mean reconstruction loss per image; absent where it is switched off. */
  readonly reconstruction?: number;
  /** Mean latent loss per image, nats; absent where it is switched off. */
  readonly latent?: number;
  /** The log of the epoch; absent but after its last step. */
  readonly epochEnd?: EpochLog;
}

/**
 * Training, a step at a time; `SaladModel.trainer` makes one.
 *
 * @example
 * const trainer = await model.trainer(images);
 * while (!trainer.done) {
 *   const { loss, epochEnd } = await trainer.step();
 * }
 * await trainer.finish();
 */
export interface Trainer {
  /** Epochs of the whole run. */
  readonly epochs: number;
  /** Whether every epoch has been run. */
  readonly done: boolean;
  /** The epoch in progress, from 0. */
  readonly epoch: number;
  /** Steps already run of the epoch in progress. */
  readonly stepInEpoch: number;
  /** The round in progress, or the last one; 0 is pre-training. */
  readonly round: number;
  /**
   * Runs one step.
   *
   * @returns its losses; after the last step of an epoch also the log of the epoch.
   * @throws TRAINING_DIVERGED when the loss is no longer finite; whatever reading the images throws;
   * `signal.reason` once aborted, before anything of the step is done, and after all of it where that is the last step; DISPOSED with its model;
   * TRAINING_IN_PROGRESS while another step or `finish` of the trainer runs, or once a later run of the model has taken over; INVALID_OPTION once all epochs are done;
   * BACKEND_CANNOT_TRAIN; IMAGE_UNREADABLE where no image of an epoch could be read.
   */
  step(): Promise<StepLog>;
  /**
   * Makes the model ready to score: best weights, refreshed bank, threshold. A run that ends before its last
   * epoch may go on afterwards.
   *
   * @throws whatever reading the images throws; where those of the validation cannot be read, the model
   * scores all the same, without a threshold. DISPOSED | TRAINING_IN_PROGRESS, as `step` does
   */
  finish(): Promise<void>;
}
