import { check, said } from './check.js';

/** true or false, or INVALID_OPTION; undefined is left to the default. */
export function checkBoolean(where: string, name: string, value: unknown): void {
  check(
    value === undefined || typeof value === 'boolean',
    'INVALID_OPTION',
    () => `${where}: ${name} is ${said(value)}; expected true or false.`,
    { name, value },
  );
}

/** A function, or INVALID_OPTION; undefined is left to the default. */
export function checkFunction(where: string, name: string, value: unknown): void {
  check(
    value === undefined || typeof value === 'function',
    'INVALID_OPTION',
    () => `${where}: ${name} is ${said(value)}; expected a function.`,
    { name, value },
  );
}

/** An AbortSignal, or INVALID_OPTION; undefined is none. */
export function checkSignal(where: string, signal: unknown): void {
  check(
    signal === undefined || typeof (signal as AbortSignal | null)?.throwIfAborted === 'function',
    'INVALID_OPTION',
    () =>
      `${where}: signal is ${said(signal)}; expected an AbortSignal, the signal of an AbortController say.`,
    { name: 'signal', value: signal },
  );
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

/** An object that has a list under each name, or INVALID_OPTION. */
export function checkHasLists<Input extends object>(
  where: string,
  name: string,
  input: Input,
  lists: readonly (keyof Input & string)[],
): void {
  checkObject(where, name, input, `an object with ${lists.join(', ')}`);
  for (const list of lists) {
    const value = input[list] as ArrayLike<unknown> | undefined;
    check(
      typeof value === 'object' && typeof value?.length === 'number',
      'INVALID_OPTION',
      () => `${where}: ${list} of ${name} is ${said(value)}; expected an array.`,
      { name: list, value },
    );
  }
}
