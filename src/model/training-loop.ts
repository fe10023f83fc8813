import { hostTurns } from '../support/host.js';
import type { EpochLog } from './history.js';
import type { StepLog, Trainer } from './trainer.js';
import type { SaladCallbacks } from './training-options.js';

/** An epoch's log, and how far the run has come. */
export interface EpochProgress extends EpochLog {
  /** Epochs done, those before a `resume` too. */
  readonly done: number;
  /** Epochs of the whole run. */
  readonly total: number;
  /** Estimated from the epochs of this call. */
  readonly secondsLeft: number;
}

/**
 * Runs what is left of a training run, an epoch a turn, and makes the model ready to score: at the end, where the
 * caller breaks off, and as far as it can be after a failure, which then is what gets told.
 *
 * @param options.checkpoint called after every `checkpointEvery` epochs, and once the model is ready.
 * @returns through the generator's return value, whether a callback stopped the run.
 */
export async function* runEpochs(
  trainer: Trainer,
  options: {
    readonly callbacks?: SaladCallbacks;
    readonly checkpoint?: () => Promise<unknown>;
    readonly checkpointEvery: number;
  },
): AsyncGenerator<EpochProgress, boolean> {
  const { callbacks = {}, checkpoint, checkpointEvery } = options;
  let failed = false;
  let stopped: boolean | undefined;
  try {
    const epochs = epochsOf(trainer, callbacks);
    let turn = await epochs.next();
    for (; !turn.done; turn = await epochs.next()) {
      if (turn.value.done % checkpointEvery === 0) await checkpoint?.();
      yield turn.value;
    }
    stopped = turn.value;
    return stopped;
  } catch (error) {
    failed = true;
    throw error;
  } finally {
    await trainer.finish().catch((error) => {
      if (!failed) throw error;
    });
    if (stopped !== undefined) await checkpoint?.();
  }
}

/** The epochs of a trainer, with their callbacks; returns whether one of those stopped the run. */
async function* epochsOf(
  trainer: Trainer,
  callbacks: SaladCallbacks,
): AsyncGenerator<EpochProgress, boolean> {
  const started = performance.now();
  const firstEpoch = trainer.epoch;
  const total = trainer.epochs;
  const giveHostItsTurn = hostTurns();
  while (!trainer.done) {
    const { epoch, stepInEpoch } = trainer;
    if (stepInEpoch === 0 && (await callbacks.onEpochBegin?.(epoch)) === false) return true;
    if ((await callbacks.onBatchBegin?.(stepInEpoch)) === false) return true;
    const { epochEnd, ...log } = await trainer.step();
    if ((await callbacks.onBatchEnd?.(stepInEpoch, batchLogs(log))) === false) return true;
    await giveHostItsTurn();
    if (!epochEnd) continue;
    const done = trainer.epoch;
    const secondsPerEpoch = (performance.now() - started) / 1000 / (done - firstEpoch);
    const progress = { ...epochEnd, done, total, secondsLeft: secondsPerEpoch * (total - done) };
    yield progress;
    if ((await callbacks.onEpochEnd?.(epoch, progress)) === false) return true;
  }
  return false;
}

function batchLogs(log: Omit<StepLog, 'epochEnd'>): Record<string, number> {
  return { batch: log.step, size: log.batchSize, ...log };
}
