import { describe, expect, it } from 'vitest';
import { arraySource } from '../../src/data/array-source.js';
import { assembleBatch } from '../../src/data/assemble-batch.js';
import { concatSources, subset } from '../../src/data/combine.js';
import { imageSource } from '../../src/data/decoded-source.js';
import { augment, augmentMasks, chestAugmentation } from '../../src/images/augmentation.js';
import { none } from '../../src/images/image-normalization.js';
import { imagePreparation } from '../../src/images/preparation.js';
import { RandomStream } from '../../src/support/random.js';

const shape = [2, 2, 1] as const;
const images = { pixels: new Uint8Array(12), shape };
const masked = { ...images, masks: Uint8Array.from({ length: 12 }, (_, i) => 10 * i) };

describe('masks', () => {
  it('come with the images that a source is asked for', async () => {
    const source = arraySource(masked);
    expect([...((await source.read([2, 0])).masks ?? [])]).toEqual([
      80, 90, 100, 110, 0, 10, 20, 30,
    ]);
    expect([...((await subset(source, [1]).read([0])).masks ?? [])]).toEqual([40, 50, 60, 70]);
    expect('masks' in (await arraySource(images).read([0]))).toBe(false);
  });

  it('are full for the images of a source that has none', async () => {
    const both = concatSources(arraySource(images), arraySource(masked));
    const { masks } = await both.read([4, 0]);
    expect([...(masks ?? [])]).toEqual([40, 50, 60, 70, 255, 255, 255, 255]);
    expect('masks' in (await both.read([0, 1]))).toBe(false);
    const image = { id: 'a', pixels: new Uint8Array(4), shape };
    const mask = Uint8Array.of(1, 2, 3, 4);
    const batch = assembleBatch('test', [image, { ...image, mask }], shape);
    expect([...(batch.masks ?? [])]).toEqual([255, 255, 255, 255, 1, 2, 3, 4]);
  });

  it('are resized with their images, and what is added around does not count', async () => {
    const mask = Uint8Array.of(255, 0, 255, 0);
    const film = { pixels: new Uint8Array(4).fill(9), shape: [1, 4, 1] as const, mask };
    const source = imageSource([{ path: 'a' }], {
      open: async () => new Uint8Array(1),
      decoders: [{ name: 'drawn', accepts: () => true, decode: async () => film }],
      size: [2, 2],
      resize: { method: 'area', fit: 'pad' },
    });
    const { masks } = await source.read([0]);
    expect([...(masks ?? [])]).toEqual([128, 128, 0, 0]);
    const policy = { method: 'area', fit: 'pad' } as const;
    const batch = { pixels: film.pixels, shape: film.shape, masks: mask };
    const { masks: weights } = imagePreparation({
      inputShape: [2, 2, 1],
      resize: policy,
      imageNormalization: none(),
    }).apply(batch);
    expect([...(weights ?? [])]).toEqual([0.5, 0.5, 0, 0]);
  });

  it('go where their images go', () => {
    // An image that is its own mask stays so, whatever tone and noise do to the image.
    const side = 16;
    const values = Float32Array.from({ length: 2 * side * side }, (_, i) => ((i * 37) % 11) / 10);
    const stream = (i: number) => new RandomStream(3, ['augment', 1, i]);
    const size = [2, side, side, 1] as const;
    const limits = { ...chestAugmentation, horizontalFlip: true };
    const moved = augment(values, size, stream, limits);
    const toned = { ...limits, brightness: 0.2, contrast: 0.2, noise: 0.3 };
    expect(augmentMasks(values, size, stream, toned)).toEqual(moved);
    expect(moved).not.toEqual(values);
  });

  it('reach the network with images and views', () => {
    const preparation = imagePreparation({
      inputShape: shape,
      imageNormalization: none(),
      augmentation: chestAugmentation,
    });
    const variation = { seed: 1, epoch: 2 };
    const prepared = preparation.apply(masked, { variation });
    expect([...(prepared.masks ?? [])]).toEqual([...masked.masks].map((v) => Math.fround(v / 255)));
    expect(prepared.viewMasks).toEqual(
      augmentMasks(
        prepared.masks ?? new Float32Array(),
        [3, 2, 2, 1],
        (i) => new RandomStream(1, ['augment', 2, i]),
        chestAugmentation,
      ),
    );
    const plain = preparation.apply(images, { variation });
    expect('masks' in plain || 'viewMasks' in plain).toBe(false);
  });
});
