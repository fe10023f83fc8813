import type { Row } from './row.js';

/** Rows in their order, which need not lie in memory. */
export interface RowSet {
  readonly count: number;
  /** Rows of files that could not be read. */
  readonly unread: number;
  /** From the first one on, as often as it is called. */
  read(): AsyncIterable<Row>;
}

export const isUnread = ({ problem }: Row): boolean => problem !== undefined;

/** Rows that are in memory anyway. */
export const inMemory = (rows: readonly Row[]): RowSet => ({
  count: rows.length,
  unread: rows.filter(isUnread).length,
  async *read() {
    yield* rows;
  },
});

/** One set after the other. */
export const joined = (sets: readonly RowSet[]): RowSet => ({
  count: sets.reduce((sum, { count }) => sum + count, 0),
  unread: sets.reduce((sum, { unread }) => sum + unread, 0),
  async *read() {
    for (const set of sets) yield* set.read();
  },
});
