import { SaladError, type SaladErrorCode } from './errors.js';

/** Raises `code` with `message` unless `condition` holds; the message is only built when it fails. */
export function check(
  condition: boolean,
  code: SaladErrorCode,
  message: () => string,
  details?: Readonly<Record<string, unknown>>,
): asserts condition {
  if (!condition) throw new SaladError(code, message(), details);
}

/** A number in a closed or half-open range, or INVALID_OPTION. */
export function checkNumber(
  where: string,
  name: string,
  value: number,
  range: { min?: number; max?: number; above?: number; integer?: boolean },
): void {
  const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY, above, integer } = range;
  const inside =
    typeof value === 'number' &&
    Number.isFinite(value) &&
    value >= min &&
    value <= max &&
    (above === undefined || value > above) &&
    (!integer || Number.isInteger(value));
  check(
    inside,
    'INVALID_OPTION',
    () => {
      const bounds = [
        integer ? 'a whole number' : 'a number',
        above !== undefined ? `above ${above}` : Number.isFinite(min) ? `of at least ${min}` : '',
        Number.isFinite(max) ? `up to ${max}` : '',
      ].filter(Boolean);
      return `${where}: ${name} is ${said(value)}; expected ${bounds.join(' ')}.`;
    },
    { name, value },
  );
}

/** One of the choices, or INVALID_OPTION. */
export function checkChoice(
  where: string,
  name: string,
  value: string,
  choices: readonly string[],
): void {
  check(
    choices.includes(value),
    'INVALID_OPTION',
    () =>
      `${where}: ${name} is ${said(value)}; expected ${choices.map((choice) => `'${choice}'`).join(' or ')}.`,
    { name, value, choices },
  );
}

/** Every index a whole number in [0, size), or INDEX_OUT_OF_RANGE naming the first that is not. */
export function checkIndices(
  where: string,
  name: string,
  indices: ArrayLike<number>,
  size: number,
  thing = 'row',
): void {
  checkList(where, name, indices);
  for (let i = 0; i < indices.length; i++) {
    const index = indices[i];
    if (Number.isInteger(index) && index >= 0 && index < size) continue;
    throw new SaladError(
      'INDEX_OUT_OF_RANGE',
      `${where}: ${name}[${i}] is ${index} but there ${size === 1 ? `is 1 ${thing}` : `are ${size} ${thing}s`}; expected a whole number from 0 to ${size - 1}.`,
      { name, position: i, index, size },
    );
  }
}

/** The names of options of a type: one left out, and one that the type lacks, does not compile. */
export type OptionNames<Options extends object> = [keyof Options] extends [never]
  ? never
  : { readonly [Name in keyof Options]-?: true };

/** The names of options that `complete`, such as their defaults, has all of. */
export function namesOf<Options extends object>(complete: Required<Options>): OptionNames<Options> {
  return Object.fromEntries(
    Object.keys(complete).map((name) => [name, true]),
  ) as OptionNames<Options>;
}

/** A value as errors speak of it: a text in quotes, an object by its kind alone. */
export function said(value: unknown): string {
  if (typeof value === 'string') return `'${value}'`;
  if (typeof value === 'function') return 'a function';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty array' : 'an array';
  return typeof value === 'object' && value !== null ? 'another object' : String(value);
}

/** An object with all of `members`, or INVALID_OPTION. @param expected what it is, 'what summarize returned' say */
export function checkObject(
  where: string,
  name: string,
  value: unknown,
  expected = 'an object',
  members: readonly string[] = [],
): void {
  check(
    typeof value === 'object' && value !== null && !Array.isArray(value),
    'INVALID_OPTION',
    () => `${where}: ${name} is ${said(value)}; expected ${expected}.`,
    { name },
  );
  for (const member of members)
    check(
      (value as Record<string, unknown>)[member] !== undefined,
      'INVALID_OPTION',
      () => `${where}: ${name} has no ${member}; expected ${expected}.`,
      { name, member },
    );
}

