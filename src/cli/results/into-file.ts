import type { Speaker } from '../frame/command.js';
import { hold } from '../frame/hold.js';
import { intoPart } from './into-part.js';
import { keptRun } from './kept-run.js';
import type { RowSet } from './row-set.js';
import { keyOf, type ScoreRun, started } from './scoring.js';
import { sendBack } from './send-back.js';
import { writeRows } from './write-rows.js';

/**
 * Rows into a file, by way of one that a later run goes on with, and back into the archive where that is asked for; one run at a time.
 *
 * @returns the rows of the table, or of a part of it
 */
export async function intoFile(
  run: ScoreRun,
  out: string,
  say: Speaker,
): Promise<Pick<RowSet, 'count' | 'unread'>> {
  const key = await keyOf(run, await started(run));
  if (run.shard) return intoPart(run, run.shard, { out, key }, say);
  const held = await hold(out, { say });
  try {
    const kept = await keptRun(run, run.all, { path: `${out}.partial`, key }, held, say);
    try {
      await writeRows(run, out, kept, say);
      // Rows stay until all are sent: then the same line goes on with sending.
      await sendBack(run, run.all, kept, { path: out, held }, say);
      // Those of the others stay where some could not be read: --retry goes on with them.
      await held.check();
      if (kept.unread === 0) await kept.remove();
    } finally {
      await kept.close();
    }
    return kept;
  } finally {
    await held.release();
  }
}
