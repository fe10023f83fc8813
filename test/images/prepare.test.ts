import { describe, expect, it } from 'vitest';
import { customNormalization, none } from '../../src/images/image-normalization.js';
import { localContrast } from '../../src/images/local-contrast.js';
import { prepareImages } from '../../src/images/prepare.js';
import { resize } from '../../src/images/resize.js';

const area = { method: 'area', fit: 'stretch' } as const;

describe('prepareImages', () => {
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
    const result = prepareImages(
      { pixels, shape: [2, 2, 1] },
      { inputShape: [1, 1, 1], resize: area, normalization: spy },
    );
    expect(seen).toEqual([
      [0.5, 1],
      [2, 1, 1, 1],
    ]);
    expect([...result]).toEqual([-0.5, 0]);
  });

  it('does not resize images that fit', () => {
    const pixels = Float32Array.from({ length: 64 }, (_, i) => i / 64);
    const normalization = localContrast();
    const result = prepareImages(
      { pixels, shape: [8, 8, 1] },
      { inputShape: [8, 8, 1], resize: area, normalization },
    );
    expect(result).toEqual(normalization.apply(pixels, [1, 8, 8, 1]));
  });

  it('takes the policy as it comes back from JSON', () => {
    const pixels = Float32Array.from({ length: 12 }, (_, i) => i / 12);
    const policy = JSON.parse(JSON.stringify(area));
    const result = prepareImages(
      { pixels, shape: [3, 4, 1] },
      { inputShape: [2, 2, 1], resize: policy, normalization: none() },
    );
    expect(result).toEqual(resize(pixels, [1, 3, 4, 1], [2, 2], area));
  });

  it('gives nothing for no images', () => {
    const batch = { pixels: new Uint8Array(0), shape: [8, 8, 1] } as const;
    expect(
      prepareImages(batch, { inputShape: [4, 4, 1], resize: area, normalization: none() }),
    ).toEqual(new Float32Array(0));
  });

  it('says what to do about another size or channel count', () => {
    const preparation = { inputShape: [4, 4, 1], normalization: none() } as const;
    expect(() =>
      prepareImages({ pixels: new Uint8Array(30), shape: [5, 6, 1] }, preparation),
    ).toThrow(/images are 5 x 6 but the model takes 4 x 4.*resize policy.*SHAPE_MISMATCH/);
    expect(() =>
      prepareImages({ pixels: new Uint8Array(48), shape: [4, 4, 3] }, preparation),
    ).toThrow(/images have 3 channels but the model takes 1; convert.*\[4, 4, 3\].*SHAPE_MISMATCH/);
  });
});
