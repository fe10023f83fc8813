import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { FolderSummary, ImageProblem, ImageRecord } from 'salad-ad/data';
import type { Given, Speaker } from '../frame/command.js';
import { misused, unusable } from '../frame/failure.js';
import { library } from '../frame/library.js';
import { imagesText } from '../frame/names.js';
import type { recordOptions } from '../options/records.js';
import { inPath } from './in-path.js';
import { listRecords } from './list-records.js';

/** What is known of images before they are opened. */
export interface FoundRecords {
  /** Paths of the records start here. */
  readonly root: string;
  readonly records: readonly ImageRecord[];
  /** What was understood of a folder; absent for a list. */
  readonly summary?: FolderSummary;
  /** Files that are not taken for images. */
  readonly ignored: readonly string[];
  /** DICOM files whose header cannot be read; they are not among the records. */
  readonly unread: readonly ImageProblem[];
}

/**
 * The images of a folder, or of a CSV list. Labels come from names of folders or a column, patients from DICOM files, a column or a
 * pattern.
 */
export async function readRecords(
  path: string | undefined,
  given: Given<typeof recordOptions>,
  say: Speaker,
): Promise<FoundRecords> {
  if (path === undefined)
    throw misused('no folder is named; give a folder of images or a CSV list');
  const facts = await stat(path).catch((cause) => {
    throw unusable(
      `'${path}' cannot be read (${cause.code}); give a folder of images, or a CSV list, that exists`,
    );
  });
  const found = facts.isDirectory()
    ? await folder(path, given, say)
    : { ...(await listRecords(path, given)), ignored: [] };
  if (found.records.length === 0)
    throw unusable(`the list '${path}' names no images; expected a line for each`);
  const { records, root } = found;
  const { patientPattern } = given;
  const patientOf = patientPattern && inPath('--patient-pattern', patientPattern);
  const withPatients = patientOf
    ? records.map((record) => ({ ...record, patient: patientOf(record.path) }))
    : records;
  const { read, unread } = await completedByDicom(root, withPatients, say);
  if (read.length === 0)
    throw unusable(`none of the ${imagesText(records.length)} of '${path}' can be read`);
  return { ...found, records: allOrNoPatients(read, say), unread };
}

/** What was understood of a folder, for who uses commands: these take the parts that they need by themselves. */
export function summaryText(summary: FolderSummary): string {
  const lines = summary.toText().split('\n');
  return lines.filter((line) => !line.includes("'part' chooses one")).join('\n');
}

async function folder(
  root: string,
  { labels }: Given<typeof recordOptions>,
  say: Speaker,
): Promise<Omit<FoundRecords, 'unread'>> {
  const { folderRecords } = library('salad-ad/node');
  const found = await folderRecords(root, {
    ...(labels && { labels: labels as Readonly<Record<string, 0 | 1>> }),
    followLinks: true,
    onWarning: (warning) => say.warning(warning),
  });
  return { root, ...found };
}

/** Where some images have a patient and others none, nobody could tell whether two are of one: then none has. */
function allOrNoPatients(records: readonly ImageRecord[], say: Speaker): readonly ImageRecord[] {
  const unknown = records.filter(({ patient }) => patient === undefined).length;
  if (unknown === 0 || unknown === records.length) return records;
  say.warning({
    code: 'SOME_PATIENTS_UNKNOWN',
    message: `${unknown} of ${records.length} images do not say their patient, so that no patient is gone by; give --patient-pattern, or a list with a column patient that is filled`,
  });
  return records.map(({ patient: _, ...record }) => record);
}

/** Files of DICOM say their patient, view and so on; the others stay as they are. */
async function completedByDicom(
  root: string,
  records: readonly ImageRecord[],
  say: Speaker,
): Promise<{ read: readonly ImageRecord[]; unread: readonly ImageProblem[] }> {
  const unread: ImageProblem[] = [];
  const isDicom = await Promise.all(records.map(({ path }) => looksLikeDicom(join(root, path))));
  if (!isDicom.includes(true)) return { read: records, unread };
  const { dicomRecords } = library('salad-ad/node');
  // By its path, which the program may show: it is the user's own.
  const named = records.map((record) => ({ ...record, id: record.path }));
  const completed = await dicomRecords(
    root,
    named.filter((_, i) => isDicom[i]),
    {
      onUnreadable: 'skip',
      followLinks: true,
      signal: say.signal,
      onProblem(problem) {
        unread.push(problem);
        say.warning({
          code: `${problem.code} ${problem.id}`,
          message: `'${problem.id}': ${problem.message}`,
        });
      },
      onProgress: (progress) => say.progress('headers', progress),
    },
  );
  const byPath = new Map(completed.map((record) => [record.path, record]));
  const read = named.flatMap((record, i) =>
    isDicom[i] ? (byPath.get(record.path) ?? []) : record,
  );
  return { read, unread };
}

/** Opened only where the ending leaves it open. */
async function looksLikeDicom(path: string): Promise<boolean> {
  if (/\.(png|jpe?g|webp|tiff?)$/i.test(path)) return false;
  if (/\.(dcm|dicom|ima)$/i.test(path)) return true;
  const file = await open(path).catch(() => undefined);
  if (!file) return false;
  try {
    const { buffer } = await file.read(Buffer.alloc(4), 0, 4, 128);
    return buffer.toString('latin1') === 'DICM';
  } catch {
    return false;
  } finally {
    await file.close();
  }
}
