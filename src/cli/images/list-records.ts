import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { CsvOptions, ImageRecord } from 'salad-ad/data';
import type { Given } from '../frame/command.js';
import { misused, unusable } from '../frame/failure.js';
import { library } from '../frame/library.js';
import type { recordOptions } from '../options/records.js';

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
  const [header = ''] = text.split(/\r?\n/, 1);
  const names = header.split(',').map((name) => name.trim().replace(/^"|"$/g, ''));
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
  return {
    root: root ?? dirname(path),
    records: await csvRecords(text, { ...options, keys: false }),
  };
}
