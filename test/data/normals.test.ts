import { describe, expect, it } from 'vitest';
import { arraySource } from '../../src/data/array-source.js';
import { concatSources, subset } from '../../src/data/combine.js';
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
    expect(normalsOf(unlabelled, { allNormal: true })).toBe(unlabelled);
    expect(normalsOf(allNormal)).toBe(allNormal);
  });

  it('refuses a source without labels unless told that all are normal', () => {
    for (const options of [undefined, {}, { allNormal: false }])
      expect(() => normalsOf(source(), options)).toThrow(
        'normalsOf: the source has no labels, so that nothing tells which of its 3 images are normal; expected a label for each; give labels, or pass { allNormal: true } where all are normal. [NO_LABELS]',
      );
    expect(() => normalsOf(source(), { allNormal: 1 } as object)).toThrow('[INVALID_OPTION]');
    expect(() => normalsOf(source(), { allnormal: true } as object)).toThrow('[UNKNOWN_OPTION]');
  });

  it('says which folders were not used', () => {
    const warnings = [
      { code: 'CLASS_FOLDERS_UNUSED', message: "the folders 'a' and 'b'." },
    ] as const;
    const films = subset(concatSources({ ...source(), warnings }, source()), [0, 4]);
    expect(films.warnings).toEqual(warnings);
    expect(() => normalsOf(films)).toThrow("all are normal. the folders 'a' and 'b'. [NO_LABELS]");
  });

  it('takes labels that there are before what is said of all', () => {
    expect(normalsOf(source([0, 1, 0]), { allNormal: true }).length).toBe(2);
  });

  it('refuses a source without normal images', () => {
    expect(() => normalsOf(source([1, 1, 1]))).toThrow(/EMPTY_SET/);
  });
});
