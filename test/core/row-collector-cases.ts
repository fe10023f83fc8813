import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { RowCollector } from '../../src/core/row-collector.js';
import { expectNoLeak } from '../support/backends.js';

/** Batches of rows put together, on the backend that `use` makes current. */
export function rowCollectorCases(use: () => Promise<void>): void {
  it.each([
    ['in even batches', 6, [2, 2, 2]],
    ['in one', 3, [3]],
    ['a few less than there might be', 9, [4, 3]],
    ['none', 5, []],
  ] as [string, number, number[]][])('rows %s', async (_, most, counts) => {
    await use();
    await expectNoLeak(() => {
      const collector = new RowCollector(most, 2);
      let next = 0;
      for (const count of counts) {
        const values = Array.from({ length: 2 * count }, () => next++);
        collector.add(tf.tensor2d(values, [count, 2]));
      }
      const all = collector.take();
      collector.dispose();
      expect(all.shape).toEqual([next / 2, 2]);
      expect(Array.from(all.dataSync())).toEqual(Array.from({ length: next }, (_, i) => i));
      all.dispose();
    });
  });

  it('nothing stays where it is given up', async () => {
    await use();
    await expectNoLeak(() => {
      const collector = new RowCollector(4, 2);
      collector.add(tf.ones([2, 2]));
      collector.dispose();
    });
  });
}
