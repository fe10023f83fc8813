import { check, checkKnownOptions, checkObject, said } from './check.js';

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

/** The signal of a call that has no other option, not aborted yet. @throws UNKNOWN_OPTION | INVALID_OPTION | `signal.reason` */
export function checkedSignal(
  where: string,
  options: { readonly signal?: AbortSignal },
): AbortSignal | undefined {
  checkKnownOptions(where, options, { signal: true });
  checkSignal(where, options.signal);
  options.signal?.throwIfAborted();
  return options.signal;
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
