import type { Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { RandomStream } from '../support/random.js';
import { DEFAULT_BLOCK_SIZE } from './blocks.js';
import { randomUnitRows } from './random-unit-rows.js';
import { writeRows, writesInPlace } from './write-rows.js';

/** Random unit rows as a bank has them, drawn some at a time: a million are not drawn beside the memory that they are for. */
export function randomBlocks(random: RandomStream, size: number, dim: number): Tensor2D[] {
  return tf.tidy(() => {
    const whole = writesInPlace() ? (tf.fill([size, dim], 0) as Tensor2D) : undefined;
    const blocks: Tensor2D[] = [];
    for (let first = 0; first < size; first += DEFAULT_BLOCK_SIZE) {
      const count = Math.min(DEFAULT_BLOCK_SIZE, size - first);
      const drawn = tf.tensor2d(randomUnitRows(random, count, dim), [count, dim]);
      blocks.push(drawn);
      if (!whole) continue;
      const at = Int32Array.from({ length: count }, (_, i) => first + i);
      writeRows(whole, at, drawn);
      drawn.dispose();
    }
    return whole ? [whole] : blocks;
  });
}
