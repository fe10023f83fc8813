import { describe, expect, it } from 'vitest';
import { arraySource } from '../../src/data/array-source.js';
import { normalsOf } from '../../src/data/normals.js';

const source = (labels?: number[]) =>
  arraySource({ pixels: Uint8Array.of(10, 20, 30), shape: [1, 1, 1], labels });

describe('normalsOf', () => {
  it('leaves out what is labelled as an anomaly', async () => {
    const normals = normalsOf(source([0, 1, 0]));
    expect(normals.ids).toEqual(['image-0', 'image-2']);
    expect(Array.from((await normals.read([0, 1])).pixels)).toEqual([10, 30]);
    expect(Array.from(normals.labels ?? [])).toEqual([0, 0]);
  });

  it('is the source itself where there is nothing to leave out', () => {
    const unlabelled = source();
    const allNormal = source([0, 0, 0]);
    expect(normalsOf(unlabelled)).toBe(unlabelled);
    expect(normalsOf(allNormal)).toBe(allNormal);
  });

  it('refuses a source without normal images', () => {
    expect(() => normalsOf(source([1, 1, 1]))).toThrow(/EMPTY_SET/);
  });
});
