import type { Speaker } from '../frame/command.js';
import { exitCodes } from '../frame/exit-codes.js';
import { Failure, misused, onTheLine, unusable } from '../frame/failure.js';
import type { Held } from '../frame/hold.js';
import type { ModelPlace } from '../frame/load-model.js';
import { GIVE_UP } from '../images/watched-films.js';
import { resultMaker } from './result-maker.js';
import type { Row } from './row.js';
import type { RowSet } from './row-set.js';
import type { ScoreRun } from './scoring.js';
import { SentList } from './sent-list.js';

/** @throws Failure where a line asks for what cannot be sent, or could come back as a film */
export function checkSendBack(
  given: {
    readonly sendBack?: string;
    readonly dicomweb?: string;
    readonly query?: string;
    readonly out?: string;
  },
  place: ModelPlace,
): void {
  if (!given.sendBack) return;
  if (!given.dicomweb) throw misused('--send-back needs --dicomweb URL, where results go');
  if (!given.out) throw misused('--send-back needs --out FILE, so that no result is lost');
  const asked = [...new URLSearchParams(given.query)];
  const modalities = asked.filter(([name]) => /^(Modality|00080060)$/i.test(name));
  // SR and OT are those of results; an empty value and wildcards mean any.
  const ofFilms = (value: string) =>
    value.split(/[,\\]/).every((one) => /^(?!SR$|OT$)[A-Z]+$/.test(one));
  if (!modalities.some(([, value]) => ofFilms(value)))
    throw misused(
      '--send-back needs a --query that names the Modality of films, such as Modality=DX, not SR or OT: results lie in the archive too, and would be taken for films the next time',
    );
  if (given.sendBack === 'capture' && place.kind !== 'salad')
    throw unusable(
      `'${place.path}' has no maps, which --send-back capture is made of; name a folder of \`salad-ad fit\`, or send reports`,
    );
}

/**
 * Stores a result for each film that has a score in the study of the film, where that is asked for. What a server has taken is listed in `PLACE.sent`; a later
 * run sends the rest.
 *
 * @param files of the rows, in their order
 * @throws Failure where some are not sent; rows stay as they are
 */
export async function sendBack(
  run: ScoreRun,
  files: readonly string[],
  rows: RowSet,
  { path: place, held }: { readonly path: string; readonly held: Held },
  say: Speaker,
): Promise<void> {
  const { archive, given } = run;
  if (!archive || !given.sendBack) return;
  const list = await SentList.open(`${place}.sent`);
  const maker = await resultMaker(run, archive, files, say);
  const total = rows.count - rows.unread;
  let [sent, before, inARow] = [0, 0, 0];
  let reason = '';
  const began = performance.now();
  const send = async (some: readonly Pending[]) => {
    await held.check();
    const ended = await Promise.allSettled(some.map(({ row, index }) => maker.send(row, index)));
    await list.add(some.filter((_, i) => ended[i].status === 'fulfilled'));
    for (const one of ended) {
      if (one.status === 'fulfilled') [sent, inARow] = [sent + 1, 0];
      else if (!say.signal.aborted) {
        const { code, message } = Object(one.reason);
        // The last: a list that names another study than the film itself.
        if (!/^(IMAGE_|NOT_STORED|INVALID_OPTION)/.test(code)) throw one.reason;
        [reason, inARow] = [onTheLine(message), inARow + 1];
      }
    }
    const each = (performance.now() - began) / 1000 / Math.max(1, sent);
    const done = before + sent;
    say.progress('results sent', { done, total, secondsLeft: each * (total - done) });
  };
  try {
    let [waiting, index]: [Pending[], number] = [[], -1];
    for await (const row of rows.read()) {
      index += 1;
      if (row.score === undefined) continue;
      const pending = { row, index, film: row.file, said: maker.hashOf(row) };
      if (list.has(pending)) before += 1;
      else waiting.push(pending);
      if (waiting.length < maker.atOnce) continue;
      await send(waiting);
      waiting = [];
      if (say.signal.aborted || inARow >= GIVE_UP) break;
    }
    if (!say.signal.aborted && waiting.length > 0) await send(waiting);
  } finally {
    await maker.end();
    await list.close();
  }
  const state = `${sent + before} of ${total} results are in the archive, as '${place}.sent' lists, and all scores are kept; give the same line again to send the rest`;
  if (say.signal.aborted) throw new Failure(exitCodes.interrupted, `interrupted; ${state}`);
  if (sent + before < total) throw new Failure(exitCodes.incomplete, `${reason} (${state})`);
  const there = before > 0 ? `, beside ${before} that it had` : '';
  say.note(`stored ${sent} ${given.sendBack}s in the archive${there}, marked as research software`);
}

interface Pending {
  readonly row: Row;
  /** Of the film among the files. */
  readonly index: number;
  readonly film: string;
  readonly said: string;
}
