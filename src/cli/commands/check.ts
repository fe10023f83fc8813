import type { ImageRecord } from 'salad-ad/data';
import { command, type Speaker } from '../frame/command.js';
import { exitCodes } from '../frame/exit-codes.js';
import { library } from '../frame/library.js';
import { imagesText } from '../frame/names.js';
import { checkFile } from '../frame/outputs.js';
import {
  type FoundRecords,
  summaryText as folderText,
  readRecords,
} from '../images/read-records.js';
import { recordOptions } from '../options/records.js';
import { filmTable } from '../results/film-table.js';
import { writeWhole } from '../results/write-whole.js';

/** A fifth of these are the 19 that a threshold at 5% false alarms takes. */
const FEW = 95;

/** `salad-ad check`. */
export const check = command({
  name: 'check',
  usage: 'FOLDER|LIST.csv',
  paths: 1,
  examples: [
    [
      'salad-ad check films',
      'classes, parts, sizes, files that cannot be read, patients, shortcuts',
    ],
    [
      'salad-ad check films.csv --root films',
      'the same of a list with the columns path, label, patient',
    ],
    ['salad-ad check films --out check.json', 'all of it as JSON, every unreadable file among it'],
    [
      'salad-ad check films --table films.csv',
      'and view, size, brightness and so on of each, which `salad-ad watch --metadata` takes',
    ],
    ['salad-ad check films --headers', 'without opening the pixels, in seconds'],
  ],
  details:
    'Read this before you train. A shortcut is an attribute that tells normal from abnormal by itself, such as the view or the brightness: a model may learn it in place of the disease.',
  options: {
    ...recordOptions,
    headers: {
      type: 'switch',
      lineOnly: true,
      help: 'look at names and headers alone, not at pixels',
    },
    out: { type: 'text', lineOnly: true, value: 'FILE', help: 'write what was found as JSON' },
    table: {
      type: 'text',
      lineOnly: true,
      value: 'FILE',
      help: 'write what is known of each image as CSV: label, view, age, sex, size, brightness, sharpness and so on; no patient',
    },
  },
  async run([path], given, say) {
    for (const file of [given.out, given.table]) if (file) await checkFile(file);
    const found = await readRecords(path, given, say);
    const { records, ignored, summary } = found;
    say.print(summary ? folderText(summary) : `${imagesText(records.length)} in the list`);
    say.print(patientsText(records));
    if (ignored.length > 0) say.print(`not taken for images (${ignored.length}): ${few(ignored)}`);
    const overlap = await overlapOf(records);
    if (overlap) say.print(overlap);
    const pixels = given.headers ? undefined : await lookedAt(found, say);
    if (pixels) {
      say.print(pixels.problems.toText());
      say.print(pixels.text);
    }
    if (given.out) {
      const facts = { summary, ignored, overlap, problems: pixels?.problems, parts: pixels?.parts };
      await writeWhole(given.out, `${JSON.stringify(facts, null, 2)}\n`);
    }
    if (given.table)
      await writeWhole(given.table, filmTable(found.root, records, pixels?.inspected));
    const unread = pixels?.problems.problems.length ?? found.unread.length;
    if (unread > 0)
      say.note(
        `${imagesText(unread)} cannot be read; \`salad-ad fit\` and \`salad-ad score\` leave them out and name them`,
      );
    else if (records.filter(({ label }) => label !== 1).length < FEW)
      say.note(
        `\`salad-ad fit ${path} --out model\` takes these, but they are few: with a fifth of them held out, a threshold at 5% false alarms takes ${FEW} normal images`,
      );
    else say.note(`nothing keeps you from \`salad-ad fit ${path} --out model\``);
    return unread > 0 ? exitCodes.incomplete : exitCodes.done;
  },
});

/** Every image, opened once for reading and once for what it looks like. */
async function lookedAt({ root, records, unread }: FoundRecords, say: Speaker) {
  const { recordSource } = library('salad-ad/node');
  const { checkImages, inspectImages, splitSummary, summaryText } = library('salad-ad/data');
  const { signal } = say;
  const checked = await checkImages(recordSource(root, records, { followLinks: true }), {
    signal,
    onProgress: (progress) => say.progress('files read', progress),
  });
  const inspected = await inspectImages(checked.source, {
    signal,
    onProgress: (progress) => say.progress('images looked at', progress),
  });
  for (const problem of unread) checked.report.add(problem);
  const parts = splitSummary(partsOf(records), { inspected });
  return { problems: checked.report, parts, inspected, text: summaryText(parts) };
}

function partsOf(records: readonly ImageRecord[]): Record<string, ImageRecord[]> {
  const parts: Record<string, ImageRecord[]> = {};
  for (const record of records) {
    const { part = 'all' } = record;
    parts[part] ??= [];
    parts[part].push(record);
  }
  return parts;
}

function patientsText(records: readonly ImageRecord[]): string {
  const known = records.flatMap(({ patient }) => (patient === undefined ? [] : [patient]));
  if (known.length === 0)
    return 'patients: not known; give --patient-pattern, or a list with a column patient, so that none is in two parts';
  const unknown = records.length - known.length;
  return `patients: ${new Set(known).size}${unknown > 0 ? `, and ${unknown} images of which none is known` : ''}`;
}

/** A patient in two parts, as a sentence. */
async function overlapOf(records: readonly ImageRecord[]): Promise<string | undefined> {
  const parts = partsOf(records.filter(({ patient }) => patient !== undefined));
  if (Object.keys(parts).length < 2) return undefined;
  const { checkSplit } = library('salad-ad/data');
  try {
    checkSplit(parts);
    return 'no patient is in two parts';
  } catch (error) {
    return (error as Error).message.replace(/^checkSplit: /, '');
  }
}

const few = (names: readonly string[]) =>
  names.slice(0, 5).join(', ') + (names.length > 5 ? ` and ${names.length - 5} more` : '');
