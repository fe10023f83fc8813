import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { halvings, upsample } from '../../../src/backbones/layers/upsample.js';
import { describeOnBackends } from '../../support/backends.js';
import { normals } from '../conformance.js';

describeOnBackends('upsample', () => {
  it('takes 3/4 of the nearer pixel and 1/4 of the other', () => {
    tf.tidy(() => {
      const row = upsample([2, 6]).apply(tf.tensor4d([4, 8, 16], [1, 1, 3, 1]), false);
      const line = [4, 0.75 * 4 + 0.25 * 8, 0.75 * 8 + 0.25 * 4, 0.75 * 8 + 0.25 * 16];
      const expected = [...line, 0.75 * 16 + 0.25 * 8, 16];
      expect([...row.dataSync()]).toEqual([...expected, ...expected]);
    });
  });

  it.each([
    [1, 1, 2, 2],
    [1, 1, 1, 1],
    [2, 5, 4, 10],
    [4, 3, 7, 6],
    [4, 3, 8, 5],
  ])('has its adjoint as gradient from %dx%d to %dx%d', (height, width, toHeight, toWidth) => {
    tf.tidy(() => {
      const layer = upsample([toHeight, toWidth]);
      const x = normals([3, height, width, 2], 1) as Tensor4D;
      const dy = normals([3, toHeight, toWidth, 2], 2);
      const y = layer.apply(x, true);
      expect(y.shape).toEqual([3, toHeight, toWidth, 2]);
      const dot = (a: Tensor, b: Tensor) => tf.sum(tf.mul(a, b)).dataSync()[0];
      // Linear, so its gradient holds for any other x too.
      const other = normals(x.shape, 3) as Tensor4D;
      const gradient = tf.grad((x) => layer.apply(x as Tensor4D, true))(x, dy);
      expect(dot(gradient, other)).toBeCloseTo(dot(layer.apply(other, true), dy), 4);
    });
  });

  it('is undone in size by halving, odd sizes upwards', () => {
    expect(halvings([28, 5], 3)).toEqual([
      [28, 5],
      [14, 3],
      [7, 2],
      [4, 1],
    ]);
  });
});
