import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import {
  type ReconstructionLossOptions,
  reconstructionLoss,
} from '../../src/core/reconstruction-loss.js';
import { type SaladLossOptions, saladLoss } from '../../src/core/salad-loss.js';
import { RandomStream } from '../../src/support/random.js';
import { describeOnBackends, expectNoLeak } from '../support/backends.js';
import { codeOf } from './naive.js';

const reconstruction = [1, 3];
const latent = [4, 8, 6];

function total(terms: { reconstruction?: number[]; latent?: number[] }, options: SaladLossOptions) {
  return tf.tidy(
    () =>
      saladLoss(
        {
          ...(terms.reconstruction && { reconstruction: tf.tensor1d(terms.reconstruction) }),
          ...(terms.latent && { latent: tf.tensor1d(terms.latent) }),
        },
        options,
      ).dataSync()[0],
  );
}

describeOnBackends('saladLoss', () => {
  it('is Eq. 3: mean reconstruction and latentWeight times mean latent', async () => {
    await expectNoLeak(() => {
      expect(total({ reconstruction, latent }, {})).toBeCloseTo(2 + 0.25 * 6, 6);
      expect(total({ reconstruction, latent }, { latentWeight: 0.01 })).toBeCloseTo(
        2 + 0.01 * 6,
        6,
      );
      const weighted = { latentWeight: 1, reconstructionWeight: 3 };
      expect(total({ reconstruction, latent }, weighted)).toBeCloseTo(3 * 2 + 6, 6);
    });
  });

  it('normalized: by the variance of the pixels and by ln N', () => {
    const options = { lossScale: 'normalized', pixelVariance: 0.5, bankSize: 100 } as const;
    expect(total({ reconstruction, latent }, options)).toBeCloseTo(
      2 / 0.5 + (0.25 * 6) / Math.log(100),
      5,
    );
  });

  it('ablations: a term that is absent or weighs nothing is not there', () => {
    expect(total({ reconstruction }, {})).toBeCloseTo(2, 6);
    expect(total({ latent }, {})).toBeCloseTo(0.25 * 6, 6);
    expect(total({ reconstruction, latent }, { latentWeight: 0 })).toBeCloseTo(2, 6);
    expect(total({ reconstruction, latent }, { reconstructionWeight: 0 })).toBeCloseTo(0.25 * 6, 6);
    expect(total({ reconstruction, latent: [Number.NaN] }, { latentWeight: 0 })).toBeCloseTo(2, 6);
  });

  it('passes gradients on by weight and batch', async () => {
    await expectNoLeak(() => {
      const options = {
        latentWeight: 0.5,
        reconstructionWeight: 2,
        lossScale: 'normalized',
        pixelVariance: 4,
        bankSize: 20,
      } as const;
      const inputs = [tf.tensor1d(reconstruction), tf.tensor1d(latent)];
      const gradients = tf.tidy(() =>
        tf.grads((r, l) =>
          saladLoss({ reconstruction: r as tf.Tensor1D, latent: l as tf.Tensor1D }, options),
        )(inputs),
      );
      for (const value of gradients[0].dataSync()) expect(value).toBeCloseTo(2 / 4 / 2, 6);
      for (const value of gradients[1].dataSync())
        expect(value).toBeCloseTo(0.5 / Math.log(20) / 3, 6);
      tf.dispose([inputs, gradients]);
    });
  });

  it('refuses weights below 0, a scale without what it needs, and nothing to add up', () => {
    const refused: SaladLossOptions[] = [
      { latentWeight: -1 },
      { reconstructionWeight: Number.NaN },
      { lossScale: 'normalized', pixelVariance: 1 },
      { lossScale: 'normalized', bankSize: 9 },
      { lossScale: 'normalized', pixelVariance: 0, bankSize: 9 },
      { lossScale: 'normalized', pixelVariance: 1, bankSize: 1 },
      { latentWeight: 0, reconstructionWeight: 0 },
      { lossScale: 'normalised' as 'normalized' },
    ];
    for (const options of refused)
      expect(codeOf(() => total({ reconstruction, latent }, options))).toBe('INVALID_OPTION');
    expect(codeOf(() => total({}, {}))).toBe('INVALID_OPTION');
    const misspelt = { latentWieght: 1 } as SaladLossOptions;
    expect(codeOf(() => total({ reconstruction }, misspelt))).toBe('UNKNOWN_OPTION');
  });
});

