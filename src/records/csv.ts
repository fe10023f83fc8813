import { check, checkKnownOptions } from '../support/check.js';
import { badLine, type ListFile, readTable, type TableLine } from './csv-table.js';
import { ageInYears, findingsOf, known, lateralityOf, pathOf, sexOf } from './fields.js';
import type { ImageRecord } from './image-record.js';
import { keyed } from './keyed.js';
import { type PatientKeys, patientKeys } from './patient-key.js';

/**
 * Options of `csvRecords`: the column of each fact, by its name in the first line.
 *
 * @example
 * const options: CsvOptions = { path: 'file', label: 'abnormal', patient: 'patient' };
 */
export interface CsvOptions {
  /** Column with the path of each image. */
  readonly path: string;
  /**
   * Column with the name of each image in results.
   * @defaultValue the path, with the identifiers of patient and study replaced by their keys
   */
  readonly id?: string;
  /**
   * A column of 0 and 1, or of normal and abnormal (blank: not known), or a function of the line's
   * fields by column.
   * @defaultValue no record has a label
   */
  readonly label?: string | ((fields: Readonly<Record<string, string>>) => 0 | 1 | undefined);
  /**
   * Column with the identifier of the patient.
   * @defaultValue not known
   */
  readonly patient?: string;
  /**
   * Column with the identifier of the study.
   * @defaultValue not known
   */
  readonly study?: string;
  /**
   * Column with findings, several between `|` or `;`.
   * @defaultValue not known
   */
  readonly findings?: string;
  /**
   * Column with the view, such as PA.
   * @defaultValue not known
   */
  readonly view?: string;
  /**
   * Column with the body part.
   * @defaultValue not known
   */
  readonly bodyPart?: string;
  /**
   * Column with the side: L or R, left or right.
   * @defaultValue not known
   */
  readonly laterality?: string;
  /**
   * Column with the age in years, or as DICOM has it: 058Y, 006M.
   * @defaultValue not known
   */
  readonly age?: string;
  /**
   * Column with the sex: F or M, female or male.
   * @defaultValue not known
   */
  readonly sex?: string;
  /**
   * Column with the part of the split that the list assigns: train, test, ...
   * @defaultValue not known
   */
  readonly part?: string;
  /**
   * Replaces patients and studies by keys. `false` leaves them as they are, for lists whose identifiers are pseudonyms
   * already.
   * @defaultValue keys with a salt drawn for this call
   */
  readonly keys?: PatientKeys | false;
  /**
   * The sign between fields.
   * @defaultValue whichever of comma, semicolon and tab the first line has most of
   */
  readonly delimiter?: string;
}

const COLUMNS = [
  'path',
  'id',
  'patient',
  'study',
  'findings',
  'view',
  'bodyPart',
  'laterality',
  'age',
  'sex',
  'part',
] as const;
const LABELS: Readonly<Record<string, 0 | 1>> = {
  '0': 0,
  '0.0': 0,
  normal: 0,
  '1': 1,
  '1.0': 1,
  abnormal: 1,
};

/**
 * Reads a CSV file that lists images, one a line.
 *
 * @param list text, or the bytes of a UTF-8 file, gzipped or not; its first line names the columns
 * @param options which column holds what, `keys` and `delimiter`
 * @returns one record for each line, in order
 * @throws INVALID_RECORDS where a column is missing, a line has too few or too many fields, a path is there twice, or a label or
 *   an age cannot be read; the message names line and column, never the text of the field, which may identify a patient.
 *   UNKNOWN_OPTION, INVALID_OPTION, NO_CRYPTO
 * @example
 * const records = await csvRecords('file,abnormal,patient\na.png,0,17\nb.png,1,18\n', {
 *   path: 'file', label: 'abnormal', patient: 'patient', keys: patientKeys({ salt }),
 * });
 */
