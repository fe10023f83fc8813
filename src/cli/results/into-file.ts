import { rm } from 'node:fs/promises';
import type { Speaker } from '../frame/command.js';
import { exitCodes } from '../frame/exit-codes.js';
import { Failure, told } from '../frame/failure.js';
import { hold } from '../frame/outputs.js';
import { KeptRows, rowsOfPart } from './kept-rows.js';
import { joined, type RowSet } from './row-set.js';
import { pace } from './scorer.js';
import { keyOf, type ScoreRun, scored, started } from './scoring.js';
import { selectRows } from './select-rows.js';
import { sendBack } from './send-back.js';
import { filesOf, partPath, type Shard } from './shard.js';
import { writeTable } from './table.js';

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
  const place = run.shard ? partPath(out, run.shard) : out;
  const release = await hold(place);
  try {
    const key = await keyOf(run, await started(run));
    return run.shard
      ? await partOf(run, run.shard, { out, place, key }, say)
      : await whole(run, { out, place, key }, say);
  } finally {
    await release();
  }
}

interface Place {
  /** Of the table. */
  readonly out: string;
  /** Of the rows of this run. */
  readonly place: string;
  readonly key: string;
}

async function whole(run: ScoreRun, { out, place, key }: Place, say: Speaker) {
  const kept = await keptRows(run, run.all, `${place}.partial`, key, say);
  await writeRows(run, out, kept, say);
  // Rows stay until all are sent: then the same line goes on with sending.
  await sendBack(run, run.all, kept, place, say);
  await kept.remove();
  return kept;
}

async function partOf(run: ScoreRun, shard: Shard, { out, place, key }: Place, say: Speaker) {
  const part = (number: number) => {
    const one = { number, of: shard.of };
    return { path: partPath(out, one), files: filesOf(run.all, one) };
  };
  const { files } = part(shard.number);
  let own = await rowsOfPart(place, key, files.length);
  if (own) await sendBack(run, files, own, place, say);
  else {
    const kept = await keptRows(run, files, `${place}.partial`, key, say);
    await sendBack(run, files, kept, place, say);
    await kept.rename(place);
    own = kept;
  }
  const parts = Array.from({ length: shard.of }, (_, i) => part(i + 1));
  const all = await Promise.all(
    parts.map(({ path, files: { length } }) => rowsOfPart(path, key, length)),
  );
  if (!all.every((rows) => rows !== undefined)) {
    say.note(`part ${shard.number} of ${shard.of} is done; the last part to end writes '${out}'`);
    return own;
  }
  const rows = joined(all);
  await writeRows(run, out, rows, say);
  await Promise.all(parts.map(({ path }) => rm(path, { force: true })));
  return rows;
}

/** Scores the files that no earlier run has scored; what fails says how many are kept. */
async function keptRows(
  run: ScoreRun,
  files: readonly string[],
  path: string,
  key: string,
  say: Speaker,
): Promise<KeptRows> {
  const kept = await KeptRows.open(path, key, files.length);
  const before = kept.count;
  if (before > 0) say.note(`going on after ${before} of ${files.length} files`);
  const began = performance.now();
  try {
    for await (const chunk of scored(run, files, before, say)) await kept.append(chunk);
    await kept.close();
  } catch (error) {
    await kept.close().catch(() => {});
    const state = `${kept.count} of ${files.length} files are scored and kept in '${path}'; give the same line again to go on`;
    if (say.signal.aborted) throw new Failure(exitCodes.interrupted, `interrupted; ${state}`);
    const { exitCode, message } = told(error);
    throw new Failure(exitCode, `${message} (${state})`, { cause: error });
  }
  if (files.length > before) say.note(pace(files.length - before, performance.now() - began));
  return kept;
}

async function writeRows(
  { format, given }: ScoreRun,
  out: string,
  rows: RowSet,
  say: Speaker,
): Promise<void> {
  const { falseDiscoveries: rate } = given;
  const chosen = rate === undefined ? rows : await selectRows(rows, rate, say);
  await writeTable(out, format, chosen.read());
  say.note(
    `wrote ${rows.count} ${rows.count === 1 ? 'row' : 'rows'} to '${out}'; \`salad-ad evaluate ${out} --labelled FOLDER\` judges them where labels are known`,
  );
}
