import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { describeOnBackends, expectNoLeak } from './backends.js';

describeOnBackends('test backends', (backend) => {
  it('is current and has gradients', async () => {
    expect(tf.getBackend()).toBe(backend);
    await expectNoLeak(() => {
      const slope = tf.tidy(() => tf.grad((x) => tf.sum(tf.square(x)))(tf.tensor1d([3, -4])));
      expect(Array.from(slope.dataSync())).toEqual([2 * 3, 2 * -4]);
      slope.dispose();
    });
  });

  it('counts what a body keeps and refuses one tensor more', async () => {
    const kept = await expectNoLeak(() => tf.scalar(1), 1);
    const leak = expectNoLeak(() => {
      tf.square(kept);
    });
    await expect(leak).rejects.toThrow('tensors left behind');
  });
});
