import { describe, expect, it } from 'vitest';
import {
  aCount,
  aNumber,
  anObject,
  aText,
  both,
  either,
  fields,
  isShallow,
  listOf,
  oneOf,
  optional,
  valuesOf,
} from '../../src/support/json-rules.js';

describe('rules of JSON values', () => {
  it.each([
    [aNumber(), [0, -1.5, 1e300], [Number.NaN, Number.POSITIVE_INFINITY, '1', null, undefined, []]],
    [aNumber({ above: 0, max: 1 }), [0.5, 1], [0, 1.01, -1]],
    [aNumber({ min: 0, max: 1 }), [0, 1], [-1e-9, 1.01]],
    [aCount, [0, 7], [-1, 0.5, 2 ** 53, '1']],
    [aText, ['', 'a'], [1, null, undefined]],
    [anObject, [{}], [[], null, 'a', undefined]],
    [oneOf('a', null), ['a', null], ['b', undefined]],
    [optional(aCount), [undefined, 1], [null, 'a']],
    [listOf(aCount), [[], [1, 2]], [[1, 'a'], 'ab', { length: 0 }, undefined]],
    [listOf(aCount, 2, 2), [[1, 2]], [[1], [1, 2, 3]]],
    [fields({ a: aCount }), [{ a: 1 }, { a: 1, b: 'x' }], [{}, { a: 'x' }, [], null]],
    [valuesOf(aCount), [{}, { a: 1 }], [{ a: 'x' }, [1], null]],
    [either(aText, aCount), ['a', 1], [null, 0.5]],
    [both(aCount, aNumber({ max: 3 })), [3], [4, 'a']],
  ])('rule %#', (rule, held, broken) => {
    for (const value of held) expect(rule(value, 'it'), JSON.stringify(value)).toBeUndefined();
    for (const value of broken) expect(rule(value, 'it'), String(value)).toMatch(/^it/);
  });

  it('name the place, and no text, which may name a patient', () => {
    const rule = fields({ parts: valuesOf(listOf(fields({ age: aCount }))) });
    expect(rule({ parts: { MILLER: [{ age: 1 }, { age: 'MILLER' }] } }, '')).toBe(
      'parts[0][1].age is a text; expected a whole number of at least 0',
    );
    expect(rule({}, '')).toBe('parts is missing; expected an object');
  });

  it('take no field from a prototype', () => {
    expect(fields({ toString: anObject })({}, '')).toBe('toString is missing; expected an object');
  });

  it('tell a nest of any depth', () => {
    expect(isShallow(JSON.parse('['.repeat(100) + ']'.repeat(100)))).toBe(true);
    expect(isShallow(JSON.parse('['.repeat(102) + ']'.repeat(102)))).toBe(false);
    expect(isShallow(JSON.parse('['.repeat(1e5) + ']'.repeat(1e5)))).toBe(false);
  });
});
