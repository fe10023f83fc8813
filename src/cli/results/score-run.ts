import type { ImageSource, ScoreOptions } from 'salad-ad';
import type { Speaker } from '../frame/command.js';
import { exitCodes } from '../frame/exit-codes.js';
import { Failure, told } from '../frame/failure.js';
import { library } from '../frame/library.js';
import type { FactsOf, FilmFacts } from '../images/film-facts.js';
import type { KeptRow } from './kept-rows.js';
import { ofReadable } from './of-readable.js';
import { type Row, rowsOf } from './row.js';
import type { Scorer } from './scorer.js';

/** Images that are scored and kept at a time; whole batches of the model. */
const CHUNK = 256;

/** How a run is told of what it scores. */
interface Watching {
  readonly groupOf?: (file: string) => string;
  readonly factsOf: FactsOf;
  readonly modelHash: string;
  /** Told of each film that an earlier run may have ended by, before it is read alone, and of nothing at the end of that. */
  readonly alone?: (file?: string) => Promise<void>;
}

/**
 * Scores images and gives their rows in order, chunk by chunk; the next chunk is begun before the last one has ended, so that no thread
 * waits.
 */
export async function* scoredRows(
  scorer: Scorer,
  source: ImageSource,
  { groupOf, factsOf, modelHash, alone }: Watching,
  say: Speaker,
): AsyncGenerator<KeptRow[], void> {
  const { subset } = library('salad-ad/data');
  const options: ScoreOptions = {
    onWarning: (warning) => say.warning(warning),
    signal: say.signal,
    recipe: 'source',
    ...(groupOf && { groups: groupOf }),
  };
  let said = false;
  const score = async (start: number) => {
    const end = Math.min(start + CHUNK, source.length);
    const indices = Array.from({ length: end - start }, (_, i) => start + i);
    const ids = source.ids.slice(start, end);
    const facts = await factsOf(ids);
    const result = await ofReadable(subset(source, indices), (images) =>
      scorer.score(images, options),
    );
    if (result.restsOn && !said) say.note(result.restsOn);
    said ||= result.restsOn !== undefined;
    const known = await facts();
    return rowsOf(result, ids).map((row, i) => witnessed(row, known[i], modelHash));
  };
  const ahead = scorer.threads > 1 ? 1 + Math.ceil((64 * scorer.threads) / CHUNK) : 1;
  if (alone) await readAlone(source, Math.min(source.length, ahead * CHUNK), alone, say);
  const begun: Promise<KeptRow[]>[] = [];
  let any = false;
  for (let next = 0; next < source.length || begun.length > 0; ) {
    while (begun.length < ahead && next < source.length) {
      const rows = score(next);
      // Awaited in its turn; until then an error of it is not unheard.
      rows.catch(() => {});
      begun.push(rows);
      next += CHUNK;
    }
    const rows = await (begun.shift() as Promise<KeptRow[]>);
    any ||= rows.some(({ score }) => score !== undefined);
    if (!any) checkPackages(rows);
    yield rows;
  }
}

function witnessed(row: Row, { changed, ...facts }: FilmFacts, modelHash: string): KeptRow {
  if (!changed) return { ...row, ...facts, modelHash };
  const problem = 'FILE_CHANGED: the file changed while it was scored; score it again';
  return { file: row.file, was: facts.was, modelHash, problem };
}

/** Where the first films all need a package, it is the program's and not theirs. @throws Failure */
function checkPackages(rows: readonly Row[]): void {
  const MISSING = /^MISSING_PEER: /;
  if (!rows.every(({ problem }) => MISSING.test(problem ?? ''))) return;
  const message = rows[0].problem?.replace(MISSING, '') ?? '';
  const error = Object.assign(new Error(message), { name: 'SaladError', code: 'MISSING_PEER' });
  throw new Failure(exitCodes.missing, told(error).message);
}

/** Reads the films that were at hand when an earlier run was killed, so that one that ends this one too is known by its name. */
async function readAlone(
  source: ImageSource,
  films: number,
  alone: (file?: string) => Promise<void>,
  { signal }: Speaker,
): Promise<void> {
  for (let i = 0; i < films && !signal.aborted; i++) {
    await alone(source.ids[i]);
    // What an error says of it is said when it is scored.
    await source.read([i]).catch(() => {});
  }
  await alone();
}
