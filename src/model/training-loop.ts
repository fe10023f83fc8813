import { hostTurns } from '../support/host.js';
import type { EpochLog } from './history.js';
import type { StepLog, Trainer } from './trainer.js';

/** An epoch's log, and how far the run has come. */
export interface EpochProgress extends EpochLog {
  /** Epochs of the whole run. */
  readonly epochs: number;
  /** Estimated from the epochs of this call. */
  readonly secondsLeft: number;
}

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

/**
 * Runs what is left of a training run, an epoch a turn.
 *
 * @returns through the generator's return value, whether a callback stopped the run.
 */
export async function* runEpochs(
  trainer: Trainer,
  callbacks: SaladCallbacks = {},
): AsyncGenerator<EpochProgress, boolean> {
  const started = performance.now();
  const firstEpoch = trainer.epoch;
  const giveHostItsTurn = hostTurns();
  while (!trainer.done) {
    const { epoch, stepInEpoch } = trainer;
    if (stepInEpoch === 0 && (await callbacks.onEpochBegin?.(epoch)) === false) return true;
    if ((await callbacks.onBatchBegin?.(stepInEpoch)) === false) return true;
    const { epochEnd, ...log } = await trainer.step();
    if ((await callbacks.onBatchEnd?.(stepInEpoch, batchLogs(log))) === false) return true;
    await giveHostItsTurn();
    if (!epochEnd) continue;
    const secondsPerEpoch = (performance.now() - started) / 1000 / (trainer.epoch - firstEpoch);
    const secondsLeft = secondsPerEpoch * (trainer.epochs - trainer.epoch);
    yield { ...epochEnd, epochs: trainer.epochs, secondsLeft };
    if ((await callbacks.onEpochEnd?.(epoch, { ...epochEnd, secondsLeft })) === false) return true;
  }
  return false;
}

function batchLogs(log: Omit<StepLog, 'epochEnd'>): Logs {
  return { batch: log.step, size: log.batchSize, ...log };
}
