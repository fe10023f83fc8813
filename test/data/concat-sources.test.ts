import { describe, expect, it } from 'vitest';
import { arraySource, concatSources } from '../../src/data/index.js';

const bytes = (...pixels: number[]) =>
  arraySource({
    pixels: Uint8Array.from(pixels),
    shape: [1, 2, 1],
    labels: new Uint8Array(pixels.length / 2),
  });

describe('concatSources', () => {
  it('puts sources behind one another', async () => {
    const one = bytes(1, 2, 3, 4);
    const two = arraySource({
      pixels: Uint8Array.of(5, 6, 7, 8),
      shape: [1, 2, 1],
      ids: ['x', 'y'],
      labels: [1, 0],
    });
    const both = concatSources(one, two);
    expect(both).toMatchObject({
      length: 4,
      ids: ['image-0', 'image-1', 'x', 'y'],
      labels: [0, 0, 1, 0],
    });
    expect('patients' in both).toBe(false);
    expect(await both.read([3, 0, 2, 0])).toEqual({
      pixels: Uint8Array.of(7, 8, 1, 2, 5, 6, 1, 2),
      shape: [1, 2, 1],
    });
    expect(await both.read([2])).toEqual(await two.read([0]));
    expect(await both.read([])).toEqual({ pixels: new Uint8Array(0), shape: [1, 2, 1] });
    expect(await concatSources(one).read([1])).toEqual(await one.read([1]));
  });

  it('brings pixels of different kinds to [0, 1]', async () => {
    const words = (bitsStored: number) =>
      arraySource({ pixels: Uint16Array.of(1023, 0), shape: [1, 2, 1], bitsStored, labels: [0] });
    const mixed = concatSources(bytes(51, 255), words(10), words(12));
    expect(await mixed.read([1, 0])).toEqual({
      pixels: Float32Array.of(1, 0, 51 / 255, 1),
      shape: [1, 2, 1],
    });
    expect((await mixed.read([1, 2])).pixels).toEqual(Float32Array.of(1, 0, 1023 / 4095, 0));
    expect(await mixed.read([1])).toEqual({ ...(await words(10).read([0])) });
  });

  it('refuses other shapes, and facts that only some know', async () => {
    const tall = arraySource({ pixels: Uint8Array.of(1, 2), shape: [2, 1, 1], labels: [0] });
    await expect(concatSources(bytes(1, 2), tall).read([0, 1])).rejects.toThrow(
      /\[1, 2, 1\] but 'image-0' \[2, 1, 1\].*SHAPE_MISMATCH/,
    );
    const unlabelled = arraySource({ pixels: Uint8Array.of(1, 2), shape: [1, 2, 1] });
    expect(() => concatSources(bytes(1, 2), unlabelled)).toThrow(
      /source 1 has no labels but another has.*INVALID_OPTION/,
    );
    const known = arraySource({ pixels: Uint8Array.of(1, 2), shape: [1, 2, 1], patients: ['p'] });
    expect(() => concatSources(unlabelled, known)).toThrow(/source 0 has no patients/);
    expect(() => concatSources()).toThrow(/EMPTY_SET/);
    await expect(concatSources(unlabelled).read([1])).rejects.toThrow(/INDEX_OUT_OF_RANGE/);
  });
});
