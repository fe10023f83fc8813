import type { ImageRecord } from '../records/image-record.js';
import { check } from '../support/check.js';
import { SaladError } from '../support/errors.js';
import { sha256 } from '../support/sha256.js';
import { checkSplit } from './check-split.js';
import { nameOf, type Split, type SplitRecipe, sortedByPath } from './split.js';

/** A split as it is saved: paths by part, as they are in the records, and no patient's key. */
export interface SplitFile {
  readonly format: 'salad-ad split';
  readonly version: 1;
  readonly recipe: SplitRecipe;
  /** Of all records, in parts or not: how many, and the SHA-256 of their paths and labels. */
  readonly records: { readonly count: number; readonly sha256: string };
  readonly parts: Readonly<Record<string, readonly string[]>>;
  readonly unused: readonly string[];
}

/**
 * A split as JSON: how it was made, and the paths of every part.
 *
 * @throws NO_CRYPTO
 * @example
 * const text = JSON.stringify(await splitToJSON(split), null, 2);
 */
export async function splitToJSON(split: Split): Promise<SplitFile> {
  const all = [...Object.values(split.parts).flat(), ...split.unused];
  const paths = (records: readonly ImageRecord[]) => records.map(({ path }) => path);
  return {
    format: 'salad-ad split',
    version: 1,
    recipe: split.recipe,
    records: { count: all.length, sha256: await recordsHash(all) },
    parts: Object.fromEntries(
      Object.entries(split.parts).map(([part, records]) => [part, paths(records)]),
    ),
    unused: paths(split.unused),
  };
}

/**
 * A saved split, of the records as they are read again.
 *
 * @param json what `splitToJSON` gave
 * @param records the same images with the same labels, in any order
 * @throws INVALID_RECORDS where records are missing, too many, or labelled otherwise: the message names up to five,
 * `details` all; PATIENT_OVERLAP where the records' patients have changed so that one is in two parts; FORMAT_VERSION;
 * NO_CRYPTO
 * @example
 * const split = await splitFromJSON(JSON.parse(text), records);
 */
export async function splitFromJSON(
  json: SplitFile,
  records: readonly ImageRecord[],
): Promise<Split> {
  const where = 'splitFromJSON';
  check(
    json?.format === 'salad-ad split' && json.version === 1,
    'FORMAT_VERSION',
    () =>
      `${where}: got ${json?.format === 'salad-ad split' ? `version ${json.version} of a split` : 'something else than a split'}; expected version 1; read it with the version of salad-ad that wrote it.`,
  );
  check(
    Boolean(json.parts && json.unused && json.records && json.recipe?.options),
    'INVALID_RECORDS',
    () =>
      `${where}: the split lacks its parts, unused, records or recipe; expected all that splitToJSON writes; write it anew.`,
  );
  const byPath = new Map(records.map((record) => [record.path, record]));
  const lists = [...Object.entries(json.parts), ['unused', json.unused] as const];
  const saved = new Set(lists.flatMap(([, paths]) => paths));
  // By place in the file: a path may hold a patient's identifier, and errors end in logs.
  const missing = lists.flatMap(([part, paths]) =>
    paths.flatMap((path, i) => (byPath.has(path) ? [] : [`${part}[${i}]`])),
  );
  refuse(missing, 'missing', `of ${saved.size} images of the split are not among the records`);
  refuse(
    records.filter(({ path }) => !saved.has(path)).map((record) => `'${nameOf(record)}'`),
    'extra',
    `of ${records.length} records are not in the split of ${saved.size} images`,
  );
  check(
    records.length === json.records.count && (await recordsHash(records)) === json.records.sha256,
    'INVALID_RECORDS',
    () =>
      `${where}: the records have the split's paths but other labels, or a path twice; expected those it was made of; read the list that it was made from, or split anew.`,
  );
  const take = (paths: readonly string[]) =>
    paths.flatMap((path) => {
      const record = byPath.get(path);
      return record ? [record] : [];
    });
  const parts = Object.fromEntries(
    Object.entries(json.parts).map(([part, paths]) => [part, take(paths)]),
  );
  checkSplit(parts, { unit: json.recipe.options.unit });
  return { parts, unused: take(json.unused), recipe: json.recipe };
}

function refuse(images: readonly string[], name: string, what: string): void {
  if (images.length === 0) return;
  const more = images.length > 5 ? ` and ${images.length - 5} more` : '';
  throw new SaladError(
    'INVALID_RECORDS',
    `splitFromJSON: ${images.length} ${what}: ${images.slice(0, 5).join(', ')}${more}; expected the same images; read the list that the split was made from, or split anew.`,
    { [name]: images },
  );
}

async function recordsHash(records: readonly ImageRecord[]): Promise<string> {
  const lines = sortedByPath(records).map(({ path, label }) => JSON.stringify([path, label]));
  return sha256('recordsHash', new TextEncoder().encode(lines.join('\n')));
}
