import type { Speaker } from '../frame/command.js';
import { exitCodes } from '../frame/exit-codes.js';
import { Failure, told } from '../frame/failure.js';
import type { Held } from '../frame/hold.js';
import { factsOfFiles } from '../images/film-facts.js';
import { type KeptRow, KeptRows, type Note } from './kept-rows.js';
import { modelHashOf } from './opened-model.js';
import { pace } from './scorer.js';
import { type ScoreRun, scored } from './scoring.js';

/** Where the rows of a run are kept. */
export interface Place {
  /** While there is something to do. */
  readonly path: string;
  /** Afterwards; as before where absent. */
  readonly whole?: string;
  /** What every row depends on. */
  readonly key: string;
}

/** Ends of a thread, after which a film that ends the process may be at hand. */
const ENDED = ['THREAD_ENDED', 'OUT_OF_MEMORY'];

/**
 * Scores the files that have no row yet, whose file has changed, or, where that is asked for, that could not be read; what fails says how many are kept.
 *
 * @returns the rows of all files, which are to be closed
 */
export async function keptRun(
  run: ScoreRun,
  files: readonly string[],
  { path, whole, key }: Place,
  held: Held,
  say: Speaker,
): Promise<KeptRows> {
  const found = whole === undefined ? undefined : await KeptRows.find(whole, key, files, true);
  const kept = found ?? (await KeptRows.open(path, key, files));
  if (kept.before)
    say.note(
      `'${path}' has rows by another model, backend, recipe or --group-pattern: it is '${kept.before}' now, and this run begins anew`,
    );
  try {
    if (!run.archive) await kept.forgetChanged();
    if (run.given.retry) kept.forgetUnread();
    if (kept.count > 0) say.note(`going on after ${kept.count} of ${files.length} files`);
    if (kept.count < files.length) {
      await kept.rename(path);
      await scoreMissing(run, files, { kept, path }, held, say);
    }
    await held.check();
    if (whole !== undefined) await kept.rename(whole);
    return kept;
  } catch (error) {
    await kept.close();
    throw error;
  }
}

async function scoreMissing(
  run: ScoreRun,
  files: readonly string[],
  { kept, path }: { readonly kept: KeptRows; readonly path: string },
  held: Held,
  say: Speaker,
): Promise<void> {
  // Never into the file of a run that has taken the place.
  const add = async (rows: readonly KeptRow[], note?: Note) => {
    await held.check();
    await kept.append(rows, note);
  };
  const { running: killed, at } = kept.last;
  if (killed && at !== undefined && kept.lacks(at))
    await add([await passedOver(run, at, say)], { running: true });
  const left = kept.missing();
  const before = files.length - left.length;
  const alone = killed
    ? (at?: string) => add([], { running: true, ...(at !== undefined && { at }) })
    : undefined;
  const began = performance.now();
  try {
    await add([], { running: true });
    for await (const chunk of scored(run, left, { before, alone }, say)) await add(chunk);
    await add([], { running: false });
    await kept.sync();
  } catch (error) {
    if (!ENDED.includes(Object(error).code)) await add([], { running: false }).catch(() => {});
    await kept.sync().catch(() => {});
    const state = `${kept.count} of ${files.length} files are scored and kept in '${path}'; give the same line again to go on`;
    if (say.signal.aborted) throw new Failure(exitCodes.interrupted, `interrupted; ${state}`);
    const { exitCode, message } = told(error);
    throw new Failure(exitCode, `${message} (${state})`, { cause: error });
  }
  say.note(pace(left.length, performance.now() - began));
}

/** A film that was alone at hand when the process ended, after it had been among others when one had ended before. */
async function passedOver(
  { archive, place }: ScoreRun,
  file: string,
  say: Speaker,
): Promise<KeptRow> {
  const problem =
    'WORKER_ENDED: the process ended while it read this file, twice; it was passed over';
  const [facts] = archive ? [] : await (await factsOfFiles([file]))();
  const modelHash = await modelHashOf(place);
  // Not by its name, which may be that of a patient, and would stay in logs.
  const message =
    'one film ended the process twice, and was passed over; the column problem of the table says which';
  say.warning({ code: 'WORKER_ENDED', message });
  return { file, ...facts, modelHash, problem };
}
