import { rm, stat } from 'node:fs/promises';
import type { Speaker } from '../frame/command.js';
import { type Held, hold } from '../frame/hold.js';
import { keptRun } from './kept-run.js';
import { findParts, type Part } from './parts.js';
import { joined, type RowSet } from './row-set.js';
import type { ScoreRun } from './scoring.js';
import { sendBack } from './send-back.js';
import { filesOf, partPath, type Shard } from './shard.js';
import { listPath, sharedList } from './shared-list.js';
import { writeRows } from './write-rows.js';

/** Rows of a part into a file of its own; the part that ends last joins all of them. */
export async function intoPart(
  asking: ScoreRun,
  shard: Shard,
  { out, key }: { readonly out: string; readonly key: string },
  say: Speaker,
): Promise<Pick<RowSet, 'count' | 'unread'>> {
  const whole = partPath(out, shard);
  const held = await hold(whole, { say });
  try {
    const run = { ...asking, all: await sharedList(asking, out, key, say) };
    const files = filesOf(run.all, shard);
    const parts = Array.from({ length: shard.of }, (_, i) => {
      const one = { number: i + 1, of: shard.of };
      return { path: partPath(out, one), files: filesOf(run.all, one) };
    });
    const kept = await keptRun(run, files, { path: `${whole}.partial`, whole, key }, held, say);
    try {
      const table = await join(run, parts, { out, key }, held, say);
      if (!table)
        say.note(
          `part ${shard.number} of ${shard.of} is done; the last part to end writes '${out}'`,
        );
      await sendBack(run, files, kept, { path: whole, held }, say);
      await held.check();
      if (run.given.sendBack) await kept.append([], { ...kept.last, sent: true });
      await tidy(run, parts, { out, key }, say);
      return table ?? { count: kept.count, unread: kept.unread };
    } finally {
      await kept.close();
    }
  } finally {
    await held.release();
  }
}

/**
 * Writes the table where all parts are whole; one at a time, so that each sees all of the others.
 *
 * @returns its rows; undefined where a part is still to come
 */
async function join(
  run: ScoreRun,
  parts: readonly Part[],
  { out, key }: { readonly out: string; readonly key: string },
  part: Held,
  say: Speaker,
): Promise<Pick<RowSet, 'count' | 'unread'> | undefined> {
  const held = await hold(`${out}.join`, { wait: true, say });
  try {
    const found = await findParts(parts, key);
    try {
      if (found.length < parts.length) return undefined;
      const rows = joined(found);
      for (const one of [part, held]) await one.check();
      await writeRows(run, out, rows, say);
      await rm(listPath(out), { force: true });
      return { count: rows.count, unread: rows.unread };
    } finally {
      for (const part of found) await part.close();
    }
  } finally {
    await held.release();
  }
}

/** Removes the parts once the table has all of them and nothing is left to do: no film to be read again, no result to be sent. */
async function tidy(
  { given }: ScoreRun,
  parts: readonly Part[],
  { out, key }: { readonly out: string; readonly key: string },
  say: Speaker,
): Promise<void> {
  const held = await hold(`${out}.join`, { wait: true, say });
  try {
    // A part may have become whole since, whose run is about to write the table.
    if (await stat(listPath(out)).catch(() => undefined)) return;
    const found = await findParts(parts, key);
    const done = found.filter(({ unread, last }) => unread === 0 && (last.sent || !given.sendBack));
    for (const part of found) await part.close();
    if (done.length < parts.length) return;
    await held.check();
    for (const { path } of parts) await rm(path, { force: true });
  } finally {
    await held.release();
  }
}
