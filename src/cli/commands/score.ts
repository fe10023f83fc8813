import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import type { ImageRecipe } from 'salad-ad';
import { startBackend } from '../frame/backend.js';
import { command, type Speaker } from '../frame/command.js';
import {
  backendOption,
  groupOption,
  scoringModelOption,
  threadsOption,
} from '../frame/common-options.js';
import { exitCodes } from '../frame/exit-codes.js';
import { Failure, misused, told } from '../frame/failure.js';
import { type ModelPlace, modelAt } from '../frame/load-model.js';
import { checkFile, hold } from '../frame/outputs.js';
import { filesByRecipe } from '../images/files-by-recipe.js';
import { findFiles } from '../images/find-files.js';
import { inPath } from '../images/in-path.js';
import { readList } from '../images/read-list.js';
import { KeptRows, readRows } from '../results/kept-rows.js';
import { namingBytes, openedModel } from '../results/opened-model.js';
import type { Row } from '../results/row.js';
import { scoredRows } from '../results/score-run.js';
import { pace } from '../results/scorer.js';
import { filesOf, partPath, type Shard, shardOf } from '../results/shard.js';
import { type Format, formatOf, parquetWriter, tableText, writeTable } from '../results/table.js';

/** `salad-ad score`. */
export const score = command({
  name: 'score',
  usage: 'FILES... --model FOLDER [--out FILE]',
  examples: [
    ['salad-ad score film.dcm --model model', 'one file; the table goes to the standard output'],
    ['salad-ad score films --model model --out scores.csv', 'every image below a folder'],
    [
      "salad-ad score 'films/**/*.png' --model model --format jsonl | jq .score",
      'a pattern, into another program',
    ],
    [
      'salad-ad score films --model model.onnx --out scores.csv',
      'by an exported file, with the package onnxruntime-node',
    ],
    [
      'salad-ad score films --model model --out scores.parquet --shard 1/2',
      'the first half here, --shard 2/2 elsewhere; the last one to end writes the table',
    ],
  ],
  details:
    'A row for each file: score, whether it reaches the threshold (abnormal), the nearest training image, and why a file could not be read. ' +
    'A run with --out that was interrupted goes on where it was when the same line is given again.',
  options: {
    model: scoringModelOption,
    out: {
      type: 'text',
      lineOnly: true,
      value: 'FILE',
      help: 'table to write (.csv, .jsonl, .parquet); default the standard output, as CSV',
    },
    format: {
      type: 'text',
      value: 'NAME',
      choices: ['csv', 'jsonl', 'parquet'],
      help: 'default by the ending of --out',
    },
    list: {
      type: 'text',
      lineOnly: true,
      value: 'FILE',
      help: 'more files, one a line; - is the standard input',
    },
    shard: { type: 'text', lineOnly: true, value: 'I/N', help: 'score part I of N; needs --out' },
    threads: threadsOption,
    groupPattern: groupOption,
    backend: backendOption,
    recipe: {
      type: 'object',
      fileOnly: true,
      help: 'how images are made of files, for a model that does not say',
    },
  },
  async run(paths, given, say) {
    const shard = shardOf(given.shard);
    const format = formatOf(given.format, given.out);
    if (!given.out && (shard || format === 'parquet'))
      throw misused(`${shard ? '--shard' : 'a Parquet file'} needs --out FILE`);
    if (format === 'parquet') await parquetWriter();
    if (given.out) await checkFile(given.out);
    const place = await modelAt(given.model);
    const all = await findFiles([...paths, ...(await readList(given.list))]);
    if (all.length === 0) throw misused('no images are named; give files, folders or patterns');
    const run = { place, all, shard, format, given };
    return given.out ? intoFile(run, given.out, say) : intoOutput(run, say);
  },
});

interface Run {
  readonly place: ModelPlace;
  /** Those of all shards. */
  readonly all: readonly string[];
  readonly shard?: Shard;
  readonly format: Format;
  readonly given: {
    readonly backend?: string;
    readonly threads?: number;
    readonly groupPattern?: string;
    readonly recipe?: Readonly<Record<string, unknown>>;
  };
}

/** What computes: an exported file brings its own runtime. */
const started = ({ place, given }: Run): Promise<string> =>
  place.kind === 'onnx' ? Promise.resolve('onnxruntime') : startBackend(given.backend);

/** Rows as they come, which nothing keeps. */
async function intoOutput(run: Run, say: Speaker): Promise<number> {
  const backend = await started(run);
  const rows: Row[] = [];
  say.endWithReader();
  for await (const chunk of scored(run, run.all, backend, 0, say)) {
    say.print(tableText(chunk, run.format as 'csv' | 'jsonl', rows.length === 0));
    rows.push(...chunk);
  }
  return exitCodeOf(rows, say);
}