describeOnBackends('reconstructionLoss', () => {
  // Two images of 1 x 2 pixels and 2 channels.
  const images = [0, 1, 2, 3, 1, 1, 1, 1];
  const copies = [1, 1, 0, 3, 1, 0, 1, 4];
  const of = (options: ReconstructionLossOptions) =>
    tf.tidy(() =>
      Array.from(
        reconstructionLoss(
          tf.tensor4d(images, [2, 1, 2, 2]),
          tf.tensor4d(copies, [2, 1, 2, 2]),
          options,
        ).dataSync(),
      ),
    );

  it('is the squared or absolute error of each image, mean or sum over its pixels', async () => {
    await expectNoLeak(() => {
      expect(of({})).toEqual([(1 + 0 + 4 + 0) / 4, (0 + 1 + 0 + 9) / 4]);
      expect(of({ reduction: 'sum' })).toEqual([5, 10]);
      expect(of({ error: 'absolute' })).toEqual([(1 + 0 + 2 + 0) / 4, (0 + 1 + 0 + 3) / 4]);
      expect(of({ error: 'absolute', reduction: 'sum' })).toEqual([3, 4]);
    });
  });

  it.each(['squared', 'absolute'] as const)(
    'the gradient of the %s error equals finite differences',
    (error) => {
      for (const reduction of ['mean', 'sum'] as const) {
        const options = { error, reduction };
        const target = tf.tensor2d([
          [0.5, -1],
          [2, 0.25],
        ]);
        const made = tf.tensor2d([
          [0.75, -2],
          [1, 1],
        ]);
        const loss = (x: tf.Tensor) => tf.sum(reconstructionLoss(target, x, options));
        const gradient = tf.tidy(() => tf.grad(loss)(made).dataSync());
        const share = reduction === 'mean' ? 0.5 : 1;
        const apart = [0.25, -1, -1, 0.75];
        const expected = apart.map((d) => share * (error === 'squared' ? 2 * d : Math.sign(d)));
        expect(Array.from(gradient)).toEqual(expected);
        tf.dispose([target, made]);
      }
    },
  );

  describe('with masks', () => {
    const random = new RandomStream(4, ['masks']);
    const shape = [3, 4, 5, 2] as const;
    const numbers = (count: number) => Array.from({ length: count }, () => random.uniform());
    const [x, y] = [numbers(120), numbers(120)];
    // The first weighs pixels by halves, the second by 0 and 1, the third not at all.
    const weights = [
      ...numbers(20),
      ...numbers(20).map((w) => Math.round(w)),
      ...new Array<number>(20).fill(0),
    ];

    /** Of one image, by the formula, pixel by pixel. */
    function naive(image: number, made: readonly number[], options: ReconstructionLossOptions) {
      let [sum, counted] = [0, 0];
      for (let pixel = 0; pixel < 20; pixel++) {
        const weight = weights[image * 20 + pixel];
        for (let channel = 0; channel < 2; channel++) {
          const at = (image * 20 + pixel) * 2 + channel;
          const apart = Math.abs(made[at] - x[at]);
          sum += weight * (options.error === 'absolute' ? apart : apart ** 2);
          counted += weight;
        }
      }
      if (options.reduction === 'sum') return sum;
      return counted === 0 ? 0 : sum / counted;
    }

    const run = (options: ReconstructionLossOptions) =>
      tf.tidy(() => {
        const masks = tf.tensor4d(weights, [3, 4, 5, 1]);
        const [images, made] = [tf.tensor(x, [...shape]), tf.tensor(y, [...shape])];
        const loss = (t: tf.Tensor) => reconstructionLoss(images, t, { ...options, masks });
        return [loss(made), tf.grad((t) => tf.sum(loss(t)))(made)].map((t) =>
          Array.from(t.dataSync()),
        );
      });

    it.each([
      {},
      { reduction: 'sum' },
      { error: 'absolute' },
      { error: 'absolute', reduction: 'sum' },
    ] as ReconstructionLossOptions[])(
      'is the weighted loss, and its gradient, with %o',
      async (options) => {
        await expectNoLeak(() => {
          const [losses, gradient] = run(options);
          losses.forEach((loss, i) => {
            expect(loss).toBeCloseTo(naive(i, y, options), 5);
          });
          for (let at = 0; at < 120; at++) {
            const image = Math.floor(at / 40);
            const moved = (by: number) => y.map((value, i) => (i === at ? value + by : value));
            const rise = naive(image, moved(1e-5), options) - naive(image, moved(-1e-5), options);
            expect(gradient[at]).toBeCloseTo(rise / 2e-5, 4);
          }
        });
      },
    );

    it('is the loss without masks where every pixel counts', () => {
      const [images, made] = [tf.tensor(x, [...shape]), tf.tensor(y, [...shape])];
      const masks = tf.ones([3, 4, 5, 1]);
      for (const reduction of ['mean', 'sum'] as const) {
        const plain = reconstructionLoss(images, made, { reduction }).dataSync();
        const full = reconstructionLoss(images, made, { reduction, masks }).dataSync();
        plain.forEach((value, i) => {
          expect(full[i]).toBeCloseTo(value, 5);
        });
      }
      tf.dispose([images, made, masks]);
    });

    it('refuses masks of another shape', () => {
      const work = (masks: tf.Tensor) => () =>
        tf.tidy(() => reconstructionLoss(tf.ones([...shape]), tf.ones([...shape]), { masks }));
      expect(codeOf(work(tf.ones([...shape])))).toBe('SHAPE_MISMATCH');
      expect(codeOf(work(tf.ones([3, 4, 5])))).toBe('SHAPE_MISMATCH');
      expect(codeOf(work('mask' as never))).toBe('INVALID_OPTION');
    });
  });

  it('refuses errors and reductions that it does not know', () => {
    for (const options of [{ error: 'huber' }, { reduction: 'none' }] as object[])
      expect(codeOf(() => of(options))).toBe('INVALID_OPTION');
    expect(codeOf(() => of({ reconstructionError: 'absolute' } as object))).toBe('UNKNOWN_OPTION');
  });

  it('refuses what is no tensor', () => {
    const work = () => tf.tidy(() => reconstructionLoss(tf.ones([2, 3]), undefined as never));
    expect(codeOf(work)).toBe('INVALID_OPTION');
  });

  it('refuses shapes that differ', () => {
    const work = () => tf.tidy(() => reconstructionLoss(tf.ones([2, 3]), tf.ones([3, 2])));
    expect(codeOf(work)).toBe('SHAPE_MISMATCH');
    expect(codeOf(() => tf.tidy(() => reconstructionLoss(tf.ones([3]), tf.ones([3]))))).toBe(
      'SHAPE_MISMATCH',
    );
  });
});
