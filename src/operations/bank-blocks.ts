import type { NamedAttrMap, Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { fasterKernel } from '../support/kernels.js';
import { DEFAULT_BLOCK_SIZE } from './blocks.js';
import { writesInPlace } from './write-rows.js';

/** The rows of a bank in order: one tensor [N, dim], or several, of which all but the last have equally many rows. */
export type BankBlocks = readonly Tensor2D[];

/** [N, dim] of the bank; the shape of a single tensor, whatever it is. */
export function shapeOfBlocks(blocks: BankBlocks): [size: number, dim: number] {
  const [{ shape }] = blocks;
  if (blocks.length === 1) return shape;
  return [shape[0] * (blocks.length - 1) + blocks[blocks.length - 1].shape[0], shape[1]];
}

/** A copy of rows as a bank has them: one tensor where they are written where they lie, else blocks. */
export function ownBlocks(rows: Tensor2D): Tensor2D[] {
  if (writesInPlace()) return [copyOf(rows)];
  const [size, dim] = rows.shape;
  return tf.tidy(() =>
    Array.from({ length: Math.ceil(size / DEFAULT_BLOCK_SIZE) }, (_, block) => {
      const first = block * DEFAULT_BLOCK_SIZE;
      const count = Math.min(DEFAULT_BLOCK_SIZE, size - first);
      return copyOf(tf.slice(rows, [first, 0], [count, dim]));
    }),
  );
}

/** A copy with memory of its own: clones share theirs, as on webgl slices do, and the cpu backend scatters in place. */
export function copyOf(rows: Tensor2D): Tensor2D {
  return tf.tidy(() => tf.add(rows, 0));
}

/** `fasterKernel` of queries and a bank that is one tensor, which the kernels over a bank take. */
export function bankKernel(
  name: string,
  queries: Tensor2D,
  bank: BankBlocks,
  attributes: NamedAttrMap,
): Tensor[] | undefined {
  const [rows, ...more] = bank;
  return more.length === 0 ? fasterKernel(name, { queries, rows }, attributes) : undefined;
}

/** The rows that are named, [count, dim], in that order. */
export function gatherRows(blocks: BankBlocks, at: ArrayLike<number>): Tensor2D {
  if (blocks.length === 1 || at.length === 0)
    return tf.gather(blocks[0], tf.tensor1d(Int32Array.from(at), 'int32'));
  const order = new Int32Array(at.length);
  let next = 0;
  const found = Array.from(placesByBlock(blocks, at), ([block, { places, rows }]) => {
    for (const place of places) order[place] = next++;
    return tf.gather(blocks[block], tf.tensor1d(rows, 'int32'));
  });
  return tf.gather(tf.concat(found, 0), tf.tensor1d(order, 'int32'));
}

/** Where rows of the bank lie. */
interface PlacesInBlock {
  /** Their places in the list that names them. */
  readonly places: number[];
  /** Their rows within the block. */
  readonly rows: number[];
}

/** For each block that any of the rows lies in. */
export function placesByBlock(
  blocks: BankBlocks,
  at: ArrayLike<number>,
): Map<number, PlacesInBlock> {
  const blockSize = blocks[0].shape[0];
  const found = new Map<number, PlacesInBlock>();
  for (let place = 0; place < at.length; place++) {
    const block = Math.floor(at[place] / blockSize);
    const inBlock = found.get(block) ?? { places: [], rows: [] };
    found.set(block, inBlock);
    inBlock.places.push(place);
    inBlock.rows.push(at[place] - block * blockSize);
  }
  return found;
}
