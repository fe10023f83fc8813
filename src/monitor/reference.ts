import { countBelow } from '../metrics/count-below.js';
import { quantile } from '../metrics/quantile.js';
import type { DriftWindow } from './drift-summary.js';
import type { TraitKinds } from './monitored-film.js';

/** A value of the scores or of a trait; null where it is missing. */
export type Value = string | number | null;

type Shift = DriftWindow['shifts'][number];

/** Rising numbers, or how often each category came, by name. */
export type ReferenceValues = Readonly<
  Record<string, readonly number[] | Readonly<Record<string, number>>>
>;

/** What the scores and traits of the films were that later ones are compared with. */
export class Reference {
  constructor(readonly values: ReferenceValues) {}

  /** @param rows values by name, as a window holds them */
  static of(rows: readonly Readonly<Record<string, Value>>[], kinds: TraitKinds): Reference {
    const of = (name: string, kind: TraitKinds[string]) => {
      const present = rows.map((row) => row[name]).filter((value) => value !== null);
      return kind === 'number'
        ? (present as number[]).sort((a, b) => a - b)
        : countsOf(present as string[]);
    };
    return new Reference(
      Object.fromEntries(Object.entries(kinds).map(([name, kind]) => [name, of(name, kind)])),
    );
  }

  /** How the values of a window lie beside it. */
  shift(name: string, window: readonly Value[]): Shift {
    const present = window.filter((value) => value !== null);
    const missing = window.length === 0 ? 0 : 1 - present.length / window.length;
    const own = this.values[name];
    return {
      name,
      missing,
      ...(Array.isArray(own)
        ? numberShift(own, present as number[])
        : categoryShift(own as Readonly<Record<string, number>>, present as string[])),
    };
  }
}

function numberShift(reference: readonly number[], values: readonly number[]): Partial<Shift> {
  const sorted = [...values].sort((a, b) => a - b);
  const median = (of: readonly number[]) => quantile(Float64Array.from(of), 0.5);
  const higher = values.reduce(
    (sum, value) =>
      sum +
      countBelow(reference, value) +
      (countBelow(reference, value, { orEqual: true }) - countBelow(reference, value)) / 2,
    0,
  );
  return {
    ...(values.length > 0 && { median: median(sorted) }),
    ...(reference.length > 0 && { referenceMedian: median(reference) }),
    ...(values.length * reference.length > 0 && {
      higher: higher / values.length / reference.length,
    }),
  };
}

function categoryShift(
  reference: Readonly<Record<string, number>>,
  values: readonly string[],
): Partial<Shift> {
  const before = Object.values(reference).reduce((sum, count) => sum + count, 0);
  if (values.length === 0 || before === 0) return {};
  const now = new Map(Object.entries(countsOf(values)));
  const shares = [...new Set([...Object.keys(reference), ...now.keys()])].map((value) => ({
    value,
    share: (now.get(value) ?? 0) / values.length,
    referenceShare: (Object.hasOwn(reference, value) ? reference[value] : 0) / before,
  }));
  const growth = (one: (typeof shares)[number]) => one.share - one.referenceShare;
  const grown = shares.reduce((most, one) => (growth(one) > growth(most) ? one : most));
  return {
    distance: shares.reduce((sum, one) => sum + Math.abs(growth(one)), 0) / 2,
    ...(growth(grown) > 0 && { grown }),
  };
}

function countsOf(values: readonly string[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  // As a property of its own, whatever its name.
  return Object.fromEntries(counts);
}
