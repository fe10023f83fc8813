import { checkRecords, type ImageRecord } from '../records/image-record.js';
import { check, checkObject } from '../support/check.js';
import { SaladError } from '../support/errors.js';
import { aCount, aNumber, aText, fields, listOf, valuesOf } from '../support/json-rules.js';
import { sha256 } from '../support/sha256.js';
import { refuseOverlaps } from './check-split.js';
import { checkParts, nameOf, type Split, type SplitUnit, sortedByPath } from './split.js';

/**
 * A split as it is saved: paths by part, as they are in the records, and no patient's key; JSON.
 *
 * @example
 * const file: SplitFile = await splitToJSON(split);
 */
export interface SplitFile {
  /** Says what the file is. */
  readonly format: 'salad-ad split';
  /** Of the format. */
  readonly version: 1;
  /** How the split was made. */
  readonly recipe: Split['recipe'];
  /** All records, in parts or not: how many there are, and the SHA-256 of their paths and labels. */
  readonly records: {
    /** How many. */
    readonly count: number;
    /** 64 hex digits. */
    readonly sha256: string;
  };
  /** Paths by part. */
  readonly parts: Readonly<Record<string, readonly string[]>>;
  /** Paths in no part. */
  readonly unused: readonly string[];
}

/**
 * Turns a split into JSON: how it was made, and the paths of every part.
 *
 * @param split what `splitByPatient` or `paperSplit` returned
 * @returns JSON that `splitFromJSON` reads
 * @throws NO_CRYPTO, INVALID_OPTION
 * @example
 * const text = JSON.stringify(await splitToJSON(split), null, 2);
 */
export async function splitToJSON(split: Split): Promise<SplitFile> {
  return writeSplit('splitToJSON', split);
}

/** `splitToJSON` for the public call `where`. */
export async function writeSplit(where: string, split: Split): Promise<SplitFile> {
  checkObject(where, 'split', split, 'what splitByPatient or paperSplit returned', [
    'parts',
    'unused',
  ]);
  checkParts(where, split.parts);
  const all = [...Object.values(split.parts).flat(), ...split.unused];
  const paths = (records: readonly ImageRecord[]) => records.map(({ path }) => path);
  return {
    format: 'salad-ad split',
    version: 1,
    recipe: split.recipe,
    records: { count: all.length, sha256: await recordsHash(where, all) },
    parts: Object.fromEntries(
      Object.entries(split.parts).map(([part, records]) => [part, paths(records)]),
    ),
    unused: paths(split.unused),
  };
}

/**
 * Restores a saved split of the same records.
 *
 * @param json what `splitToJSON` returned
 * @param records the same images with the same labels, in any order
 * @returns the split, with the records as they are given
 * @throws INVALID_RECORDS where records are missing, too many, or labelled otherwise: the message names up to five,
 * `details` all. PATIENT_OVERLAP where a record's patient has changed so that one is in two parts; IMAGE_OVERLAP where a path is. FORMAT_VERSION,
 * INVALID_OPTION, NO_CRYPTO
 * @example
 * const split = await splitFromJSON(JSON.parse(text), records);
 */
export async function splitFromJSON(
  json: SplitFile,
  records: readonly ImageRecord[],
): Promise<Split> {
  return readSplit('splitFromJSON', json, records);
}

const paths = listOf(aText);
const fileRule = fields({
  records: fields({ count: aCount, sha256: aText }),
  parts: valuesOf(paths),
  unused: paths,
  recipe: fields({ method: aText, options: fields({ seed: aNumber(), unit: aText }) }),
});

/** `splitFromJSON` for the public call `where`. */
export async function readSplit(
  where: string,
  json: SplitFile,
  records: readonly ImageRecord[],
): Promise<Split> {
  check(
    json?.format === 'salad-ad split' && json.version === 1,
    'FORMAT_VERSION',
    () =>
      `${where}: got ${json?.format === 'salad-ad split' ? `version ${json.version} of a split` : 'something else than a split'}; expected version 1; read it with the version of salad-ad that wrote it.`,
  );
  const wrong = fileRule(json, '');
  check(
    wrong === undefined,
    'INVALID_RECORDS',
    () => `${where}: ${wrong}; expected all that splitToJSON writes, unchanged; write it again.`,
  );
  checkRecords(where, 'records', records);
  const byPath = new Map(records.map((record) => [record.path, record]));
  const lists = [...Object.entries(json.parts), ['unused', json.unused] as const];
  const saved = new Set(lists.flatMap(([, paths]) => paths));
  // By place in the file: a path may hold a patient's identifier, and errors end in logs.
  const missing = lists.flatMap(([part, paths]) =>
    paths.flatMap((path, i) => (byPath.has(path) ? [] : [`${part}[${i}]`])),
  );
  refuse(
    where,
    missing,
    'missing',
    `of ${saved.size} images of the split are not among the records`,
  );
  refuse(
    where,
    records.filter(({ path }) => !saved.has(path)).map((record) => `'${nameOf(record)}'`),
    'extra',
    `of ${records.length} records are not in the split of ${saved.size} images`,
  );
  check(
    records.length === json.records.count &&
      (await recordsHash(where, records)) === json.records.sha256,
    'INVALID_RECORDS',
    () =>
      `${where}: the records have the split's paths but other labels, or a path twice; expected those it was made of; read the list that it was made from, or split again.`,
  );
  const take = (paths: readonly string[]) =>
    paths.flatMap((path) => {
      const record = byPath.get(path);
      return record ? [record] : [];
    });
  const parts = Object.fromEntries(
    Object.entries(json.parts).map(([part, paths]) => [part, take(paths)]),
  );
  const recipe = recipeOf(json);
  refuseOverlaps(where, parts, { unit: recipe.options.unit });
  return { parts, unused: take(json.unused), recipe };
}

/** Units as version 0.1 spelt them. */
const storedUnits: Readonly<Record<string, SplitUnit>> = {
  'patient x body part': 'patientAndBodyPart',
};

function recipeOf({ recipe }: SplitFile): Split['recipe'] {
  const { unit } = recipe.options;
  return { ...recipe, options: { ...recipe.options, unit: storedUnits[unit] ?? unit } };
}

function refuse(where: string, images: readonly string[], name: string, what: string): void {
  if (images.length === 0) return;
  const more = images.length > 5 ? ` and ${images.length - 5} more` : '';
  throw new SaladError(
    'INVALID_RECORDS',
    `${where}: ${images.length} ${what}: ${images.slice(0, 5).join(', ')}${more}; expected the same images; read the list that the split was made from, or split again.`,
    { [name]: images },
  );
}

async function recordsHash(where: string, records: readonly ImageRecord[]): Promise<string> {
  const lines = sortedByPath(records).map(({ path, label }) => JSON.stringify([path, label]));
  return sha256(where, new TextEncoder().encode(lines.join('\n')));
}
