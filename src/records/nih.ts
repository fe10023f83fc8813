import { check, checkKnownOptions } from '../support/check.js';
import { SaladError } from '../support/errors.js';
import { badLine, type ListFile, linesOf, readTable, type TableLine } from './csv-table.js';
import { ageInYears, known, sexOf } from './fields.js';
import type { ImageRecord } from './image-record.js';
import { keyed } from './keyed.js';
import type { PatientKeys } from './patient-key.js';
import { checkWholeSet } from './whole-set.js';

/** The 14 findings of NIH ChestX-ray14, spelt as in its table. */
export const nihFindings = [
  'Atelectasis',
  'Cardiomegaly',
  'Consolidation',
  'Edema',
  'Effusion',
  'Emphysema',
  'Fibrosis',
  'Hernia',
  'Infiltration',
  'Mass',
  'Nodule',
  'Pleural_Thickening',
  'Pneumonia',
  'Pneumothorax',
] as const;

/**
 * Options of `nihRecords`.
 *
 * @example
 * const options: NihOptions = { views: ['PA'], parts: { test: await readFile('test_list.txt') } };
 */
export interface NihOptions {
  /**
   * The official lists by the part that they make, such as `{ train_val: text, test: text }`.
   * @defaultValue none: records have no `part`
   */
  readonly parts?: Readonly<Record<string, ListFile>>;
  /**
   * The views to keep.
   * @defaultValue all
   */
  readonly views?: readonly ('AP' | 'PA')[];
  /**
   * The path of an image, from its name.
   * @defaultValue `images/NAME`, as NIH's archives unpack
   */
  readonly pathOf?: (name: string) => string;
  /**
   * Replaces the patient numbers of the set, which are public and in the names of the files, by keys.
   * @defaultValue the numbers stay
   */
  readonly keys?: PatientKeys;
  /**
   * Whether to refuse a table that is not the whole one: 112,120 images of 30,805 patients.
   * @defaultValue false
   */
  readonly whole?: boolean;
}

const COLUMNS = [
  'Image Index',
  'Finding Labels',
  'Follow-up #',
  'Patient ID',
  'Patient Age',
  'Patient Gender',
  'View Position',
] as const;
/** One heading, with a comma in it, over two columns; in copies of the table at times left out. */
const SIZE = ['OriginalImage[Width', 'Height]'] as const;

type Column = (typeof COLUMNS)[number];

/**
 * Reads the table of NIH ChestX-ray14: an image with any of the 14 findings is labelled 1, one with 'No Finding' 0.
 *
 * The findings were mined from reports, not read from the images. A follow-up is a study of its patient.
 *
 * @param table `Data_Entry_2017_v2020.csv` or the earlier `Data_Entry_2017.csv`, gzipped or not
 * @param options `parts`, `views`, `pathOf`, `keys`, `whole`
 * @returns one record for each image, in the order of the table
 * @throws INVALID_RECORDS where a column is missing, a finding is unknown, an image is there twice, in two parts or in the
 *   lists alone, or the table is not the `whole` one; the message names line and column. UNKNOWN_OPTION
 * @see Wang et al. 2017, ChestX-ray8 (arXiv 1705.02315).
 * @example
 * const records = await nihRecords(await readFile('Data_Entry_2017_v2020.csv'), { views: ['PA'] });
 */
export async function nihRecords(
  table: ListFile,
  options: NihOptions = {},
): Promise<ImageRecord[]> {
  return readNih('nihRecords', table, options);
}

