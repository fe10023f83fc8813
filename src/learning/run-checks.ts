import { check } from '../support/check.js';

/** @throws TRAINING_IN_PROGRESS where a fit of the same detector is running. */
export function checkNotTraining(where: string, training: boolean): void {
  check(
    !training,
    'TRAINING_IN_PROGRESS',
    () =>
      `${where}: fit or train of this model is running; expected one run at a time; wait for it to end, or train a model of its own.`,
  );
}

/** @throws TRAINING_DIVERGED where the loss of a step is no longer a number. */
export function checkLoss(
  where: string,
  loss: number,
  { step, epoch }: { readonly step: number; readonly epoch: number },
): void {
  check(
    Number.isFinite(loss),
    'TRAINING_DIVERGED',
    () =>
      `${where}: the loss is ${loss} in step ${step} of epoch ${epoch}; expected a finite number. Lower the learningRate, and check that the imageNormalization leaves moderate values.`,
  );
}
