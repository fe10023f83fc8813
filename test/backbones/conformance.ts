import type { Scalar, Tensor, Tensor2D, Tensor4D, Variable } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Backbone } from '../../src/backbones/backbone.js';
import { backboneFromConfig } from '../../src/backbones/from-config.js';
import { RandomStream } from '../../src/support/random.js';
import { enableWasmTraining } from '../../src/wasm/index.js';
import { type BackendName, expectNoLeak, useBackend } from '../support/backends.js';

/** Seeded normal numbers. */
export function normals(shape: number[], seed: number): Tensor {
  const random = new RandomStream(seed, ['test']);
  const values = Float32Array.from({ length: tf.util.sizeFromShape(shape) }, () =>
    random.gaussian(),
  );
  return tf.tensor(values, shape);
}

/** Seeded images between 0 and 1: a smooth ground and noise. */
export function images(batch: number, shape: readonly number[], seed = 1): Tensor4D {
  const [height, width, channels] = shape;
  return tf.tidy(() => {
    const coarse = normals([batch, 3, 3, channels], seed) as Tensor4D;
    const ground = tf.image.resizeBilinear(coarse, [height, width]);
    return tf.sigmoid(
      tf.add(ground, normals([batch, height, width, channels], seed + 1)),
    ) as Tensor4D;
  });
}

/** A loss that every variable has a part in: reconstruction, and embeddings against fixed numbers. */
function loss(backbone: Backbone, batch: Tensor4D): Scalar {
  return tf.tidy(() => {
    const encoded = backbone.encode(batch, true);
    const target = normals(encoded.embeddings.shape, 2);
    const latent = tf.mean(tf.mul(encoded.embeddings, target));
    if (!backbone.decode) return latent as Scalar;
    const error = tf.mean(tf.square(tf.sub(backbone.decode(encoded, true), batch)));
    return tf.add(latent, error) as Scalar;
  });
}

function snapshot(variables: readonly Variable[]): number[][] {
  return variables.map((variable) => Array.from(variable.dataSync()));
}

