import { paceOf } from '../support/pace.js';
import type { Progress } from '../support/progress.js';
import type { EpochLog } from './history.js';
import { epochText } from './progress-text.js';
import type { StepLog, Trainer } from './trainer.js';
import type { SaladCallbacks } from './training-options.js';

/**
 * Runs what is left of a training run, an epoch a turn, and makes the model ready to score: at the end, where the
 * caller breaks off, and as far as it can be after a failure, which is then the error that the caller gets.
 *
 * @param options.signal whose abort after the last step, during a validation say, is the caller's error too.
 * @param options.checkpoint called after every `checkpointEvery` epochs, and once the model is ready.
 * @returns through the generator's return value, whether a callback stopped the run.
 */
export async function* runEpochs(
  trainer: Trainer,
  options: {
    readonly callbacks?: SaladCallbacks;
    readonly signal?: AbortSignal;
    readonly checkpoint?: () => Promise<unknown>;
    readonly checkpointEvery: number;
    /** Takes a line after every epoch. */
    readonly print?: (line: string) => void;
  },
): AsyncGenerator<EpochLog & Progress, boolean> {
  const { callbacks = {}, signal, checkpoint, checkpointEvery, print } = options;
  let failed = false;
  let stopped: boolean | undefined;
  try {
    const epochs = epochsOf(trainer, callbacks);
    let turn = await epochs.next();
    for (; !turn.done; turn = await epochs.next()) {
      print?.(epochText(turn.value));
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
    if (stopped !== undefined) {
      await checkpoint?.();
      signal?.throwIfAborted();
    }
  }
}

/** The epochs of a trainer, with their callbacks; returns whether one of those stopped the run. */
async function* epochsOf(
  trainer: Trainer,
  callbacks: SaladCallbacks,
): AsyncGenerator<EpochLog & Progress, boolean> {
  const progressOf = paceOf(trainer.epochs, trainer.epoch);
  while (!trainer.done) {
    const { epoch, stepInEpoch } = trainer;
    if (stepInEpoch === 0 && (await callbacks.onEpochBegin?.(epoch)) === false) return true;
    if ((await callbacks.onBatchBegin?.(stepInEpoch)) === false) return true;
    const { epochEnd, ...log } = await trainer.step();
    if ((await callbacks.onBatchEnd?.(stepInEpoch, batchLogs(log))) === false) return true;
    if (!epochEnd) continue;
    const progress = { ...epochEnd, ...progressOf(trainer.epoch) };
    yield progress;
    if ((await callbacks.onEpochEnd?.(epoch, progress)) === false) return true;
  }
  return false;
}

function batchLogs(log: Omit<StepLog, 'epochEnd'>): Record<string, number> {
  return { batch: log.step, size: log.batchSize, ...log };
}
