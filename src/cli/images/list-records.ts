import { readFile } from 'node:fs/promises';
import { dirname, isAbsolute, normalize, resolve } from 'node:path';
import type { CsvOptions, ImageRecord } from 'salad-ad/data';
import type { Given } from '../frame/command.js';
import { misused, unusable } from '../frame/failure.js';
import { library } from '../frame/library.js';
import type { recordOptions } from '../options/records.js';
import { commonFolder, pathBelow } from './common-folder.js';

/** Columns that are understood by their own names. */
const OWN = [
  'path',
  'label',
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

/** Records of a CSV list whose first line names the columns. */
export async function listRecords(
  path: string,
  { root, columns }: Given<typeof recordOptions>,
): Promise<{ readonly root: string; readonly records: readonly ImageRecord[] }> {
  const { csvRecords } = library('salad-ad/data');
  const text = await readFile(path, 'utf8');
  // No text holds a NUL, and hardly any picture lacks one.
  if (text.includes('\0'))
    throw unusable(
      `'${path}' is no list; give a folder of images, or a CSV list whose first line names the columns`,
    );
  const { default: Papa } = await import('papaparse');
  const [first = ''] = text.split(/\r?\n/, 1);
  const [header = []] = Papa.parse<string[]>(first, { delimiter: delimiterOf(first) }).data;
  const names = header.map((name) => name.trim());
  if (names.join('') === '')
    throw unusable(
      `the list '${path}' is empty; expected a first line that names the columns, such as path,label`,
    );
  const own = Object.fromEntries(
    OWN.filter((name) => names.includes(name)).map((name) => [name, name]),
  );
  // The tables that `salad-ad score` writes call it so.
  const file = names.includes('file') && !own.path ? { path: 'file' } : {};
  const options = { ...own, ...file, ...columns } as unknown as CsvOptions;
  if (!options.path)
    throw misused(
      `the list '${path}' has no column 'path' but ${names.map((name) => `'${name}'`).join(', ')}; name yours in a configuration file: { "columns": { "path": "${names[0]}" } }`,
    );
  return within(root ?? dirname(path), await csvRecords(text, { ...options, keys: false }));
}

/** As `csvRecords` takes it: the sign that the first line has most of. */
const delimiterOf = (line: string) =>
  [',', ';', '\t'].reduce((best, next) =>
    line.split(next).length > line.split(best).length ? next : best,
  );

/** Records below a folder that all of them lie in: paths of a list may be absolute, or lead out of its own folder. */
function within(
  root: string,
  records: readonly ImageRecord[],
): { readonly root: string; readonly records: readonly ImageRecord[] } {
  const leave = records.some(({ path }) => isAbsolute(path) || normalize(path).startsWith('..'));
  if (!leave) return { root, records };
  const full = records.map(({ path }) => resolve(root, path));
  const common = commonFolder(full);
  return {
    root: common,
    records: records.map((record, i) => ({ ...record, path: pathBelow(common, full[i]) })),
  };
}
