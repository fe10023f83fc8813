import { describe, expect, it } from 'vitest';
import { arraySource, subset } from '../../src/data/index.js';

const pixels = Uint8Array.from({ length: 3 * 4 }, (_, i) => i);
const shape = [2, 2, 1] as const;

describe('arraySource', () => {
  it('reads images by index, in the order asked for', async () => {
    const source = arraySource({ pixels, shape });
    expect(source.length).toBe(3);
    expect(await source.read([2, 0, 2])).toEqual({
      pixels: Uint8Array.of(8, 9, 10, 11, 0, 1, 2, 3, 8, 9, 10, 11),
      shape,
    });
    expect((await source.read([])).pixels).toEqual(new Uint8Array(0));
  });

  it('hands out copies', async () => {
    const source = arraySource({ pixels, shape });
    (await source.read([0])).pixels.fill(99);
    expect((await source.read([0])).pixels).toEqual(Uint8Array.of(0, 1, 2, 3));
  });

  it('keeps the kind of pixels and the bits in use', async () => {
    const words = arraySource({
      pixels: Uint16Array.of(1, 4095),
      shape: [1, 1, 1],
      bitsStored: 12,
    });
    expect(await words.read([1])).toEqual({
      pixels: Uint16Array.of(4095),
      shape: [1, 1, 1],
      bitsStored: 12,
    });
    const floats = arraySource({ pixels: Float32Array.of(0.5), shape: [1, 1, 1] });
    expect((await floats.read([0])).pixels).toEqual(Float32Array.of(0.5));
  });

  it('knows what it was told of the images', () => {
    const bare = arraySource({ pixels, shape });
    expect(bare.ids).toEqual(['image-0', 'image-1', 'image-2']);
    expect('labels' in bare || 'patients' in bare).toBe(false);
    const facts = { ids: ['a', 'b', 'c'], labels: [0, 1, 0], patients: ['p', 'p', 'q'] };
    expect(arraySource({ pixels, shape, ...facts })).toMatchObject(facts);
  });

  it('refuses what does not fit', async () => {
    const make = (more: object) => () => arraySource({ pixels, shape, ...more });
    expect(make({ pixels: new Uint8Array(0) })).toThrow(/EMPTY_SET/);
    expect(make({ pixels: new Uint8Array(13) })).toThrow(/SHAPE_MISMATCH/);
    expect(make({ labels: [0, 1] })).toThrow(/2 labels for 3 images.*LABELS_MISMATCH/);
    expect(make({ labels: [0, 1, 2] })).toThrow(/labels\[2\] is 2; expected 0 .*INVALID_OPTION/);
    expect(make({ ids: ['a'] })).toThrow(/1 ids for 3 images.*SHAPE_MISMATCH/);
    expect(make({ patients: ['a'] })).toThrow(/1 patients for 3 images.*SHAPE_MISMATCH/);
    await expect(arraySource({ pixels, shape }).read([0, 3])).rejects.toThrow(
      /indices\[1\] is 3 .*INDEX_OUT_OF_RANGE/,
    );
  });
});

describe('subset', () => {
  const facts = { ids: ['a', 'b', 'c'], labels: [0, 1, 0], patients: ['p', 'p', 'q'] };
  const source = arraySource({ pixels, shape, ...facts });

  it('is a source of the chosen images', async () => {
    const chosen = subset(source, Int32Array.of(2, 1));
    expect(chosen).toMatchObject({
      length: 2,
      ids: ['c', 'b'],
      labels: [0, 1],
      patients: ['q', 'p'],
    });
    expect(await chosen.read([1])).toEqual(await source.read([1]));
    expect(await chosen.read([0, 1])).toEqual(await source.read([2, 1]));
    expect(await subset(chosen, [1]).read([0])).toEqual(await source.read([1]));
  });

  it('says where threads find its images if its source does', () => {
    const at = { module: 'file:///films.js', open: 'films', argument: 'folder' };
    const located = {
      ...source,
      locate: (indices: ArrayLike<number>) => ({ ...at, indices: Array.from(indices) }),
    };
    const chosen = subset(subset(located, [2, 0]), [1, 0]);
    expect(chosen.locate?.([0, 1, 0])).toEqual({ ...at, indices: [0, 2, 0] });
    expect(subset(source, [0]).locate).toBeUndefined();
  });

  it('does not follow later changes of the list', async () => {
    const list = [0, 1];
    const chosen = subset(source, list);
    list[0] = 2;
    expect(await chosen.read([0])).toEqual(await source.read([0]));
  });

  it('refuses nothing at all and what is not there', async () => {
    expect(() => subset(source, [])).toThrow(/EMPTY_SET/);
    expect(() => subset(source, [3])).toThrow(/INDEX_OUT_OF_RANGE/);
    await expect(subset(source, [1]).read([1])).rejects.toThrow(/there is 1 image;/);
  });
});
