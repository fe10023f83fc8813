import type { BankStore, StoredRows } from '../../src/stores/index.js';

/** Rows drawn on the unit sphere around a few centres, as embeddings lie. */
export function clusteredRows(
  uniform: () => number,
  count: number,
  dim: number,
  centres = 5,
): Float32Array {
  const gaussian = () =>
    Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  const middles = Array.from({ length: centres }, () => Array.from({ length: dim }, gaussian));
  const rows = new Float32Array(count * dim);
  for (let row = 0; row < count; row++) {
    const middle = middles[Math.floor(uniform() * centres)];
    const values = middle.map((value) => value + 0.6 * gaussian());
    const length = Math.hypot(...values);
    rows.set(
      values.map((value) => value / length),
      row * dim,
    );
  }
  return rows;
}

/** The k nearest rows of each query by a plain loop in float64, of equal distances the lower id. */
export function nearestByLoop(
  { ids, rows }: StoredRows,
  queries: Float32Array,
  dim: number,
  k: number,
): { ids: number[]; distances: number[] }[] {
  return Array.from({ length: queries.length / dim }, (_, query) => {
    const found = Array.from(ids, (id, row) => {
      let squares = 0;
      for (let d = 0; d < dim; d++)
        squares += (rows[row * dim + d] - queries[query * dim + d]) ** 2;
      return { id, distance: Math.sqrt(squares) };
    });
    found.sort((a, b) => a.distance - b.distance || a.id - b.id);
    const nearest = found.slice(0, k);
    return { ids: nearest.map(({ id }) => id), distances: nearest.map((one) => one.distance) };
  });
}

/** The plainest store: an array. @param blockSize rows of a block. @param worse how nearest may lie */
export function arrayStore(
  dim: number,
  {
    blockSize = 7,
    nearest = nearestByLoop,
  }: { blockSize?: number; nearest?: typeof nearestByLoop } = {},
): BankStore & { readonly stored: { ids: number[]; rows: number[] } } {
  const stored = { ids: [] as number[], rows: [] as number[] };
  const all = () => ({ ids: stored.ids, rows: Float32Array.from(stored.rows) });
  return {
    stored,
    dim,
    size: async () => stored.ids.length,
    async add({ ids, rows }) {
      stored.ids.push(...Array.from(ids));
      stored.rows.push(...rows);
    },
    nearest: async (queries, k) => nearest(all(), queries, dim, k),
    async *blocks() {
      const { ids, rows } = all();
      for (let first = 0; first < ids.length; first += blockSize)
        yield {
          ids: ids.slice(first, first + blockSize),
          rows: rows.slice(first * dim, (first + blockSize) * dim),
        };
    },
    close: async () => {},
  };
}
