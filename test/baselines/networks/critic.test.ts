import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { adversarialGames } from '../../../src/baselines/networks/adversarial-games.js';
import { critic, gradientPenalty } from '../../../src/baselines/networks/critic.js';
import { weightedLogLoss } from '../../../src/baselines/networks/resnet-classifier.js';
import { RandomStream } from '../../../src/support/random.js';
import { enableWasmTraining } from '../../../src/wasm/index.js';
import { describeOnBackends } from '../../support/backends.js';

function normalValues(count: number, name: string): Float32Array {
  const random = new RandomStream(5, [name]);
  return Float32Array.from({ length: count }, () => random.gaussian());
}

describeOnBackends('gradientPenalty', (backend) => {
  beforeAll(async () => {
    if (backend === 'wasm') await enableWasmTraining();
  });

  const shape = [3, 6, 6, 1] as [number, number, number, number];
  const made = () => tf.tensor4d(normalValues(108, 'made'), shape);
  const real = () => tf.tensor4d(normalValues(108, 'real'), shape);
  const mix = [0.2, 0.5, 0.9];

  it('of a linear critic is (|w| - 1)^2 at every point', () => {
    tf.tidy(() => {
      const w = tf.tensor2d(normalValues(36, 'w'), [36, 1]);
      const linear = {
        apply: (x: tf.Tensor4D) => tf.matMul<tf.Tensor2D>(tf.reshape(x, [-1, 36]), w),
      };
      const length = Math.sqrt(
        normalValues(36, 'w').reduce((sum, value) => sum + value * value, 0),
      );
      const [penalty] = gradientPenalty(linear, real(), made(), mix).dataSync();
      expect(penalty).toBeCloseTo((length - 1) ** 2, 3);
    });
  });

  it('has the gradient by the weights that finite differences give', () => {
    const stack = { inputShape: [6, 6, 1], channels: [3, 4], activationSlope: 0.2 } as const;
    const network = critic({ ...stack, seed: 3, part: 'critic' });
    const images = [real(), made()] as const;
    // Weights of this size keep |gradient| away from 1, where the penalty is flat.
    for (const variable of network.trainable)
      tf.tidy(() => variable.assign(tf.mul(variable, variable.rank > 1 ? 4 : 1)));
    const penalty = () => gradientPenalty(network, ...images, mix);
    const value = () => tf.tidy(() => penalty().dataSync()[0]);
    const { value: scalar, grads } = tf.variableGrads(penalty, [...network.trainable]);
    for (const variable of network.trainable.filter(({ rank }) => rank > 1)) {
      const values = Float32Array.from(variable.dataSync());
      const gradient = grads[variable.name].dataSync();
      const scale = Math.max(...gradient.map(Math.abs));
      expect(scale).toBeGreaterThan(1e-3);
      for (let i = 0; i < values.length; i += Math.ceil(values.length / 8)) {
        const moved = (by: number) => {
          const next = values.slice();
          next[i] += by;
          tf.tidy(() => variable.assign(tf.tensor(next, variable.shape)));
          return value();
        };
        const slope = (moved(2e-3) - moved(-2e-3)) / 4e-3;
        moved(0);
        // A kink of ReLU between the two points would show as a few per cent.
        expect(Math.abs(gradient[i] - slope) / scale).toBeLessThan(0.02);
      }
    }
    tf.dispose([scalar, grads, ...images, ...network.trainable]);
  });
});

describeOnBackends('weightedLogLoss', () => {
  it('is the weighted mean of -log p of the label, for large log-odds too', () => {
    const odds = [-2, 0.5, 3, 200];
    const targets = [1, 0, 1, 0].map((label, i) => ({ label, weight: i + 1 }));
    const naive = odds.reduce((sum, f, i) => {
      const surprise = targets[i].label ? Math.log1p(Math.exp(-f)) : f + Math.log1p(Math.exp(-f));
      return sum + targets[i].weight * surprise;
    }, 0);
    const [loss] = tf.tidy(() => weightedLogLoss(tf.tensor1d(odds), targets).dataSync());
    expect(loss).toBeCloseTo(naive / 4, 3);
  });
});

describeOnBackends('adversarial games', () => {
  const [real, made] = [
    [2, -1],
    [0.5, -3],
  ];
  const softplus = (x: number) => Math.log1p(Math.exp(x));
  const mean = (values: number[]) => values.reduce((sum, x) => sum + x, 0) / values.length;

  it.each([
    [
      'logistic',
      mean(real.map((x) => softplus(-x))) + mean(made.map(softplus)),
      mean(made.map((x) => softplus(-x))),
    ],
    ['wasserstein', mean(made) - mean(real), -mean(made)],
  ] as const)(
    '%s: the adversary wants real above made, the generator made high',
    (name, judged, fooled) => {
      const { judge, fool } = adversarialGames[name];
      tf.tidy(() => {
        const [x, g] = [real, made].map((verdicts) => tf.tensor2d(verdicts, [2, 1]));
        expect(judge(x, g).dataSync()[0]).toBeCloseTo(judged, 5);
        expect(fool(g).dataSync()[0]).toBeCloseTo(fooled, 5);
        const [byReal, byMade] = tf.grads((a, b) => judge(a as tf.Tensor2D, b as tf.Tensor2D))([
          x,
          g,
        ]);
        expect(Array.from(byReal.dataSync()).every((slope) => slope < 0)).toBe(true);
        expect(Array.from(byMade.dataSync()).every((slope) => slope > 0)).toBe(true);
        const slopes = tf
          .grad((b) => fool(b as tf.Tensor2D))(g)
          .dataSync();
        expect(Array.from(slopes).every((slope) => slope < 0)).toBe(true);
      });
    },
  );
});
