import type { StoredRows } from './bank-store.js';

/** Rows of a chunk: at 200 numbers 13 MB. */
const CHUNK = 16384;

/** Rows in memory that grow without being copied, found by their place and with an id each. */
export class RowChunks {
  private readonly chunks: { ids: Int32Array; rows: Float32Array }[] = [];
  private readonly known = new Set<number>();

  constructor(private readonly dim: number) {}

  get size(): number {
    return this.known.size;
  }

  has(id: number): boolean {
    return this.known.has(id);
  }

  /** Adds copies. @returns the place of the first. */
  add({ ids, rows }: StoredRows): number {
    const { dim, chunks, known } = this;
    const first = known.size;
    for (let done = 0; done < ids.length; ) {
      const at = known.size % CHUNK;
      if (at === 0)
        chunks.push({ ids: new Int32Array(CHUNK), rows: new Float32Array(CHUNK * dim) });
      const chunk = chunks[chunks.length - 1];
      const some = Math.min(CHUNK - at, ids.length - done);
      chunk.rows.set(rows.subarray(done * dim, (done + some) * dim), at * dim);
      for (let i = 0; i < some; i++) {
        chunk.ids[at + i] = ids[done + i];
        known.add(ids[done + i]);
      }
      done += some;
    }
    return first;
  }

  idOf(place: number): number {
    return this.chunks[Math.floor(place / CHUNK)].ids[place % CHUNK];
  }

  /** Euclidean, by differences in float64. */
  distanceTo(place: number, query: Float32Array): number {
    const { dim } = this;
    const { rows } = this.chunks[Math.floor(place / CHUNK)];
    const start = (place % CHUNK) * dim;
    let squares = 0;
    for (let d = 0; d < dim; d++) squares += (rows[start + d] - query[d]) ** 2;
    return Math.sqrt(squares);
  }

  /** Borrowed: the memory of the chunks. */
  async *blocks(): AsyncGenerator<StoredRows, void> {
    for (const [i, { ids, rows }] of this.chunks.entries()) {
      const count = Math.min(CHUNK, this.size - i * CHUNK);
      if (count > 0)
        yield { ids: ids.subarray(0, count), rows: rows.subarray(0, count * this.dim) };
    }
  }

  clear(): void {
    this.chunks.length = 0;
    this.known.clear();
  }
}
