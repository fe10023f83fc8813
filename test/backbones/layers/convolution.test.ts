import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { convolution, transposedConvolution } from '../../../src/backbones/layers/convolution.js';
import { normalization } from '../../../src/backbones/layers/normalization.js';
import { RandomStream } from '../../../src/support/random.js';
import { describeOnBackends } from '../../support/backends.js';
import { normals } from '../conformance.js';

describeOnBackends('convolution', () => {
  it.each([0, 0.1, 1])('folds a normalisation of slope %d without changing it', (slope) => {
    const normalized = normalization({ channels: 4, slope, momentum: 0.5 });
    const layer = convolution({
      inputChannels: 3,
      outputChannels: 4,
      kernelSize: 3,
      stride: 2,
      normalization: normalized,
      random: new RandomStream(1),
    });
    tf.tidy(() => {
      const x = normals([2, 7, 6, 3], 1) as Tensor4D;
      normalized.trainable.forEach((variable, i) => {
        variable.assign(normals([4], 2 + i));
      });
      layer.apply(x, true); // moves the statistics off 0 and 1
      const plain = tf.conv2d(x, layer.trainable[0] as Tensor4D, 2, 'same');
      const expected = normalized.apply(plain, false).dataSync();
      const folded = layer.apply(x, false).dataSync();
      folded.forEach((value, i) => {
        expect(value).toBeCloseTo(expected[i], 4);
      });
    });
    tf.dispose([...layer.trainable, ...layer.statistics]);
  });

  it('has an adjoint in the transposed one: <conv x, y> = <x, transposed y>', () => {
    for (const size of [1, 4, 7]) {
      const common = { kernelSize: 4, stride: 2, random: new RandomStream(1) };
      const outputSize = [size, size + 1] as const;
      const up = transposedConvolution({
        ...common,
        inputChannels: 3,
        outputChannels: 2,
        outputSize,
      });
      tf.tidy(() => {
        const x = normals([2, ...outputSize, 2], 1) as Tensor4D;
        const y = normals([2, Math.ceil(size / 2), Math.ceil((size + 1) / 2), 3], 2) as Tensor4D;
        const dot = (a: Tensor, b: Tensor) => tf.sum(tf.mul(a, b)).dataSync()[0];
        const down = tf.conv2d(x, up.trainable[0] as Tensor4D, 2, 'same');
        expect(dot(up.apply(y, false), x)).toBeCloseTo(dot(y, down), 3);
      });
      tf.dispose([...up.trainable]);
    }
  });

  it('starts from small weights: filters are drawn from N(0, 1 / (3 fanIn))', () => {
    const { trainable } = convolution({
      inputChannels: 32,
      outputChannels: 32,
      kernelSize: 3,
      stride: 1,
      random: new RandomStream(1),
    });
    const filter = Array.from(trainable[0].dataSync());
    const meanSquare = filter.reduce((sum, value) => sum + value * value, 0) / filter.length;
    // 9216 draws: the mean square of normals has a relative deviation of sqrt(2 / 9216) = 1.5%.
    expect(Math.abs(meanSquare * 3 * (3 * 3 * 32) - 1)).toBeLessThan(0.06);
    tf.dispose([...trainable]);
  });
});
