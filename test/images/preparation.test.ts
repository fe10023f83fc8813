import { describe, expect, it } from 'vitest';
import { chestAugmentation } from '../../src/images/augmentation.js';
import { customNormalization, none } from '../../src/images/image-normalization.js';
import { localContrast } from '../../src/images/local-contrast.js';
import type { ImageBatch } from '../../src/images/pixels.js';
import { imagePreparation, preparationFromJSON } from '../../src/images/preparation.js';
import { received, requestFor } from '../../src/images/read-images.js';

const area = { method: 'area', fit: 'stretch' } as const;

describe('a preparation', () => {
  it('scales, resizes, then normalises', () => {
    const seen: unknown[] = [];
    const spy = customNormalization({
      name: 'spy',
      apply: (values, shape) => {
        seen.push([...values], [...shape]);
        return values.map((v) => v - 1);
      },
    });
    const pixels = Uint8Array.of(0, 255, 0, 255, /* */ 255, 255, 255, 255);
    const { images: result } = imagePreparation({
      inputShape: [1, 1, 1],
      resize: area,
      imageNormalization: spy,
    }).apply({ pixels, shape: [2, 2, 1] });
    expect(seen).toEqual([
      [0.5, 1],
      [2, 1, 1, 1],
    ]);
    expect([...result]).toEqual([-0.5, 0]);
  });

  it('does not resize images that fit', () => {
    const pixels = Float32Array.from({ length: 64 }, (_, i) => i / 64);
    const imageNormalization = localContrast();
    const { images: result } = imagePreparation({
      inputShape: [8, 8, 1],
      resize: area,
      imageNormalization,
    }).apply({ pixels, shape: [8, 8, 1] });
    expect(result).toEqual(imageNormalization.apply(pixels, [1, 8, 8, 1]));
  });

  it('is the same from its JSON', () => {
    const pixels = Float32Array.from({ length: 12 }, (_, i) => i / 12);
    const before = imagePreparation({
      inputShape: [2, 2, 1],
      resize: area,
      imageNormalization: localContrast({ radius: 1 }),
      augmentation: chestAugmentation,
    });
    const after = preparationFromJSON(JSON.parse(JSON.stringify(before)));
    const batch = { pixels, shape: [3, 4, 1] as const };
    const variation = { seed: 1, epoch: 2 };
    expect(after.apply(batch, { variation })).toEqual(before.apply(batch, { variation }));
    expect(JSON.stringify(after)).toBe(JSON.stringify(before));
  });

  it('asks for a normalisation of your own again', () => {
    const mine = customNormalization({ name: 'mine', apply: (values) => values.slice() });
    const saved = imagePreparation({ inputShape: [1, 1, 1], imageNormalization: mine }).toJSON();
    expect(preparationFromJSON(saved, mine).imageNormalization).toBe(mine);
    expect(() => preparationFromJSON(saved)).toThrow(/^preparationFromJSON: 'mine' .* hand it in/);
  });

  it('gives nothing for no images', () => {
    const batch = { pixels: new Uint8Array(0), shape: [8, 8, 1] } as const;
    const preparation = imagePreparation({
      inputShape: [4, 4, 1],
      resize: area,
      imageNormalization: none(),
    });
    expect(preparation.apply(batch).images).toEqual(new Float32Array(0));
  });

  it('says what to do about another size or channel count', () => {
    const preparation = imagePreparation({ inputShape: [4, 4, 1], imageNormalization: none() });
    const small = { pixels: new Uint8Array(30), shape: [5, 6, 1] } as const;
    expect(() => preparation.apply(small)).toThrow(
      /^Preparation.apply: images are 5 x 6 but the model takes 4 x 4.*resize policy.*SHAPE_MISMATCH/,
    );
    const colour = { pixels: new Uint8Array(48), shape: [4, 4, 3] } as const;
    expect(() => preparation.apply(colour)).toThrow(
      /images have 3 channels but the model takes 1; convert.*\[4, 4, 3\].*SHAPE_MISMATCH/,
    );
  });

  it('names the call and the image that it is for', () => {
    const preparation = imagePreparation({ inputShape: [1, 1, 1], imageNormalization: none() });
    const images = (batch: ImageBatch) =>
      received(requestFor('SaladModel.fit', { ids: ['a', 'b'] }, [0, 1]), batch);
    const apply = (batch: ImageBatch) =>
      preparation.apply(images(batch), { where: 'SaladModel.fit' });
    expect(() => apply({ pixels: Float32Array.of(0, 2), shape: [1, 1, 1] })).toThrow(
      /^SaladModel.fit: image 'b' has 2 at row 0/,
    );
    expect(() => apply({ pixels: new Uint8Array(4), shape: [2, 1, 1] })).toThrow(
      /^SaladModel.fit: image 'a' is 2 x 1 but/,
    );
  });
});
