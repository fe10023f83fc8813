import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { checkPatientsDisjoint } from '../../src/data/index.js';
import { isSaladError, type SaladError } from '../../src/support/errors.js';

const of = (...patients: string[]) => ({ patients });

function overlap(splits: Parameters<typeof checkPatientsDisjoint>[0]): SaladError {
  try {
    checkPatientsDisjoint(splits);
  } catch (error) {
    if (isSaladError(error, 'PATIENT_OVERLAP')) return error;
  }
  throw new Error('expected a PATIENT_OVERLAP');
}

describe('checkPatientsDisjoint', () => {
  it('lets patients with several images in one split pass', () => {
    checkPatientsDisjoint({ train: of('a', 'a', 'b'), validation: of('c'), test: of('d') });
  });

  it('passes over splits that are absent, and has nothing to say where no patient is known', () => {
    checkPatientsDisjoint({ train: of('a'), validation: undefined, test: of('b') });
    checkPatientsDisjoint({ train: {}, validation: undefined, test: {} });
  });

  it('refuses splits of which only some know their patients, whose overlap it would not find', () => {
    for (const splits of [
      { train: of('a'), validation: {} },
      { train: {}, validation: of('a') },
    ])
      expect(() => checkPatientsDisjoint(splits)).toThrow(
        /does not know its patients and '(train|validation)' does; .* \[INVALID_OPTION\]/,
      );
  });

  it('names one image a split of each shared patient, by position', () => {
    const splits = {
      train: of('key-a', 'key-b', 'key-c'),
      validation: of('key-b'),
      test: of('key-c', 'key-d', 'key-b'),
    };
    const error = overlap(splits);
    expect(error.message).toBe(
      'checkPatientsDisjoint: 2 patients are in more than one split, with the images train[1] and validation[0] and test[2], train[2] and test[0]; expected every patient in one; split on patients, not on images. [PATIENT_OVERLAP]',
    );
    expect(error.details.images).toEqual([
      { train: 1, validation: 0, test: 2 },
      { train: 2, test: 0 },
    ]);
  });

  it('lists five and counts the rest', () => {
    const many = of(...Array.from({ length: 8 }, (_, i) => `key-${i}`));
    expect(overlap({ train: many, test: many }).message).toMatch(
      /8 patients .* images train\[0\] and test\[0\], .*train\[4\] and test\[4\] and 3 more;/,
    );
  });

  it('holds no key, whether printed with its details or as JSON', () => {
    const error = overlap({ train: of('key-1'), test: of('key-1') });
    expect(inspect(error, { depth: null })).toMatch(/train\[0\] and test\[0\];/);
    expect(inspect(error, { depth: null, showHidden: true })).not.toContain('key-1');
    expect(JSON.stringify(error)).not.toContain('key-1');
  });
});
