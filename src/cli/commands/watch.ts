import type { DriftMonitor, DriftSummary } from 'salad-ad/monitor';
import { command, type Given, type Option, type Speaker } from '../frame/command.js';
import { exitCodes } from '../frame/exit-codes.js';
import { misused } from '../frame/failure.js';
import { type Held, hold } from '../frame/hold.js';
import { library } from '../frame/library.js';
import { flagOf } from '../frame/names.js';
import { checkFile } from '../frame/outputs.js';
import { watchBeginning } from '../options/watch.js';
import { newMonitor, type ScoreTable, watchedFilms } from '../results/monitored-films.js';
import { readScores } from '../results/read-scores.js';
import { newFilms } from '../results/taken-films.js';
import { traitKinds } from '../results/traits.js';
import { tableName, watchState } from '../results/watch-state.js';
import { writeWhole } from '../results/write-whole.js';

const options = {
  state: {
    type: 'text',
    value: 'FILE',
    lineOnly: true,
    help: 'what was seen so far; made where it is missing',
  },
  ...watchBeginning,
  metadata: {
    type: 'text',
    value: 'FILE',
    lineOnly: true,
    help: 'a table with a column file and those of --numbers and --categories that SCORES lacks, as `salad-ad check --table` writes it',
  },
  out: { type: 'text', lineOnly: true, value: 'FILE', help: 'a page of what was found' },
} as const satisfies Readonly<Record<string, Option>>;

/** `salad-ad watch`. */
export const watch = command({
  name: 'watch',
  usage: 'SCORES --state FILE.json [--reference SCORES] [--out PAGE.html]',
  paths: 1,
  examples: [
    [
      'salad-ad watch monday.csv --state drift.json --reference validation.csv --model model',
      'begins: are the films of monday.csv like those of validation.csv?',
    ],
    [
      'salad-ad watch tuesday.csv --state drift.json --out drift.html',
      'goes on with the next table, and writes a page',
    ],
    [
      'salad-ad watch monday.csv --state drift.json --numbers brightness,width --categories view --metadata films.csv',
      'begins, and watches what `salad-ad check films --table films.csv` found of the films too',
    ],
  ],
  details:
    'A table may grow, also between its rows: only films that were not taken yet are. An alarm says that films changed, not why, and not that scores are wrong; where nothing changes, its chance is at most --false-alarms, ever. Begin with a new state file after you have looked into it.',
  options,
  async run([path], given, say) {
    if (!path) throw misused('no table is named; give one that `salad-ad score --out` wrote');
    const { state, out } = given;
    if (!state) throw misused('--state is missing; name the file of what was seen, drift.json say');
    for (const file of [state, out]) if (file) await checkFile(file);
    // Of two at once, one would lose the rows of the other.
    const held = await hold(state, { say });
    try {
      const table = { path, rows: await readScores(path) };
      return await watched(table, { ...given, state, held }, say);
    } finally {
      await held.release();
    }
  },
});

async function watched(
  table: ScoreTable,
  given: Given<typeof options> & { readonly state: string; readonly held: Held },
  say: Speaker,
): Promise<number> {
  const { state, metadata, out, held } = given;
  const before = await watchState(state);
  const late = (Object.keys(watchBeginning) as (keyof typeof watchBeginning)[])
    .filter((name) => given[name] !== undefined)
    .map((name) => `--${flagOf(name)}`);
  if (before && late.length > 0)
    throw misused(
      `'${state}' has begun already; leave out ${late.join(' and ')}, or name another state file`,
    );
  const traits = before?.traits ?? traitKinds(given);
  if (Object.keys(traits).length === 0 && (metadata ?? given.referenceMetadata) !== undefined)
    throw misused(
      before
        ? `'${state}' began without --numbers and --categories, so that nothing is watched of --metadata; leave it out, or begin with another state file`
        : 'no column of --metadata is watched; name those in --numbers or --categories',
    );
  const { DriftMonitor: Monitor } = library('salad-ad/monitor');
  const monitor = before
    ? Monitor.fromJSON(before.monitor)
    : await newMonitor(table, traits, given);
  const name = await tableName(table.path, state);
  const { fresh, taken } = newFilms(before?.taken, { ...table, table: name });
  const films = await watchedFilms({ path: table.path, rows: fresh }, traits, metadata);
  for (const film of films) tell(monitor.add(film), say);
  const summary = monitor.summary();
  const page = out ? await pageOf(summary) : undefined;
  await held.check();
  await writeWhole(state, `${JSON.stringify({ monitor, traits, taken })}\n`);
  if (out && page) {
    await writeWhole(out, page);
    say.note(`wrote '${out}'; open it in a browser`);
  }
  say.print(`${fresh.length} new films, ${summary.films} in all: ${alarmsText(summary)}`);
  if (summary.films > 0) say.print(windowText(summary));
  return exitCodes.done;
}

function tell(alarms: ReturnType<DriftMonitor['add']>, say: Speaker): void {
  for (const { stream, film } of alarms) {
    const what = { score: 'their scores', reading: 'how they can be read' }[stream];
    say.warning({
      code: `DRIFT_${stream.toUpperCase()}`,
      message: `the films changed: ${what ?? `their ${stream}`}, noticed at film ${film}`,
    });
  }
}

const pageOf = (drift: DriftSummary): Promise<string> =>
  library('salad-ad/report').renderReport({ title: 'Films over time', drift });

function alarmsText({ streams }: DriftSummary): string {
  const alarms = streams.filter(({ alarm }) => alarm !== undefined);
  if (alarms.length === 0) return 'no change found';
  return alarms.map(({ name, alarm }) => `${name} changed, noticed at film ${alarm}`).join('; ');
}

/** The shares among the last films; those of groups, and how traits lie, are on the page. */
function windowText({ windows: [all] }: DriftSummary): string {
  const shares = [
    ['cannot be read', all.unreadable],
    ['reach the threshold', all.flagged],
    ['score above all normals', all.beyondNormals],
    ['have a p-value up to .05', all.rare],
  ] as const;
  const told = shares.flatMap(([what, share]) =>
    share === undefined ? [] : [`${(100 * share).toFixed(1)}% ${what}`],
  );
  return `of the last ${all.inWindow}: ${told.join(', ')}`;
}
