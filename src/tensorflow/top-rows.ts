/**
 * The k rows of largest cosine that each query was offered, of equal ones the lower row.
 *
 * A heap per query, whose root is the one to give up next.
 */
export class TopRows {
  /** [queries]: below this a row is of no use. */
  readonly thresholds: Float32Array;
  /** [queries, k]. */
  readonly cosines: Float32Array;
  /** [queries, k]. */
  readonly rows: Int32Array;
  private readonly counts: Int32Array;

  constructor(
    readonly queries: number,
    readonly k: number,
  ) {
    this.thresholds = new Float32Array(queries).fill(
      k > 0 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY,
    );
    this.cosines = new Float32Array(queries * k);
    this.rows = new Int32Array(queries * k);
    this.counts = new Int32Array(queries);
  }

  /** Rows that every query holds. */
  get count(): number {
    return this.counts.reduce((least, count) => Math.min(least, count), this.k);
  }

  /** Takes a row whose cosine is above the query's threshold. Rows come in rising order. */
  take(query: number, cosine: number, row: number): void {
    const { k, counts, cosines, rows } = this;
    const heap = query * k;
    const count = counts[query];
    if (count < k) {
      let at = count;
      while (at > 0) {
        const parent = (at - 1) >> 1;
        // The newest row is the highest: among equals it is given up first.
        if (cosines[heap + parent] < cosine) break;
        this.move(heap + at, heap + parent);
        at = parent;
      }
      cosines[heap + at] = cosine;
      rows[heap + at] = row;
      counts[query] = count + 1;
      if (count + 1 < k) return;
    } else {
      this.sink(heap, k, cosine, row);
    }
    this.thresholds[query] = cosines[heap];
  }

  /** Sorts each query's rows, largest cosine first; nothing can be taken afterwards. */
  sort(): void {
    const { k, counts, cosines, rows } = this;
    for (let query = 0; query < counts.length; query++) {
      const heap = query * k;
      for (let last = k - 1; last > 0; last--) {
        const [cosine, row] = [cosines[heap], rows[heap]];
        this.sink(heap, last, cosines[heap + last], rows[heap + last]);
        cosines[heap + last] = cosine;
        rows[heap + last] = row;
      }
    }
  }

  /** Puts a row in the place of the root of a heap of `count`. */
  private sink(heap: number, count: number, cosine: number, row: number): void {
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= count) break;
      if (child + 1 < count && this.goesFirst(heap + child + 1, heap + child)) child += 1;
      const next = this.cosines[heap + child];
      if (cosine < next || (cosine === next && row > this.rows[heap + child])) break;
      this.move(heap + at, heap + child);
      at = child;
    }
    this.cosines[heap + at] = cosine;
    this.rows[heap + at] = row;
  }

  private goesFirst(one: number, other: number): boolean {
    const [a, b] = [this.cosines[one], this.cosines[other]];
    return a < b || (a === b && this.rows[one] > this.rows[other]);
  }

  private move(to: number, from: number): void {
    this.cosines[to] = this.cosines[from];
    this.rows[to] = this.rows[from];
  }
}
