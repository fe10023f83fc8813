import { check } from '../support/check.js';

/** A column of Arrow, of which what is read. */
export interface ArrowColumn {
  readonly length: number;
  toArray(): unknown;
  readonly data: readonly {
    readonly offset: number;
    readonly length: number;
    readonly children: readonly { readonly values: unknown }[];
  }[];
}

/** A column of numbers. @throws STORE_INVALID */
export function numbersOf(column: ArrowColumn | null): number[] {
  const values = column?.toArray() as ArrayLike<number | bigint> | undefined;
  check(
    values !== undefined && typeof values.length === 'number',
    'STORE_INVALID',
    () => `lanceStore: a column is missing in what LanceDB gave; expected 'id' and 'vector'.`,
  );
  return Array.from(values, Number);
}

/** A column of vectors, row after row; where it can be, the memory of the column. @throws STORE_INVALID */
export function floatsOf(column: ArrowColumn | null, dim: number): Float32Array {
  const parts = (column?.data ?? []).map(({ offset, length, children }) => {
    const values = children[0]?.values;
    check(
      values instanceof Float32Array,
      'STORE_INVALID',
      () => `lanceStore: the column 'vector' does not hold float32; expected what add wrote.`,
    );
    return values.subarray(offset * dim, (offset + length) * dim);
  });
  if (parts.length === 1) return parts[0];
  const all = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
