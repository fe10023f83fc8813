import type { Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { writeRows, writesInPlace } from '../operations/write-rows.js';

/**
 * Rows that come batch by batch, put together: where a backend writes rows where they lie, in the memory that they stay in, so
 * that a million rows are not there twice.
 */
export class RowCollector {
  private readonly batches: Tensor2D[] = [];
  private whole: Tensor2D | undefined;
  private count = 0;

  /** @param most rows, at most. @param dim numbers in a row. */
  constructor(
    private readonly most: number,
    private readonly dim: number,
  ) {}

  /** Takes a batch over. */
  add(rows: Tensor2D): void {
    this.batches.push(rows);
    if (!writesInPlace() || rows.shape[0] === this.most) return;
    const at = Int32Array.from({ length: rows.shape[0] }, (_, i) => this.count + i);
    this.whole ??= tf.fill([this.most, this.dim], 0) as Tensor2D;
    writeRows(this.whole, at, rows);
    this.count += rows.shape[0];
    this.batches.pop()?.dispose();
  }

  /** All rows in the order in which they came; they are the caller's. */
  take(): Tensor2D {
    const { whole, count, most, dim } = this;
    if (whole && count === most) {
      this.whole = undefined;
      return whole;
    }
    if (whole) return tf.slice(whole, [0, 0], [count, dim]);
    return this.batches.length > 0 ? tf.concat(this.batches, 0) : tf.zeros([0, dim]);
  }

  /** Frees what was not taken. */
  dispose(): void {
    tf.dispose([...this.batches, ...(this.whole ? [this.whole] : [])]);
  }
}
