import type { ImagePool } from '../data/image-job.js';
import { check, checkKnownOptions, type OptionNames } from '../support/check.js';
import { checkFunction } from '../support/check-kinds.js';

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

/** Functions under known names; what else a class of callbacks keeps is its own. @throws UNKNOWN_OPTION | INVALID_OPTION */
export function checkCallbacks<Callbacks extends object>(
  where: string,
  callbacks: Callbacks | undefined,
  known: OptionNames<Callbacks>,
): void {
  if (callbacks === undefined) return;
  check(
    typeof callbacks === 'object' && callbacks !== null,
    'INVALID_OPTION',
    () =>
      `${where}: callbacks is ${String(callbacks)}; expected an object with ${Object.keys(known).join(', ')}.`,
  );
  for (const name of Object.keys(known))
    checkFunction(where, `callbacks.${name}`, callbacks[name as keyof Callbacks]);
  const functions = Object.entries(callbacks).filter(([, value]) => typeof value === 'function');
  const given = Object.fromEntries(functions) as Callbacks;
  checkKnownOptions<Callbacks>(`${where}: callbacks`, given, known);
}

/** Threads that can be given a job. @throws INVALID_OPTION */
export function checkImagePool(where: string, pool: ImagePool | undefined): void {
  check(
    pool === undefined || (typeof pool?.run === 'function' && pool.concurrency >= 1),
    'INVALID_OPTION',
    () =>
      `${where}: imagePool has no run() and concurrency; expected an ImagePool, imagePool() of 'salad-ad/node' for one.`,
  );
}
