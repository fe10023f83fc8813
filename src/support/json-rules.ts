// What a JSON value must be, by type and range: files are read back that somebody else, or a damaged disk, may have changed.

/** Says what is wrong with the value at a place, such as 'threshold.value is a text; expected a number'; undefined for nothing. */
export type JsonRule = (value: unknown, at: string) => string | undefined;

function rule(expected: string, holds: (value: unknown) => boolean): JsonRule {
  return (value, at) =>
    holds(value) ? undefined : `${at} is ${said(value)}; expected ${expected}`;
}

/** A finite number within a range. */
export function aNumber(
  range: { min?: number; max?: number; above?: number; integer?: boolean } = {},
): JsonRule {
  const {
    min = Number.NEGATIVE_INFINITY,
    max = Number.POSITIVE_INFINITY,
    above = Number.NEGATIVE_INFINITY,
    integer = false,
  } = range;
  const bounds = [
    integer ? 'a whole number' : 'a finite number',
    Number.isFinite(above) ? `above ${above}` : Number.isFinite(min) ? `of at least ${min}` : '',
    Number.isFinite(max) ? `up to ${max}` : '',
  ];
  return rule(
    bounds.filter(Boolean).join(' '),
    (value) =>
      typeof value === 'number' &&
      (integer ? Number.isSafeInteger(value) : Number.isFinite(value)) &&
      value >= min &&
      value <= max &&
      value > above,
  );
}

/** A whole number of at least 0. */
export const aCount: JsonRule = aNumber({ min: 0, integer: true });
/** A number in [0, 1]. */
export const aShare: JsonRule = aNumber({ min: 0, max: 1 });
export const aText: JsonRule = rule('a text', (value) => typeof value === 'string');
export const anObject: JsonRule = rule('an object', isObject);

export function oneOf(...values: readonly (string | number | boolean | null)[]): JsonRule {
  const expected = values.map((value) => JSON.stringify(value)).join(' or ');
  return rule(expected, (value) => values.includes(value as string));
}

/** The rule, or nothing at all. */
export function optional(inner: JsonRule): JsonRule {
  return (value, at) => (value === undefined ? undefined : inner(value, at));
}

/** An array of `least` to `most` entries that all keep the rule. */
export function listOf(inner: JsonRule, least = 0, most = Number.POSITIVE_INFINITY): JsonRule {
  const counted = most === least ? ` of ${least}` : least > 0 ? ` of at least ${least}` : '';
  return (value, at) => {
    if (!Array.isArray(value) || value.length < least || value.length > most)
      return `${at} is ${said(value)}; expected a list${counted}`;
    for (let i = 0; i < value.length; i++) {
      const wrong = inner(value[i], `${at}[${i}]`);
      if (wrong) return wrong;
    }
    return undefined;
  };
}

/** An object whose named fields keep their rules, whatever else it has. */
export function fields(rules: Readonly<Record<string, JsonRule>>): JsonRule {
  return (value, at) => {
    if (!isObject(value)) return anObject(value, at);
    for (const [name, inner] of Object.entries(rules)) {
      const field = Object.hasOwn(value, name) ? value[name] : undefined;
      const wrong = inner(field, at ? `${at}.${name}` : name);
      if (wrong) return wrong;
    }
    return undefined;
  };
}

/** An object whose values all keep the rule, whatever their names; messages count them, since names may identify a patient. */
export function valuesOf(inner: JsonRule): JsonRule {
  return (value, at) =>
    isObject(value) ? listOf(inner)(Object.values(value), at) : anObject(value, at);
}

/** Both rules, the second where the first holds. */
export function both(first: JsonRule, second: JsonRule): JsonRule {
  return (value, at) => first(value, at) ?? second(value, at);
}

/** One of two rules; what is wrong is said by the second. */
export function either(first: JsonRule, second: JsonRule): JsonRule {
  return (value, at) => (first(value, at) === undefined ? undefined : second(value, at));
}

/** No deeper than `most` levels: what walks through a JSON value would else exhaust its stack. */
export function isShallow(value: unknown, most = 100): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return most > 0 && Object.values(value).every((inner) => isShallow(inner, most - 1));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Texts are not shown: they may name a patient. */
function said(value: unknown): string {
  if (typeof value === 'string') return 'a text';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (value === undefined) return 'missing';
  return isObject(value) ? 'an object' : String(value);
}
