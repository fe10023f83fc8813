import {
  type Film,
  pValueOf,
  scoreOf,
  VERDICT_TEXT,
  type Verdict,
  verdictOf,
} from '../films/film.js';

/** What the table may be sorted by. */
export type Column = 'name' | 'score' | 'pValue' | 'verdict';

export interface Order {
  readonly column: Column;
  readonly descending: boolean;
}

export interface Filter {
  /** Part of the name; empty for all. */
  readonly text: string;
  readonly verdict: Verdict | 'all';
}

const names = new Intl.Collator('en', { numeric: true });

/** The films that a filter lets through, in order. What has no value comes last either way. */
export function arranged(films: readonly Film[], filter: Filter, order: Order): Film[] {
  const text = filter.text.trim().toLowerCase();
  const shown = films.filter(
    (film) =>
      (filter.verdict === 'all' || verdictOf(film) === filter.verdict) &&
      film.name.toLowerCase().includes(text),
  );
  const sign = order.descending ? -1 : 1;
  return shown.sort((a, b) => compared(a, b, order.column, sign) || a.id - b.id);
}

function compared(a: Film, b: Film, column: Column, sign: number): number {
  if (column === 'name') return sign * names.compare(a.name, b.name);
  if (column === 'verdict')
    return sign * names.compare(VERDICT_TEXT[verdictOf(a)], VERDICT_TEXT[verdictOf(b)]);
  const value = column === 'score' ? scoreOf : pValueOf;
  const [one, other] = [value(a), value(b)];
  if (one === undefined || other === undefined)
    return Number(one === undefined) - Number(other === undefined);
  return sign * (one - other);
}
