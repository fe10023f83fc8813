import { command, type Speaker } from '../frame/command.js';
import {
  backendOption,
  groupOption,
  scoringModelOption,
  threadsOption,
} from '../frame/common-options.js';
import { exitCodes } from '../frame/exit-codes.js';
import { misused } from '../frame/failure.js';
import { modelAt } from '../frame/load-model.js';
import { checkFile } from '../frame/outputs.js';
import { filmsOfArchive } from '../images/films-of-archive.js';
import { findFiles } from '../images/find-files.js';
import { readList } from '../images/read-list.js';
import { intoFile } from '../results/into-file.js';
import type { KeptRow } from '../results/kept-rows.js';
import type { Row } from '../results/row.js';
import { inMemory, isUnread, type RowSet } from '../results/row-set.js';
import { type ScoreRun, scored } from '../results/scoring.js';
import { selectRows } from '../results/select-rows.js';
import { checkSendBack } from '../results/send-back.js';
import { shardOf } from '../results/shard.js';
import { formatOf, parquetWriter, tableText } from '../results/table.js';

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
      'salad-ad score films --model model --out scores.csv --false-discoveries 0.1',
      'and which films to look at, such that one in ten of these is expected to be normal',
    ],
    [
      'salad-ad score films --model model.onnx --out scores.csv',
      'by an exported file, with the package onnxruntime-node',
    ],
    [
      'salad-ad score films --model model --out scores.parquet --shard 1/2',
      'the first half here, --shard 2/2 elsewhere; the last one to end writes the table',
    ],
    [
      'salad-ad score --dicomweb https://pacs.example.org/dicom-web --query Modality=DX --model model --out scores.csv',
      'films of a picture archive, named by SOPInstanceUID',
    ],
    [
      'salad-ad score --dicomweb https://pacs.example.org/dicom-web --query Modality=DX --model model --out s.csv --send-back report',
      'and a structured report of each film back into its study, marked as research',
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
    dicomweb: {
      type: 'text',
      value: 'URL',
      help: 'DICOMweb service of a picture archive (PACS), in place of FILES; the environment variable SALAD_AD_DICOMWEB_AUTHORIZATION is its header Authorization',
    },
    query: {
      type: 'text',
      lineOnly: true,
      value: 'NAMES',
      help: "which images of that service, such as 'Modality=DX&StudyDate=20260101-'; default all",
    },
    sendBack: {
      type: 'text',
      lineOnly: true,
      value: 'KIND',
      choices: ['report', 'capture'],
      help: 'store a structured report, or a secondary capture with the map, in the study of each film, marked as research software; needs --dicomweb and --out, and --query that names the Modality',
    },
    shard: { type: 'text', lineOnly: true, value: 'I/N', help: 'score part I of N; needs --out' },
    retry: {
      type: 'switch',
      lineOnly: true,
      help: 'read files again that could not be read by an earlier run of the same line with --out; its other rows are kept',
    },
    threads: threadsOption,
    groupPattern: groupOption,
    falseDiscoveries: {
      type: 'number',
      value: 'SHARE',
      min: 0.0001,
      max: 0.9999,
      help: 'fill the column selected: of the images that are selected among all of the table at most this share is expected to be normal (Benjamini-Hochberg)',
    },
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
    const needsOut = [
      ['--shard', shard],
      ['--retry', given.retry],
      ['a Parquet file', format === 'parquet'],
    ].find(([, wanted]) => wanted);
    if (!given.out && needsOut) throw misused(`${needsOut[0]} needs --out FILE`);
    const { dicomweb, query } = given;
    if (dicomweb ? paths.length > 0 || given.list : query)
      throw misused(
        dicomweb
          ? '--dicomweb stands in place of FILES and --list'
          : '--query needs --dicomweb URL',
      );
    if (format === 'parquet') await parquetWriter();
    if (given.out) await checkFile(given.out);
    const place = await modelAt(given.model);
    checkSendBack(given, place);
    const archive = dicomweb ? await filmsOfArchive(dicomweb, query, say) : undefined;
    const named = [...paths, ...(await readList(given.list))];
    const all = archive?.ids ?? (await findFiles(named));
    if (all.length === 0) throw misused('no images are named; give files, folders or patterns');
    const asked = [named, dicomweb, query];
    const run = { place, asked, all, archive, shard, format, given };
    const rows = given.out ? await intoFile(run, given.out, say) : await intoOutput(run, say);
    return exitCodeOf(rows, given.out, say);
  },
});

/** Rows as they come; where some are to be selected, once all are known. */
async function intoOutput(run: ScoreRun, say: Speaker): Promise<Pick<RowSet, 'count' | 'unread'>> {
  const rows: Row[] = [];
  let [count, unread] = [0, 0];
  const print = (some: readonly Row[], header: boolean) =>
    say.print(tableText(some, run.format as 'csv' | 'jsonl', header));
  const rate = run.given.falseDiscoveries;
  say.endWithReader();
  for await (const chunk of scored(run, run.all, {}, say)) {
    if (rate === undefined) print(chunk.map(withoutState), count === 0);
    else rows.push(...chunk.map(withoutState));
    count += chunk.length;
    unread += chunk.filter(isUnread).length;
  }
  if (rate === undefined) return { count, unread };
  const selected: Row[] = [];
  const chosen = await selectRows(inMemory(rows), rate, say);
  for await (const row of chosen.read()) selected.push(row);
  print(selected, true);
  return chosen;
}

const withoutState = ({ was, ...row }: KeptRow): Row => row;

function exitCodeOf(
  { count, unread }: Pick<RowSet, 'count' | 'unread'>,
  out: string | undefined,
  say: Speaker,
): number {
  if (unread === 0) return exitCodes.done;
  say.note(
    `${unread} of ${count} files could not be read: the column 'problem' says why; \`salad-ad check\` looks at files without scoring them${out ? ', and the same line with --retry reads these again' : ''}`,
  );
  return exitCodes.incomplete;
}
