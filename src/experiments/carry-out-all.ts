import { inParallel } from '../support/in-parallel.js';
import { paceOf } from '../support/pace.js';
import type { Cell, PlannedRun } from './plan.js';
import type { RunFolder } from './run-folder.js';
import type { RunExperimentOptions } from './run-options.js';
import type { RunRecord } from './run-record.js';

/** Runs that are to be carried out, each once though several cells may share it. */
export function runsLeft(
  cells: readonly Cell[],
  folder: RunFolder,
  { only, retryFailed }: RunExperimentOptions,
): PlannedRun[] {
  const runs = new Map(cells.map(({ run }) => [run.id, run]));
  return [...runs.values()].filter((run) => {
    const there = folder.get(run);
    const stands = there && !(there.status === 'failed' && retryFailed);
    return !stands && (!only || only.includes(run.id));
  });
}

/** Carries runs out, `concurrency` at once, and reports each. */
export async function carryOutAll(
  runs: readonly PlannedRun[],
  folder: RunFolder,
  {
    carryOut,
    concurrency = 1,
    signal,
    onProgress,
  }: RunExperimentOptions & { readonly carryOut: (run: PlannedRun) => Promise<void> },
): Promise<void> {
  const progress = paceOf(runs.length);
  let done = 0;
  await inParallel(concurrency, { end: runs.length }, async (i) => {
    signal?.throwIfAborted();
    const run = await attempt(runs[i], carryOut, folder, signal);
    done += 1;
    onProgress?.({ ...progress(done), run });
  });
}

/** The run's record, stored as failed where carrying it out left none. */
async function attempt(
  run: PlannedRun,
  carryOut: (run: PlannedRun) => Promise<void>,
  folder: RunFolder,
  signal: AbortSignal | undefined,
): Promise<RunRecord> {
  let failure: unknown;
  try {
    await carryOut(run);
  } catch (error) {
    signal?.throwIfAborted();
    failure = error;
  }
  signal?.throwIfAborted();
  return (await folder.readAgain(run)) ?? (await folder.writeFailure(run, failure));
}
