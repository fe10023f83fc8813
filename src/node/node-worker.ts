// What a thread of this package runs: one export a task. A thread's own state lives in this module.
import Tinypool from 'tinypool';
import { imageJobRunner } from '../data/image-job.js';
import { openRecords as openFolder } from './open-records.js';
import type { LocatedFolder } from './record-source.js';
import type { ScorerStart, ScoringJob, ScoringPart } from './scoring-worker.js';
import { type Outcome, outcomeOf } from './worker-errors.js';
import type { ThreadStart } from './worker-threads.js';

/** What a pool of this package gave the thread; a thread of somebody else's has nothing. */
const start = () => Tinypool.workerData as ThreadStart | undefined;

/** What `locate` of a recordSource names. */
export const openRecords = (folder: LocatedFolder) => openFolder(folder, start()?.threads ?? 1);

const runImageJob = imageJobRunner();

export function prepare(job: Parameters<typeof runImageJob>[0]): Promise<unknown> {
  return moved(() => runImageJob(job));
}

let scorer: Promise<(job: ScoringJob) => Promise<ScoringPart>> | undefined;

export function score(job: ScoringJob): Promise<unknown> {
  return moved(async () => {
    scorer ??= import('./scoring-worker.js').then(({ startScorer }) =>
      startScorer(start()?.data as ScorerStart),
    );
    return (await scorer)(job);
  });
}

/** An outcome whose arrays are handed over rather than copied. */
async function moved<T>(work: () => Promise<T>): Promise<unknown> {
  const outcome: Outcome<T> = await outcomeOf(work);
  const transfer = 'value' in outcome ? buffersOf(outcome.value) : [];
  return Tinypool.move({
    [Tinypool.transferableSymbol]: transfer,
    [Tinypool.valueSymbol]: outcome,
  } as never);
}

function buffersOf(value: unknown): ArrayBuffer[] {
  if (ArrayBuffer.isView(value)) return value.buffer instanceof ArrayBuffer ? [value.buffer] : [];
  if (typeof value !== 'object' || value === null) return [];
  return [...new Set(Object.values(value).flatMap(buffersOf))];
}
