import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { MonitoredFilm } from 'salad-ad/monitor';
import { command } from '../frame/command.js';
import { exitCodes } from '../frame/exit-codes.js';
import { misused, unusable } from '../frame/failure.js';
import { library } from '../frame/library.js';
import { readScores } from '../results/read-scores.js';
import type { Row } from '../results/row.js';
import { writeWhole } from '../results/write-whole.js';

/** A monitor, and how many rows of each table it has taken in. */
interface Kept {
  readonly monitor: unknown;
  readonly tables: Readonly<Record<string, { readonly rows: number; readonly names: string }>>;
}

/** `salad-ad watch`. */
export const watch = command({
  name: 'watch',
  usage: 'SCORES --state FILE.json [--reference SCORES] [--out PAGE.html]',
  examples: [
    [
      'salad-ad watch monday.csv --state drift.json --reference validation.csv',
      'begins: are the films of monday.csv like those of validation.csv?',
    ],
    [
      'salad-ad watch tuesday.csv --state drift.json --out drift.html',
      'goes on with the next table, and writes a page',
    ],
  ],
  details:
    'A table may grow: only rows that came since the last time are taken. An alarm says that films changed, not why, and not that scores are wrong; where nothing changes, its chance is at most --false-alarms, ever. Begin with a new state file after you have looked into it.',
  options: {
    state: {
      type: 'text',
      value: 'FILE',
      lineOnly: true,
      help: 'what was seen so far; made where it is missing',
    },
    reference: {
      type: 'text',
      value: 'SCORES',
      lineOnly: true,
      help: 'a table of films as they were before, for a state that begins',
    },
    falseAlarms: {
      type: 'number',
      min: 1e-9,
      max: 0.5,
      help: 'highest chance of an alarm where nothing changes, for a state that begins; default 0.01',
    },
    window: {
      type: 'number',
      value: 'N',
      min: 10,
      whole: true,
      help: 'films of a window; default 200',
    },
    out: { type: 'text', value: 'FILE', lineOnly: true, help: 'a page of what was found' },
  },
  async run([path], given, say) {
    if (!path) throw misused('no table is named; give one that `salad-ad score --out` wrote');
    if (!given.state)
      throw misused('--state is missing; name the file of what was seen, drift.json say');
    const { DriftMonitor } = library('salad-ad/monitor');
    const before = await keptIn(given.state);
    if (
      before &&
      (given.reference || given.falseAlarms !== undefined || given.window !== undefined)
    )
      throw misused(
        `'${given.state}' has begun already; leave out --reference, --false-alarms and --window, or name another state file`,
      );
    const monitor = before
      ? DriftMonitor.fromJSON(before.monitor)
      : new DriftMonitor({
          ...(given.reference && { reference: (await readScores(given.reference)).map(filmOf) }),
          ...(given.falseAlarms !== undefined && { falseAlarmRate: given.falseAlarms }),
          ...(given.window !== undefined && { window: given.window }),
        });
    const rows = await readScores(path);
    const seen = before?.tables[path];
    if (seen && namesOf(rows.slice(0, seen.rows)) !== seen.names)
      throw unusable(
        `'${path}' is not the table whose first ${seen.rows} rows were taken in before; give the new table another name`,
      );
    const fresh = rows.slice(seen?.rows ?? 0);
    for (const row of fresh)
      for (const { stream, film } of monitor.add(filmOf(row)))
        say.warning({
          code: `DRIFT_${stream.toUpperCase()}`,
          message: `the films changed: ${stream === 'score' ? 'their scores' : 'how they can be read'}, noticed at film ${film}`,
        });
    const tables = {
      ...before?.tables,
      [path]: { rows: rows.length, names: namesOf(rows) },
    };
    await writeWhole(given.state, `${JSON.stringify({ monitor, tables })}\n`);
    const summary = monitor.summary();
    if (given.out) {
      const { renderReport } = library('salad-ad/report');
      await writeWhole(given.out, await renderReport({ title: 'Films over time', drift: summary }));
      say.note(`wrote '${given.out}'; open it in a browser`);
    }
    const alarms = summary.streams.filter(({ alarm }) => alarm !== undefined);
    say.print(
      `${fresh.length} new films, ${summary.films} in all: ${alarms.length === 0 ? 'no change found' : alarms.map(({ name, alarm }) => `${name} changed, noticed at film ${alarm}`).join('; ')}`,
    );
    return exitCodes.done;
  },
});

/** The names of films in short: they may name patients, and are in no state. */
const namesOf = (rows: readonly Row[]) =>
  createHash('sha256')
    .update(rows.map(({ file }) => file).join('\n'))
    .digest('hex');

const filmOf = ({ score, pValue, pValueGroup, problem }: Row): MonitoredFilm => ({
  ...(score !== undefined && { score }),
  ...(pValue !== undefined && { pValue }),
  ...(pValueGroup && { group: pValueGroup }),
  ...(problem && { problem: problem.split(':')[0] }),
});

async function keptIn(path: string): Promise<Kept | undefined> {
  const text = await readFile(path, 'utf8').catch((cause) => {
    if (cause.code === 'ENOENT') return undefined;
    throw unusable(`the state '${path}' cannot be read (${cause.code})`);
  });
  if (text === undefined) return undefined;
  const damaged = () =>
    unusable(
      `'${path}' is no state of \`salad-ad watch\`; take an earlier copy, or name another file to begin anew`,
    );
  try {
    const kept = JSON.parse(text) as Kept;
    if (typeof kept?.tables !== 'object' || kept.tables === null) throw damaged();
    return kept;
  } catch {
    throw damaged();
  }
}