/** A text, or INVALID_OPTION. */
export function checkText(where: string, name: string, value: unknown, expected = 'a text'): void {
  check(
    typeof value === 'string',
    'INVALID_OPTION',
    () => `${where}: ${name} is ${said(value)}; expected ${expected}.`,
    { name },
  );
}

/** Bytes, or INVALID_OPTION. */
export function checkBytes(where: string, name: string, value: unknown): void {
  check(
    ArrayBuffer.isView(value),
    'INVALID_OPTION',
    () => `${where}: ${name} is ${said(value)}; expected the bytes of a file in a Uint8Array.`,
    { name },
  );
}

/** A list of numbers or the like, or INVALID_OPTION. */
export function checkList(where: string, name: string, list: unknown): void {
  check(
    typeof list === 'object' && typeof (list as ArrayLike<unknown> | null)?.length === 'number',
    'INVALID_OPTION',
    () => `${where}: ${name} is ${said(list)}; expected an array.`,
    { name },
  );
}

/** An array of objects, each with all of `members`, or INVALID_OPTION naming the first entry that is none. */
export function checkObjects(
  where: string,
  name: string,
  list: unknown,
  expected = 'an object',
  members: readonly string[] = [],
): void {
  check(
    Array.isArray(list),
    'INVALID_OPTION',
    () => `${where}: ${name} is ${said(list)}; expected an array.`,
    { name },
  );
  list.forEach((entry, i) => {
    checkObject(where, `${name}[${i}]`, entry, expected, members);
  });
}

/** As many entries as there are things they are for, or SHAPE_MISMATCH. @param things in the plural, 'embeddings' say. */
export function checkLength(
  where: string,
  name: string,
  list: ArrayLike<unknown>,
  count: number,
  things: string,
): void {
  checkList(where, name, list);
  check(
    list.length === count,
    'SHAPE_MISMATCH',
    () =>
      `${where}: ${name} has ${list.length} entries for ${count} ${things}; expected one for each.`,
    { name, entries: list.length, count },
  );
}

/** Finite numbers alone, or NOT_FINITE naming the first that is not. */
export function checkFinite(
  where: string,
  name: string,
  values: ArrayLike<number>,
  remedy = 'check the embeddings with checkEmbeddings',
): void {
  checkList(where, name, values);
  for (let i = 0; i < values.length; i++)
    check(
      Number.isFinite(values[i]),
      'NOT_FINITE',
      () => `${where}: ${name}[${i}] is ${values[i]}; expected a finite number; ${remedy}.`,
      { name, index: i },
    );
}

/**
 * No key of `options` outside `known`, or UNKNOWN_OPTION naming the nearest known one; INVALID_OPTION
 * where it is no object at all.
 *
 * @param hintOf a sentence on a name that is right elsewhere, or undefined.
 */
export function checkKnownOptions<Options extends object>(
  where: string,
  options: Options,
  known: OptionNames<NoInfer<Options>>,
  hintOf?: (name: string) => string | undefined,
): void {
  const names = Object.keys(known);
  check(
    typeof options === 'object' && options !== null,
    'INVALID_OPTION',
    () => `${where}: options is ${said(options)}; expected an object with ${names.join(', ')}.`,
  );
  for (const key of Object.keys(options)) {
    if (names.includes(key)) continue;
    const nearest = names
      .map((candidate) => ({ candidate, distance: editDistance(key, candidate) }))
      .sort((a, b) => a.distance - b.distance)[0];
    const near = nearest && nearest.distance <= 3 && `Did you mean '${nearest.candidate}'?`;
    const hint = hintOf?.(key) ?? near;
    throw new SaladError(
      'UNKNOWN_OPTION',
      `${where}: unknown option '${key}'.${hint ? ` ${hint}` : ''} Known options: ${names.join(', ')}.`,
      { key, known: names },
    );
  }
}

function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = previous[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min(substitution, previous[j] + 1, current[j - 1] + 1));
    }
    previous = current;
  }
  return previous[b.length];
}
