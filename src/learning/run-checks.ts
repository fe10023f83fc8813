import { check } from '../support/check.js';

/** @throws TRAINING_IN_PROGRESS */
export function checkNotTraining(where: string, training: boolean): void {
  check(
    !training,
    'TRAINING_IN_PROGRESS',
    () =>
      `${where}: fit or train is at work on this model; expected one run at a time; wait for it to end, or train a model of its own.`,
  );
}
