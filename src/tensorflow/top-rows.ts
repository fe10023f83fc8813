/** Places of a list that its order of equal cosines can tell apart. */
const PLACES = 2 ** 21;

/** Rows and their cosines, which came in rising order of rows. */
interface Offered {
  readonly cosines: number[];
  readonly rows: number[];
}

/**
 * The k rows of largest cosine that each query was offered, of equal ones the lower row.
 *
 * What is offered is put down, and sorted when a set of rows is complete: by numbers, which typed arrays sort several times as fast
 * as a heap takes rows in.
 */
export class TopRows {
  /** [queries, k], largest first; of the rows that `settle` has seen. */
  readonly cosines: Float32Array;
  /** [queries, k]. */
  readonly rows: Int32Array;
  private readonly counts: Int32Array;
  private readonly offered: readonly Offered[];

  constructor(
    readonly queries: number,
    readonly k: number,
  ) {
    this.cosines = new Float32Array(queries * k);
    this.rows = new Int32Array(queries * k);
    this.counts = new Int32Array(queries);
    this.offered = Array.from({ length: queries }, () => ({ cosines: [], rows: [] }));
  }

  /** Rows that every query holds. */
  get count(): number {
    return this.counts.reduce((least, count) => Math.min(least, count), this.k);
  }

  /** Puts a row down. Rows come in rising order. */
  offer(query: number, cosine: number, row: number): void {
    const { cosines, rows } = this.offered[query];
    cosines.push(cosine);
    rows.push(row);
  }

  /** Takes the largest of what was offered. */
  settle(): void {
    const { k, counts } = this;
    for (let query = 0; query < this.queries; query++) {
      const { cosines, rows } = this.offered[query];
      if (rows.length === 0) continue;
      const kept = query * k;
      const held = counts[query];
      // Of equal cosines those held come first: their rows are lower.
      const all = new Float32Array(held + rows.length);
      all.set(this.cosines.subarray(kept, kept + held));
      all.set(cosines, held);
      const allRows = new Int32Array(all.length);
      allRows.set(this.rows.subarray(kept, kept + held));
      allRows.set(rows, held);
      const places = order(all);
      counts[query] = Math.min(k, all.length);
      for (let i = 0; i < counts[query]; i++) {
        this.cosines[kept + i] = all[places[i]];
        this.rows[kept + i] = allRows[places[i]];
      }
      cosines.length = 0;
      rows.length = 0;
    }
  }
}

/** Places in the order of their cosines, largest first, of equal ones the earlier place. */
function order(cosines: Float32Array): Float64Array {
  // As whole numbers the bits of float32 are in the order of its values, those of negative ones reversed.
  const bits = new Int32Array(cosines.buffer);
  const keys = new Float64Array(bits.length);
  for (let place = 0; place < keys.length; place++) {
    // Of -0 comes 0, which it is equal to.
    const value = cosines[place] === 0 ? 0 : bits[place];
    const rank = value < 0 ? value ^ 0x7fffffff : value;
    keys[place] = place - rank * PLACES;
  }
  keys.sort();
  for (let i = 0; i < keys.length; i++) keys[i] -= Math.floor(keys[i] / PLACES) * PLACES;
  return keys;
}
