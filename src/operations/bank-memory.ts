import type { Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { check } from '../support/check.js';
import { type BankBlocks, copyOf, ownBlocks, placesByBlock, shapeOfBlocks } from './bank-blocks.js';
import { DEFAULT_BLOCK_SIZE } from './blocks.js';
import { writeRows, writesInPlace } from './write-rows.js';

/**
 * What a bank lies in, of which nobody else holds the memory: one tensor where the backend has a kernel that writes rows
 * where they lie, else blocks of rows, of which those are made anew that rows are written into. A bank that was given as one
 * tensor, or asked for as one, stays so until rows are written into it.
 */
export class BankMemory {
  private held: BankBlocks;
  /** Whether somebody was given the rows as one tensor, and may have a clone or a slice of it. */
  private lent = false;

  /** @param blocks tensors that it takes over. */
  constructor(blocks: BankBlocks) {
    this.held = blocks.map((block) => tf.keep(block));
  }

  get shape(): [size: number, dim: number] {
    return shapeOfBlocks(this.checked());
  }

  /** To be read at once, and neither kept nor disposed. */
  blocks(): BankBlocks {
    return writesInPlace() ? [this.whole()] : this.checked();
  }

  /** The same in one tensor, which it then lies in. */
  whole(): Tensor2D {
    const blocks = this.checked();
    if (blocks.length > 1) this.replace([tf.concat([...blocks], 0)]);
    return this.held[0];
  }

  /** The same for somebody who may keep clones and slices of it. */
  lend(): Tensor2D {
    const rows = this.whole();
    this.lent = true;
    return rows;
  }

  /** Puts `values` [count, dim] in the place of rows that differ from each other. What was lent before is disposed. */
  write(at: Int32Array, values: Tensor2D): void {
    if (!writesInPlace() && this.held.length === 1 && this.shape[0] > DEFAULT_BLOCK_SIZE)
      this.replace(ownBlocks(this.held[0]));
    const blocks = [...this.blocks()];
    const written = tf.tidy(() => {
      if (blocks.length === 1) return [{ block: 0, rows: this.written(blocks[0], at, values) }];
      return Array.from(placesByBlock(blocks, at), ([block, { places, rows }]) => ({
        block,
        rows: this.written(blocks[block], Int32Array.from(rows), tf.gather(values, places)),
      }));
    });
    for (const { block, rows } of written) blocks[block] = rows;
    this.replace(blocks);
  }

  /** Puts rows behind the last. */
  append(rows: Tensor2D): void {
    const blocks = this.blocks();
    const end = tf.concat([blocks[blocks.length - 1], rows], 0);
    if (blocks.length === 1 || end.shape[0] <= DEFAULT_BLOCK_SIZE) {
      this.replace([...blocks.slice(0, -1), end]);
      return;
    }
    this.replace([...blocks.slice(0, -1), ...ownBlocks(end)]);
    end.dispose();
  }

  dispose(): void {
    tf.dispose([...this.held]);
  }

  /** Takes blocks over in the place of those that it has, of which it may keep some. */
  private replace(blocks: BankBlocks): void {
    const old = this.held;
    this.held = blocks.map((block) => tf.keep(block));
    this.lent = false;
    for (const block of old) if (!blocks.includes(block)) block.dispose();
  }

  /** A block with rows written into it: another tensor, so that what was lent before ends with every update. */
  private written(block: Tensor2D, at: Int32Array, values: Tensor2D): Tensor2D {
    // By a clone that was not made of what was lent, as a gradient keeps one, memory is held by two.
    const alone = !this.lent && tf.backend().refCount(block.dataId) === 1;
    const rows = writeRows(alone ? block : copyOf(block), at, values);
    return rows === block ? tf.clone(rows) : rows;
  }

  private checked(): BankBlocks {
    check(
      !this.held[0].isDisposed,
      'DISPOSED',
      () => 'MemoryBank: the bank has been disposed; make a new one.',
    );
    return this.held;
  }
}
