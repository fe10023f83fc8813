import type { Tensor, Tensor1D, Tensor4D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { convolution } from '../../src/backbones/layers/convolution.js';
import { normalizeAndActivate } from '../../src/backbones/layers/normalize-and-activate.js';
import { reconstructionLoss } from '../../src/core/reconstruction-loss.js';
import { RandomStream } from '../../src/support/random.js';
import { meanOfAll, meanOfEach, sumOfEach } from '../../src/support/sums.js';

/** Sides whose products are 2^20 and an odd number: whole runs, and a rest. */
const SIZES = [
  [1024, 1024],
  [1019, 1021],
] as const;

/** Equal values are the worst case of one running float32: each addition is rounded to the same side. */
const DRAWN = { equal: () => 0.1, uniform: (random: RandomStream) => random.uniform() } as const;

/** What numbers of an image are to be, summed in float64. */
interface Drawn {
  readonly values: Float32Array;
  readonly image: Tensor4D;
  /** Sum over the pixels of what `term` makes of each. */
  sum(term: (value: number) => number): number;
}

function draw(size: readonly [number, number], kind: keyof typeof DRAWN): Drawn {
  const random = new RandomStream(7, [kind]);
  const values = Float32Array.from({ length: size[0] * size[1] }, () => DRAWN[kind](random));
  return {
    values,
    image: tf.tensor4d(values, [1, ...size, 1]),
    sum: (term) => values.reduce((total, value) => total + term(value), 0),
  };
}

const close = (got: Tensor, want: number, what: string) => {
  const [value] = got.dataSync();
  expect(Math.abs(value - want) / Math.abs(want), `${what}: ${value}, not ${want}`).toBeLessThan(
    1e-5,
  );
};

const cases = SIZES.flatMap((size) =>
  (['equal', 'uniform'] as const).map(
    (kind) => [`${size.join(' x ')}, ${kind}`, size, kind] as const,
  ),
);

/** Sums, losses and moments over a million pixels, to 1e-5 of a sum in float64. */
export function sumsOverPixels(): void {
  test.each(cases)('sums and means: %s', (_, size, kind) => {
    tf.tidy(() => {
      const { image, values, sum } = draw(size, kind);
      close(
        sumOfEach(image),
        sum((value) => value),
        'sum',
      );
      close(meanOfEach(image), sum((value) => value) / values.length, 'mean');
      close(meanOfAll(image), sum((value) => value) / values.length, 'mean of all');
    });
  });

  test.each(cases)('reconstruction losses: %s', (_, size, kind) => {
    tf.tidy(() => {
      const { image, values, sum } = draw(size, kind);
      const black = tf.zerosLike(image);
      const masks = tf.fill(image.shape, 0.3);
      const squares = sum((value) => value * value);
      const sizes = sum((value) => Math.abs(value));
      const weight = Math.fround(0.3);
      for (const [error, total] of [
        ['squared', squares],
        ['absolute', sizes],
      ] as const) {
        const options = { error, reduction: 'sum' } as const;
        close(reconstructionLoss(image, black, options), total, `${error}, sum`);
        close(reconstructionLoss(image, black, { error }), total / values.length, `${error}, mean`);
        close(
          reconstructionLoss(image, black, { ...options, masks }),
          weight * total,
          `${error}, sum, masks`,
        );
        close(
          reconstructionLoss(image, black, { error, masks }),
          total / values.length,
          `${error}, mean, masks`,
        );
      }
    });
  });

  test.each(cases)('moments of batch normalisation: %s', (_, size, kind) => {
    tf.tidy(() => {
      const { image, values, sum } = draw(size, kind);
      const mean = sum((value) => value) / values.length;
      const variance = sum((value) => (value - mean) ** 2) / values.length;
      normalize(image, (gotMean, gotVariance) => {
        close(gotMean, mean, 'mean');
        if (variance > 1e-9) close(gotVariance, variance, 'variance');
        else expect(gotVariance.dataSync()[0]).toBeLessThan(1e-9);
      });
    });
  });

  test.each(cases)('gradients by scale and offset: %s', (_, size, kind) => {
    tf.tidy(() => {
      const { image, values, sum } = draw(size, kind);
      const mean = sum((value) => value) / values.length;
      const deviations = sum((value) => (value - mean) ** 2);
      const gradients = tf.grads((x, scale, offset) =>
        normalize(x as Tensor4D, undefined, scale, offset),
      );
      const [, byScale, byOffset] = gradients([image, tf.tensor1d([1]), tf.tensor1d([0])], image);
      close(
        byOffset,
        sum((value) => value),
        'offset',
      );
      const expected = deviations / Math.sqrt(deviations / values.length + 1e-5);
      if (kind === 'uniform') close(byScale, expected, 'scale');
    });
  });
}

function normalize(
  x: Tensor4D,
  onMoments?: (mean: Tensor1D, variance: Tensor1D) => void,
  scale: Tensor = tf.tensor1d([1]),
  offset: Tensor = tf.tensor1d([0]),
): Tensor4D {
  const attributes = { epsilon: 1e-5, slope: 1 };
  return normalizeAndActivate(x, scale as Tensor1D, offset as Tensor1D, attributes, onMoments);
}

/** What backpropagation sums over all pixels of a map, to 1e-5 of a sum in float64. */
export function gradientsOverPixels(filterToo: boolean): void {
  test.each(cases)("gradients of a convolution's filter and bias: %s", (_, size, kind) => {
    tf.tidy(() => {
      const { image, sum } = draw(size, kind);
      const random = new RandomStream(1, []);
      const layer = convolution({
        inputChannels: 1,
        outputChannels: 1,
        kernelSize: 1,
        stride: 1,
        random,
      });
      // Half of the sum of squares of y = w x + b, at w = 1 and b = 0: sums of x^2 and of x.
      const [filter, bias] = layer.trainable;
      filter.assign(tf.onesLike(filter));
      const loss = () => tf.mul<tf.Scalar>(tf.sum(tf.square(layer.apply(image, true))), 0.5);
      const { grads } = tf.variableGrads(loss, [...layer.trainable]);
      if (filterToo)
        close(
          grads[filter.name],
          sum((value) => value * value),
          'filter',
        );
      close(
        grads[bias.name],
        sum((value) => value),
        'bias',
      );
      tf.dispose([...layer.trainable]);
    });
  });
}
