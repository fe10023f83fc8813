import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { tensorSource } from '../../src/data/index.js';
import { describeOnBackends, expectNoLeak } from '../support/backends.js';

describeOnBackends('tensorSource', () => {
  it('reads the tensor once and leaves it to its owner', async () => {
    const images = tf.tensor4d([0, 0.25, 0.5, 1], [2, 1, 2, 1]);
    const source = await expectNoLeak(() => tensorSource(images, { labels: [0, 1] }));
    expect(images.isDisposed).toBe(false);
    images.dispose();
    await expectNoLeak(async () => {
      expect(source).toMatchObject({ length: 2, labels: [0, 1], ids: ['image-0', 'image-1'] });
      expect(await source.read([1, 0])).toEqual({
        pixels: Float32Array.of(0.5, 1, 0, 0.25),
        shape: [1, 2, 1],
      });
    });
  });

  it("is a copy, not the tensor's memory", async () => {
    const images = tf.tensor4d([0, 1], [1, 1, 2, 1]);
    const source = await tensorSource(images);
    images.dataSync().fill(7);
    expect((await source.read([0])).pixels).toEqual(Float32Array.of(0, 1));
    images.dispose();
  });

  it('takes int32 pixels as bytes', async () => {
    const images = tf.tensor4d([0, 128, 255, 1], [1, 2, 2, 1], 'int32');
    expect((await (await tensorSource(images)).read([0])).pixels).toEqual(
      Uint8Array.of(0, 128, 255, 1),
    );
    const large = tf.tensor4d([0, 256], [1, 1, 2, 1], 'int32');
    await expect(tensorSource(large)).rejects.toThrow(/pixel 1 is 256.*PIXEL_RANGE/);
    tf.dispose([images, large]);
  });

  it('refuses other tensors', async () => {
    const flat = tf.zeros([2, 3]) as unknown as tf.Tensor4D;
    await expect(tensorSource(flat)).rejects.toThrow(/shape \[2, 3\].*INVALID_IMAGES/);
    const booleans = tf.zeros([1, 2, 2, 1], 'bool') as tf.Tensor4D;
    await expect(tensorSource(booleans)).rejects.toThrow(/bool tensor.*INVALID_IMAGES/);
    const none = tf.zeros([0, 2, 2, 1]) as tf.Tensor4D;
    await expect(tensorSource(none)).rejects.toThrow(/EMPTY_SET/);
    tf.dispose([flat, booleans, none]);
  });
});
