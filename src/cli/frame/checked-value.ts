import type { Option } from './command.js';
import { misused } from './failure.js';

/** The value of an option, from the line or from the file. @throws Failure */
export function checkedValue(label: string, option: Option, value: unknown): unknown {
  const { type, choices, min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = option;
  const wrong = (expected: string) => {
    const found = value === undefined ? 'has no value' : `is ${JSON.stringify(value)}`;
    return misused(`${label} ${found}; expected ${expected}`);
  };
  if (type === 'switch') {
    if (value !== undefined && typeof value !== 'boolean')
      throw wrong('true or false in a file, and nothing behind it on the line');
    return value ?? true;
  }
  if (type === 'object') {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw wrong('an object, as `salad-ad config` prints it');
    return value;
  }
  if (type === 'number') {
    const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
    const fits =
      typeof number === 'number' &&
      number >= min &&
      number <= max &&
      (!option.whole || Number.isInteger(number));
    if (!fits) throw wrong(numberText(option));
    return number;
  }
  if (typeof value !== 'string' || value === '') throw wrong(option.value ?? 'a text');
  if (choices && !choices.includes(value)) throw wrong(choices.join(' or '));
  return value;
}

function numberText({ min, max, whole }: Option): string {
  const kind = whole ? 'a whole number' : 'a number';
  if (min !== undefined && max !== undefined) return `${kind} from ${min} to ${max}`;
  if (min !== undefined) return `${kind} of at least ${min}`;
  return kind;
}
