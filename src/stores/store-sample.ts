import type { Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { similarity } from '../operations/blocks.js';
import { hostTurns } from '../support/host.js';
import { RandomStream } from '../support/random.js';
import type { BankStore } from './bank-store.js';
import { checkBlock } from './check-store.js';
import type { Searched } from './search-store.js';
import { QUERIES, type StoredAngles } from './stored-angles.js';

/**
 * What the sum of the angles to all rows of a store is estimated from: some rows, drawn evenly, and the sum of all.
 *
 * With x_j = m_j . z, arccos(x_j) = pi / 2 - x_j - (arcsin(x_j) - x_j). The first two terms need the sum of all rows alone, which is
 * exact. The last is small (x^3 / 6 + ...), so that its mean over a sample has a small error: that mean is estimated, over the rows
 * which are not among the nearest ones, whose angles are known.
 *
 *     total = N pi / 2 - z . sum_j m_j + sum_near r_j + (N - near) mean_sample r,    r_j = x_j - arcsin(x_j)
 *     its standard error = (N - near) sd_sample(r) / sqrt(m) sqrt(1 - m / (N - near))
 *
 * The same rows are drawn of the same ids, in whatever order the store gives them. A sample of all rows leaves no error.
 *
 * @see Cochran, Sampling Techniques, 1977, chapters 2 (drawing without replacement) and 7 (a variable whose mean is known).
 */
export class StoreSample {
  private constructor(
    /** N, rows of the store when it was drawn. */
    readonly size: number,
    /** [m], which rows were drawn. */
    readonly ids: Int32Array,
    /** [m * dim] */
    readonly rows: Float32Array,
    /** [dim], the sum of all N rows. */
    private readonly sum: Float64Array,
  ) {}

  /** Draws so many rows, in one pass over the store. @throws STORE_INVALID | INVALID_EMBEDDING | `signal.reason` */
  static async draw(
    where: string,
    store: BankStore,
    { count, seed, signal }: { count: number; seed: number; signal?: AbortSignal },
  ): Promise<StoreSample> {
    const { dim } = store;
    const sum = new Float64Array(dim);
    const drawn: { id: number; order: number; row: Float32Array }[] = [];
    // Rows of low order are drawn; a few more than are needed stay below this limit.
    const limit = (count + 8 * Math.sqrt(count) + 16) / Math.max(1, await store.size());
    const giveHostItsTurn = hostTurns(signal);
    let size = 0;
    for await (const block of store.blocks()) {
      await giveHostItsTurn();
      size += checkBlock(where, block, dim);
      const { ids, rows } = block;
      for (let row = 0, i = 0; row < ids.length; row++) {
        for (let d = 0; d < dim; d++) sum[d] += rows[i++];
        const order = new RandomStream(seed, ['store-sample', ids[row]]).uniform();
        if (order < limit)
          drawn.push({ id: ids[row], order, row: rows.slice(row * dim, (row + 1) * dim) });
      }
    }
    const chosen = drawn.sort((a, b) => a.order - b.order || a.id - b.id).slice(0, count);
    const values = new Float32Array(chosen.length * dim);
    chosen.forEach(({ row }, i) => {
      values.set(row, i * dim);
    });
    return new StoreSample(
      size,
      Int32Array.from(chosen, ({ id }) => id),
      values,
      sum,
    );
  }

  /**
   * Estimates the sums of angles for queries whose nearest rows were found.
   *
   * @param queries [count, dim], unit rows. @param ownRows [count]: a row left out for that query, or -1.
   */
  async totals(
    queries: Tensor2D,
    { nearest, ownAngles }: Searched,
    ownRows: ArrayLike<number> | undefined,
  ): Promise<Required<Pick<StoredAngles, 'totals' | 'errors' | 'kept'>>> {
    const [count, dim] = queries.shape;
    const [totals, errors, kept] = [1, 2, 3].map(() => new Float64Array(count));
    const values = await queries.data<'float32'>();
    const rows = tf.tensor2d(this.rows, [this.ids.length, dim]);
    try {
      for (let first = 0; first < count; first += QUERIES) {
        const some = Math.min(QUERIES, count - first);
        const products = tf.tidy(() =>
          similarity(tf.slice(queries, [first, 0], [some, dim]), rows),
        );
        const cosines = await products.data<'float32'>();
        products.dispose();
        for (let i = 0; i < some; i++) {
          const query = first + i;
          const own = ownRows?.[query] ?? -1;
          const known = new Map<number, number>();
          nearest[query].ids.forEach((id, at) => {
            known.set(id, nearest[query].angles[at]);
          });
          const ownAngle = ownAngles[query];
          if (ownAngle !== undefined) known.set(own, ownAngle);
          const one = this.total(
            values.subarray(query * dim, (query + 1) * dim),
            cosines.subarray(i * this.ids.length, (i + 1) * this.ids.length),
            known,
          );
          const angle = own < 0 ? undefined : (ownAngle ?? this.angleOf(own, cosines, i));
          kept[query] = angle === undefined ? this.size : this.size - 1;
          totals[query] = one.total - (angle ?? 0);
          errors[query] = one.error;
        }
      }
    } finally {
      rows.dispose();
    }
    return { totals, errors, kept };
  }

  private total(
    query: Float32Array,
    cosines: Float32Array,
    known: ReadonlyMap<number, number>,
  ): { total: number; error: number } {
    const { size, ids, sum } = this;
    let total = (size * Math.PI) / 2;
    for (let d = 0; d < query.length; d++) total -= query[d] * sum[d];
    for (const angle of known.values()) total += angle - Math.PI / 2 + Math.cos(angle);
    let [drawn, residuals, squares] = [0, 0, 0];
    for (let j = 0; j < ids.length; j++) {
      if (known.has(ids[j])) continue;
      const cosine = Math.min(1, Math.max(-1, cosines[j]));
      const residual = cosine - Math.asin(cosine);
      drawn++;
      residuals += residual;
      squares += residual * residual;
    }
    const others = size - known.size;
    if (drawn === 0) return { total, error: 0 };
    const mean = residuals / drawn;
    const variance = drawn > 1 ? Math.max(0, squares - drawn * mean * mean) / (drawn - 1) : 0;
    const left = Math.max(0, 1 - drawn / others);
    return { total: total + others * mean, error: others * Math.sqrt((variance / drawn) * left) };
  }

  /** The angle to a row that was drawn; of one that was not, where some were not, the mean angle will do: one of N. */
  private angleOf(id: number, cosines: Float32Array, query: number): number | undefined {
    const { ids, size } = this;
    const place = ids.indexOf(id);
    if (place >= 0)
      return Math.acos(Math.min(1, Math.max(-1, cosines[query * ids.length + place])));
    return ids.length === size ? undefined : Math.PI / 2;
  }
}