/** What every backbone owes the rest of the library; `create` makes the same one each time. */
export function backboneConformance(
  name: string,
  create: () => Backbone,
  backends: readonly BackendName[] = ['cpu', 'wasm'],
): void {
  describe.each(backends)(`${name} (%s)`, (backend) => {
    let backbone: Backbone;
    let batch: Tensor4D;
    beforeAll(async () => {
      await useBackend(backend);
      if (backend === 'wasm') enableWasmTraining();
      backbone = create();
      batch = images(3, backbone.inputShape);
    });
    afterAll(() => {
      backbone.dispose();
      batch.dispose();
    });

    const embed = (x: Tensor4D, training = false): Tensor2D =>
      tf.tidy(() => backbone.encode(x, training).embeddings);

    it('returns unit rows of the embedding size', () => {
      for (const training of [false, true]) {
        const embeddings = embed(batch, training);
        expect(embeddings.shape).toEqual([3, backbone.embeddingSize]);
        const lengths = tf.tidy(() => tf.sqrt(tf.sum(tf.square(embeddings), 1)).dataSync());
        for (const length of lengths) expect(length).toBeCloseTo(1, 5);
        embeddings.dispose();
      }
    });

    it('decodes to the shape of the images', () => {
      for (const training of [false, true]) {
        const decoded = tf.tidy(() =>
          backbone.decode?.(backbone.encode(batch, training), training),
        );
        if (decoded) {
          expect(decoded.shape).toEqual(batch.shape);
          expect(decoded.dataSync().every(Number.isFinite)).toBe(true);
        }
        decoded?.dispose();
      }
    });

    it('shows the maps of its encoder, from shallow to deep', () => {
      const maps = tf.tidy(() =>
        (backbone.encode(batch, false).maps ?? []).map((map) => ({
          shape: map.shape,
          values: map.dataSync(),
        })),
      );
      maps.forEach(({ shape, values }, level) => {
        expect(shape).toHaveLength(4);
        expect(shape[0]).toBe(3);
        expect(shape[1]).toBeLessThan((maps[level - 1]?.shape ?? batch.shape)[1]);
        expect(values.every(Number.isFinite)).toBe(true);
        expect(new Set(values).size).toBeGreaterThan(9);
      });
    });

    it('gives finite numbers for one image', () => {
      const one = images(1, backbone.inputShape);
      const embeddings = embed(one, true);
      expect(embeddings.dataSync().every(Number.isFinite)).toBe(true);
      tf.dispose([one, embeddings]);
    });

    it('has a gradient for every trainable variable, equal to finite differences', () => {
      const variables = [...backbone.trainable];
      const { value, grads } = tf.variableGrads(() => loss(backbone, batch), variables);
      expect(Object.keys(grads)).toHaveLength(variables.length);
      const gradients = variables.map((variable) => grads[variable.name].dataSync());
      for (const gradient of gradients) {
        expect(gradient.every(Number.isFinite)).toBe(true);
        expect(gradient.some((entry) => entry !== 0)).toBe(true);
      }
      const stride = Math.ceil(variables.length / 6);
      for (let index = 0; index < variables.length; index += stride) {
        const length = tf.tidy(() => tf.norm(grads[variables[index].name]).dataSync()[0]);
        const direction = Float32Array.from(gradients[index], (entry) => entry / length);
        // Kinks and curvature ask for small steps, rounding for large ones: the best counts.
        const errors = [1e-3, 3e-4, 1e-4, 3e-5].map((change) => {
          const step = change / length;
          const slope = slopeAlong(variables[index], direction, step, () => loss(backbone, batch));
          return Math.abs(slope / length - 1);
        });
        expect(Math.min(...errors)).toBeLessThan(0.03);
      }
      tf.dispose([value, grads]);
    });

    it('starts from the same weights each time', () => {
      const [first, second] = [create(), create()];
      expect(snapshot(second.trainable)).toEqual(snapshot(first.trainable));
      expect(snapshot(second.statistics)).toEqual(snapshot(first.statistics));
      first.dispose();
      second.dispose();
    });

    it('moves statistics in training only', () => {
      const before = snapshot(backbone.statistics);
      embed(batch, false).dispose();
      expect(snapshot(backbone.statistics)).toEqual(before);
      embed(batch, true).dispose();
      if (before.length > 0) expect(snapshot(backbone.statistics)).not.toEqual(before);
    });

    it('embeds an image in inference whatever else is in the batch', () => {
      const alone = tf.tidy(() => embed(tf.slice(batch, [0, 0, 0, 0], [1, -1, -1, -1])));
      const together = tf.tidy(() => tf.slice(embed(batch), [0, 0], [1, -1]));
      const [a, b] = [alone.dataSync(), together.dataSync()];
      for (let i = 0; i < a.length; i++) expect(a[i]).toBeCloseTo(b[i], 5);
      tf.dispose([alone, together]);
    });

    it('refuses images of another shape, naming both shapes', () => {
      const [height, width, channels] = backbone.inputShape;
      const wrong = tf.zeros<tf.Rank.R4>([2, height + 1, width, channels]);
      expect(() => embed(wrong)).toThrow(
        `[2, ${height + 1}, ${width}, ${channels}]; expected [batch, ${height}, ${width}, ${channels}]`,
      );
      wrong.dispose();
    });

    it('leaves no tensor behind', async () => {
      await expectNoLeak(() => {
        const another = create();
        const { value, grads } = tf.variableGrads(
          () => loss(another, batch),
          [...another.trainable],
        );
        tf.dispose([value, grads]);
        tf.tidy(() => void another.decode?.(another.encode(batch, false), false));
        another.dispose();
      });
    });

    it('is rebuilt by its config', async () => {
      const config = JSON.parse(JSON.stringify(backbone.config));
      const twin = await backboneFromConfig(config);
      const pairs = (from: readonly Variable[], to: readonly Variable[]) => {
        expect(to.map((v) => v.shape)).toEqual(from.map((v) => v.shape));
        to.forEach((v, i) => {
          v.assign(from[i]);
        });
      };
      pairs(backbone.trainable, twin.trainable);
      pairs(backbone.statistics, twin.statistics);
      const [a, b] = [embed(batch), tf.tidy(() => twin.encode(batch, false).embeddings)];
      expect(Array.from(b.dataSync())).toEqual(Array.from(a.dataSync()));
      expect(twin.decode === undefined).toBe(backbone.decode === undefined);
      tf.dispose([a, b]);
      twin.dispose();
    });
  });
}

/** The central difference of `f` as a variable moves by `step` along a unit direction. */
function slopeAlong(
  variable: Variable,
  direction: ArrayLike<number>,
  step: number,
  f: () => Scalar,
): number {
  const original = variable.dataSync().slice();
  const at = (shift: number) =>
    tf.tidy(() => {
      const moved = original.map((entry, i) => entry + shift * direction[i]);
      variable.assign(tf.tensor(moved, variable.shape));
      return f().dataSync()[0];
    });
  const slope = (at(step) - at(-step)) / (2 * step);
  tf.tidy(() => variable.assign(tf.tensor(original, variable.shape)));
  return slope;
}
