import { describe, expect, it } from 'vitest';
import { checkPatientsDisjoint } from '../../src/data/index.js';
import { isSaladError } from '../../src/support/errors.js';

const of = (...patients: string[]) => ({ patients });

describe('checkPatientsDisjoint', () => {
  it('lets patients with several images in one split pass', () => {
    checkPatientsDisjoint({ train: of('a', 'a', 'b'), validation: of('c'), test: of('d') });
  });

  it('passes over splits that are absent or do not know their patients', () => {
    checkPatientsDisjoint({ train: of('a'), validation: undefined, test: {} });
  });

  it('names the shared patients and where they are', () => {
    const check = () =>
      checkPatientsDisjoint({ train: of('a', 'b', 'c'), validation: of('b'), test: of('c', 'b') });
    expect(check).toThrow(
      /2 patients .*'b' \(train and validation and test\), 'c' \(train and test\).*PATIENT_OVERLAP/,
    );
    try {
      check();
    } catch (error) {
      expect(isSaladError(error, 'PATIENT_OVERLAP') && error.details.patients).toEqual({
        b: ['train', 'validation', 'test'],
        c: ['train', 'test'],
      });
    }
  });

  it('lists five and counts the rest', () => {
    const many = of(...Array.from({ length: 8 }, (_, i) => `p${i}`));
    expect(() => checkPatientsDisjoint({ train: many, test: many })).toThrow(
      /8 patients .*'p4' \(train and test\) and 3 more/,
    );
  });
});