/** `nihRecords` for the public call `where`. */
export async function readNih(
  where: string,
  table: ListFile,
  options: NihOptions,
): Promise<ImageRecord[]> {
  checkKnownOptions(where, options, ['parts', 'views', 'pathOf', 'keys', 'whole']);
  const { views, pathOf = (name) => `images/${name}`, keys, whole = false } = options;
  const parts = partsOf(where, options.parts ?? {});
  const records = new Map<string, ImageRecord>();
  const each = ({ line, fields }: TableLine<Column>) => {
    const name = fields['Image Index'].trim();
    if (records.has(name))
      throw badLine(where, line, 'names an image again; expected each once', COLUMNS[0]);
    const patient = `nih-${wholeNumber(where, fields, 'Patient ID', line)}`;
    const findings = findingsIn(where, fields['Finding Labels'], line);
    records.set(
      name,
      known<ImageRecord>({
        path: pathOf(name),
        label: findings.length > 0 ? 1 : 0,
        patient,
        study: `${patient}/${wholeNumber(where, fields, 'Follow-up #', line)}`,
        findings,
        view: fields['View Position'].trim() || undefined,
        age: yearsIn(where, fields['Patient Age'], line),
        sex: sexOf(fields['Patient Gender']),
        originalSize: sizeIn(where, fields, line),
        part: parts.get(name),
      }),
    );
  };
  await readTable(where, table, COLUMNS, each, { optional: SIZE });
  checkListed(where, parts.keys(), records);
  const all = [...records.values()];
  if (whole) checkWholeSet(where, all, { images: 112_120, patients: 30_805 });
  return keyed(
    views
      ? all.filter(({ view }) => (views as readonly (string | undefined)[]).includes(view))
      : all,
    keys,
  );
}

/** INVALID_RECORDS unless the table has every name that the lists have. */
export function checkListed(
  where: string,
  names: Iterable<string>,
  table: ReadonlyMap<string, unknown>,
): void {
  const absent = [...names].filter((name) => !table.has(name));
  check(
    absent.length === 0,
    'INVALID_RECORDS',
    () =>
      `${where}: ${absent.length} names of the lists are not in the table, the first is '${absent[0]}'; expected all of them; give lists and table of one data set.`,
    { count: absent.length },
  );
}

function partsOf(where: string, lists: Readonly<Record<string, ListFile>>): Map<string, string> {
  const parts = new Map<string, string>();
  for (const [part, list] of Object.entries(lists))
    for (const name of linesOf(`${where}: parts.${part}`, list)) {
      const before = parts.get(name);
      if (before !== undefined && before !== part)
        throw new SaladError(
          'INVALID_RECORDS',
          `${where}: '${name}' is in the lists '${before}' and '${part}'; expected it in one; correct the lists.`,
          { name, parts: [before, part] },
        );
      parts.set(name, part);
    }
  return parts;
}

function wholeNumber<Column extends string>(
  where: string,
  fields: Readonly<Record<Column, string>>,
  column: Column,
  line: number,
): number {
  if (!/^\s*\d+\s*$/.test(fields[column] ?? ''))
    throw badLine(where, line, 'is no whole number; expected one', column);
  return Number(fields[column]);
}

function findingsIn(where: string, text: string, line: number): string[] {
  const findings = text.split('|').map((finding) => finding.trim());
  if (findings.length === 1 && findings[0] === 'No Finding') return [];
  for (const finding of findings)
    if (!(nihFindings as readonly string[]).includes(finding))
      throw badLine(
        where,
        line,
        "is neither 'No Finding' nor findings of the 14 between bars",
        'Finding Labels',
      );
  return findings;
}

function yearsIn(where: string, text: string, line: number): number | undefined {
  const years = ageInYears(text);
  if (Number.isNaN(years))
    throw badLine(where, line, 'is no age; expected years such as 58 or 058Y', 'Patient Age');
  return years;
}

function sizeIn(
  where: string,
  fields: Readonly<Record<string, string>>,
  line: number,
): ImageRecord['originalSize'] {
  if (SIZE.every((column) => (fields[column] ?? '').trim() === '')) return undefined;
  const [width, height] = SIZE.map((column) => {
    const pixels = wholeNumber(where, fields, column, line);
    if (pixels === 0) throw badLine(where, line, 'is 0; expected pixels', column);
    return pixels;
  });
  return { height, width };
}
