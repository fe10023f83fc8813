import type { Values } from './case.js';

/**
 * What is wrong with values that should be `expected`, or nothing.
 *
 * An error counts relative to the largest value of its list, or to 0.1 where all are smaller: a loss of
 * 1e-7 nats beside others of 10 is right to a millionth.
 */
export function mismatch(actual: Values, expected: Values, tolerance: number): string | undefined {
  const names = Object.keys(expected);
  if (Object.keys(actual).join() !== names.join())
    return `has ${Object.keys(actual).join()}; expected ${names.join()}`;
  for (const name of names) {
    const [found, wanted] = [Array.from(actual[name]), Array.from(expected[name])];
    if (found.length !== wanted.length)
      return `${name} has ${found.length} values; expected ${wanted.length}`;
    const scale = wanted.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0.1);
    // Written so that NaN does not pass.
    const at = wanted.findIndex((value, i) => !(Math.abs(found[i] - value) <= tolerance * scale));
    if (at >= 0)
      return `${name}[${at}] is ${found[at]}; expected ${wanted[at]} to ${tolerance * scale}`;
  }
  return undefined;
}
