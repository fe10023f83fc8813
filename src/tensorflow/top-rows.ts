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
      // Of equal cosines those held come first: their rows are lower.
      const all = [...this.cosines.subarray(kept, kept + counts[query]), ...cosines];
      const allRows = [...this.rows.subarray(kept, kept + counts[query]), ...rows];
      counts[query] = Math.min(k, all.length);
      order(all)
        .subarray(0, counts[query])
        .forEach((place, i) => {
          this.cosines[kept + i] = all[place];
          this.rows[kept + i] = allRows[place];
        });
      cosines.length = 0;
      rows.length = 0;
    }
  }
}

/** Places in the order of their cosines, largest first, of equal ones the earlier place. */
function order(cosines: readonly number[]): Float64Array {
  // As whole numbers the bits of float32 are in the order of its values, those of negative ones reversed.
  const bits = new Int32Array(Float32Array.from(cosines, (cosine) => cosine + 0).buffer);
  const keys = Float64Array.from(bits, (value, place) => {
    const rank = value < 0 ? value ^ 0x7fffffff : value;
    return place - rank * PLACES;
  }).sort();
  return keys.map((key) => key - Math.floor(key / PLACES) * PLACES);
}