export async function csvRecords(list: ListFile, options: CsvOptions): Promise<ImageRecord[]> {
  checkKnownOptions('csvRecords', options, [...COLUMNS, 'label', 'keys', 'delimiter']);
  const { label, keys = patientKeys(), delimiter } = options;
  check(
    typeof options.path === 'string',
    'INVALID_OPTION',
    () =>
      `csvRecords: path is ${String(options.path)}; expected the name of the column with the paths.`,
  );
  const columns = COLUMNS.map((fact) => options[fact]).filter((column) => column !== undefined);
  if (typeof label === 'string') columns.push(label);

  const records: ImageRecord[] = [];
  const lines = new Map<string, number>();
  const each = (line: TableLine) => {
    const record = recordOf(line, options);
    const before = lines.get(record.path);
    if (before !== undefined)
      throw badLine(
        'csvRecords',
        line.line,
        `has the path of line ${before}; expected each image once`,
        options.path,
      );
    lines.set(record.path, line.line);
    records.push(record);
  };
  const wanted = typeof label === 'function' ? 'all' : [...new Set(columns)];
  await readTable('csvRecords', list, wanted, each, { delimiter });
  if (keys === false) return records;
  const safe = await keyed(records, keys);
  return safe.map((record, i) => named(record, records[i]));
}

function recordOf({ line, fields }: TableLine, columns: CsvOptions): ImageRecord {
  const read = <T>(column: string | undefined, parse: (text: string) => T): T | undefined => {
    if (column === undefined) return undefined;
    const text = fields[column];
    if (text === undefined)
      throw badLine('csvRecords', line, 'is not there; expected a column of the list', column);
    return text.trim() === '' ? undefined : parse(text.trim());
  };
  const text = (column: string | undefined) => read(column, (value) => value);
  const path = read(columns.path, pathOf);
  if (path === undefined)
    throw badLine('csvRecords', line, 'is blank; expected a path', columns.path);
  const age = read(columns.age, ageInYears);
  if (Number.isNaN(age))
    throw badLine(
      'csvRecords',
      line,
      'is no age; expected years such as 58 or 058Y, or blank',
      columns.age,
    );
  return known<ImageRecord>({
    path,
    id: text(columns.id),
    label: labelOf(line, fields, columns.label),
    patient: text(columns.patient),
    study: text(columns.study),
    findings: read(columns.findings, findingsOf),
    view: text(columns.view),
    bodyPart: text(columns.bodyPart),
    laterality: read(columns.laterality, lateralityOf),
    age,
    sex: read(columns.sex, sexOf),
    part: text(columns.part),
  });
}

function labelOf(
  line: number,
  fields: Readonly<Record<string, string>>,
  label: CsvOptions['label'],
): 0 | 1 | undefined {
  if (label === undefined) return undefined;
  const ofColumn = typeof label === 'string';
  const text = ofColumn ? fields[label].trim().toLowerCase() : '';
  const value = ofColumn ? LABELS[text] : label(fields);
  if (value === 0 || value === 1) return value;
  if (value === undefined && text === '') return undefined;
  throw ofColumn
    ? badLine(
        'csvRecords',
        line,
        'is no label; expected 0 or 1, normal or abnormal, or blank; give a function for other words',
        label,
      )
    : badLine('csvRecords', line, 'got no label of the function; expected 0, 1 or undefined');
}

/** A name without the identifiers that the path may hold. */
function named(record: ImageRecord, { id, path, patient, study }: ImageRecord): ImageRecord {
  if (id !== undefined) return record;
  const keys = [
    [patient, record.patient],
    [study, record.study],
  ].filter((pair): pair is [string, string] => pair[0] !== undefined);
  if (keys.length === 0) return record;
  const forms = keys.map(([identifier]) => `(${formsOf(identifier)})`).join('|');
  const before = path.normalize();
  const name = before.replace(new RegExp(forms, 'giu'), (...groups) => {
    const which = keys.findIndex((_, i) => groups[i + 1] !== undefined);
    return keys[which][1];
  });
  return name === before ? record : { ...record, id: name };
}

/** A pattern of an identifier: as it is, or its words with any signs between; with or without leading zeros. */
function formsOf(identifier: string): string {
  const text = identifier.normalize().replace(/^0+(?=\d)/, '');
  const exact = text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
  const words = text.match(/[\p{L}\p{M}\p{N}]+/gu)?.join('[^\\p{L}\\p{N}]*') ?? exact;
  const start = /^\d/.test(text) ? '(?<!\\d)0*' : '';
  const end = /\d$/.test(text) ? '(?!\\d)' : '';
  return `${start}(?:${exact}|${words})${end}`;
}
