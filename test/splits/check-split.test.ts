import { describe, expect, it } from 'vitest';
import { arraySource, checkSplit, type ImageRecord, inspectImages } from '../../src/data/index.js';
import type { SaladError } from '../../src/index.js';

function errorOf(...args: Parameters<typeof checkSplit>): SaladError {
  try {
    checkSplit(...args);
  } catch (error) {
    return error as SaladError;
  }
  throw new Error('nothing was refused');
}

const record = (path: string, patient: string, more: Partial<ImageRecord> = {}): ImageRecord => ({
  path,
  patient,
  ...more,
});

describe('checkSplit', () => {
  it('accepts disjoint parts', () => {
    checkSplit({ train: [record('a', '1'), record('b', '1')], test: [record('c', '2')] });
    checkSplit({ train: [{ path: 'a' }], test: [{ path: 'b' }] });
  });

  it('lists the images of shared patients, all of them in details, no key anywhere', () => {
    const train = Array.from({ length: 7 }, (_, i) =>
      record(`a${i}`, `secret-${i}`, { id: `film-${i}` }),
    );
    const test = Array.from({ length: 7 }, (_, i) => record(`b${i}`, `secret-${i}`));
    const error = errorOf({ train: [...train, record('c', 'secret-0')], test });
    expect(error.code).toBe('PATIENT_OVERLAP');
    expect(error.message).toContain(
      "7 patients are in more than one part: train 'film-0' (and 1 more) = test 'b0'",
    );
    expect(error.message).toContain('and 2 more; expected');
    expect(error.details.overlaps).toHaveLength(7);
    expect((error.details.overlaps as unknown[])[0]).toEqual({
      train: ['film-0', 'c'],
      test: ['b0'],
    });
    expect(error.message + JSON.stringify(error.details)).not.toContain('secret');
  });

  it('refuses patients of some records alone, by name', () => {
    const error = errorOf({ train: [record('a', 'p1')], test: [{ path: 'b' }, { path: 'c' }] });
    expect(error.code).toBe('INVALID_RECORDS');
    expect(error.message).toContain(
      "2 of 3 records have no patient, test[0] ('b') for one; expected all",
    );
    expect(error.details).toEqual({ images: ['b', 'c'] });
  });

  it('takes patient and body part for the unit where the option says so', () => {
    const parts = {
      train: [record('a', '1', { bodyPart: 'HAND' })],
      test: [record('b', '1', { bodyPart: 'ELBOW' })],
    };
    expect(errorOf(parts).code).toBe('PATIENT_OVERLAP');
    checkSplit(parts, { unit: 'patientAndBodyPart' });
  });

  it('refuses a path in two parts', () => {
    const error = errorOf({ train: [{ path: 'a' }], test: [{ path: 'a' }] });
    expect(error.code).toBe('IMAGE_OVERLAP');
  });

  it('refuses equal pixels in two parts, once inspected, and not within a part', async () => {
    const source = arraySource({
      pixels: Uint8Array.of(1, 2, 3, 1, 2),
      shape: [1, 1, 1],
      ids: ['a', 'b', 'c', 'd', 'e'],
    });
    const inspected = await inspectImages(source);
    const of = (...ids: string[]) => ids.map((path) => ({ path }));
    checkSplit({ train: of('a', 'd', 'c'), test: of('b', 'e') }, { inspected });
    const error = errorOf({ train: of('a', 'b', 'c'), test: of('d', 'e') }, { inspected });
    expect(error.code).toBe('IMAGE_OVERLAP');
    expect(error.details.overlaps).toEqual([
      { train: ['a'], test: ['d'] },
      { train: ['b'], test: ['e'] },
    ]);
    expect(() => checkSplit({ train: of('a', 'f') }, { inspected })).toThrow(
      /lacks 1 of 2 images, train\[1\] \('f'\) for one/,
    );
  });

  it('refuses to compare keys of two salts', () => {
    const keys = ['00000000', '11111111'].map((tag) => `${tag}-${'0'.repeat(24)}`);
    expect(errorOf({ train: [record('a', keys[0])], test: [record('b', keys[1])] }).code).toBe(
      'INVALID_OPTION',
    );
  });
});