/** Rows into a file, by way of one that a later run goes on with; one run at a time. */
async function intoFile(run: Run, out: string, say: Speaker): Promise<number> {
  const release = await hold(run.shard ? partPath(out, run.shard) : out);
  try {
    return await keptInFile(run, out, say);
  } finally {
    await release();
  }
}

async function keptInFile(run: Run, out: string, say: Speaker): Promise<number> {
  const { all, shard, format } = run;
  const files = shard ? filesOf(all, shard) : all;
  const backend = await started(run);
  const key = await keyOf(run, backend);
  const done = shard && (await readRows(partPath(out, shard), key));
  const path = `${shard ? partPath(out, shard) : out}.partial`;
  const kept = done ? undefined : await KeptRows.open(path, key);
  if (kept) {
    const before = kept.rows.length;
    if (before > 0) say.note(`going on after ${before} of ${files.length} files`);
    const began = performance.now();
    try {
      for await (const chunk of scored(run, files, backend, before, say)) await kept.append(chunk);
    } catch (error) {
      await kept.close();
      const state = `${kept.rows.length} of ${files.length} files are scored and kept in '${path}'; give the same line again to go on`;
      if (say.signal.aborted) throw new Failure(exitCodes.interrupted, `interrupted; ${state}`);
      const { exitCode, message } = told(error);
      throw new Failure(exitCode, `${message} (${state})`, { cause: error });
    }
    if (files.length > before) say.note(pace(files.length - before, performance.now() - began));
    await kept.finish(shard && partPath(out, shard));
  }
  const rows = shard ? await joined(out, shard, key) : (kept?.rows ?? []);
  if (!rows) {
    say.note(`part ${shard?.number} of ${shard?.of} is done; the last part to end writes '${out}'`);
    return exitCodeOf(kept?.rows ?? done ?? [], say);
  }
  await writeTable(out, format, rows);
  if (shard) await Promise.all(parts(out, shard).map((part) => rm(part, { force: true })));
  say.note(
    `wrote ${rows.length} ${rows.length === 1 ? 'row' : 'rows'} to '${out}'; \`salad-ad evaluate ${out} --labelled FOLDER\` judges them where labels are known`,
  );
  return exitCodeOf(rows, say);
}

async function* scored(
  run: Run,
  files: readonly string[],
  backend: string,
  before: number,
  say: Speaker,
): AsyncGenerator<Row[], void> {
  if (before >= files.length) return;
  const plan = { images: files.length - before, backend, threads: run.given.threads };
  const { preparation, scorer, end } = await openedModel(run.place, plan, say);
  try {
    const { recipe } = run.given;
    const source = await filesByRecipe(files, preparation, recipe as Partial<ImageRecipe>);
    const { groupPattern } = run.given;
    const groupOf = groupPattern ? inPath('--group-pattern', groupPattern) : undefined;
    const began = performance.now();
    let done = before;
    for await (const rows of scoredRows(scorer, source, { first: before, groupOf }, say)) {
      yield rows;
      done += rows.length;
      const each = (performance.now() - began) / 1000 / (done - before);
      const secondsLeft = each * (files.length - done);
      say.progress('images', { done, total: files.length, secondsLeft });
    }
  } finally {
    await end();
  }
}

/** What the rows depend on. The weights are named by their hash in the model's file. */
async function keyOf({ place, all, given }: Run, backend: string): Promise<string> {
  const hash = createHash('sha256').update(await namingBytes(place));
  hash.update(JSON.stringify({ all, backend, recipe: given.recipe, groups: given.groupPattern }));
  return hash.digest('hex').slice(0, 16);
}

const parts = (out: string, { of }: Shard): string[] =>
  Array.from({ length: of }, (_, i) => partPath(out, { number: i + 1, of }));

/** The rows of all parts; undefined while one of them is missing. */
async function joined(out: string, shard: Shard, key: string): Promise<Row[] | undefined> {
  const all = await Promise.all(parts(out, shard).map((part) => readRows(part, key)));
  return all.every((rows) => rows !== undefined) ? all.flat() : undefined;
}

function exitCodeOf(rows: readonly Row[], say: Speaker): number {
  const unread = rows.filter(({ problem }) => problem !== undefined).length;
  if (unread === 0) return exitCodes.done;
  say.note(
    `${unread} of ${rows.length} files could not be read: the column 'problem' says why; \`salad-ad check\` looks at files without scoring them`,
  );
  return exitCodes.incomplete;
}
