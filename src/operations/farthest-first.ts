/**
 * Rows as a heap: the one of largest value first, of equal ones the lower row. A value may only become smaller, and
 * only that of the first row.
 */
export class FarthestFirst {
  private readonly heap: Int32Array;
  private count: number;

  /** @param values of each row; the caller changes them. */
  constructor(private readonly values: Float64Array) {
    this.count = values.length;
    this.heap = Int32Array.from({ length: this.count }, (_, row) => row);
    for (let at = (this.count >> 1) - 1; at >= 0; at--) this.sink(at);
  }

  /** The row of largest value. */
  get first(): number {
    return this.heap[0];
  }

  /** Finds the place of the first row, whose value has become smaller. */
  moveFirst(): void {
    this.sink(0);
  }

  /** Takes the first row out. */
  removeFirst(): void {
    this.heap[0] = this.heap[--this.count];
    this.sink(0);
  }

  private sink(from: number): void {
    const { heap, count } = this;
    const row = heap[from];
    let at = from;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= count) break;
      if (child + 1 < count && this.isBefore(heap[child + 1], heap[child])) child++;
      if (this.isBefore(row, heap[child])) break;
      heap[at] = heap[child];
      at = child;
    }
    heap[at] = row;
  }

  private isBefore(one: number, other: number): boolean {
    const { values } = this;
    return values[one] > values[other] || (values[one] === values[other] && one < other);
  }
}
