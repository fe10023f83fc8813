import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ImageRecord, splitByPatient } from '../../src/data/index.js';
import { drawnRecords, pathsOf, singles } from './drawn-records.js';

const parts = { train: 0.5, validation: 0.25, test: 0.25 };
const shares = Object.entries(parts) as [keyof typeof parts, number][];

describe('splitByPatient', () => {
  it.each(['patient', 'patientAndBodyPart'] as const)(
    'never divides a %s, and loses no image',
    (unit) => {
      fc.assert(
        fc.property(drawnRecords(), fc.integer(), (records, seed) => {
          const split = splitByPatient(records, { parts, seed, unit });
          const part = new Map<string, string>();
          for (const [name, members] of Object.entries(split.parts))
            for (const { patient, bodyPart } of members) {
              const key = unit === 'patient' ? `${patient}` : `${patient} ${bodyPart}`;
              expect(part.get(key) ?? name).toBe(name);
              part.set(key, name);
            }
          const all = Object.values(split.parts).flat();
          expect(pathsOf(all).sort()).toEqual(pathsOf(records).sort());
        }),
      );
    },
  );

  it('depends on the records and the seed, not on order or salt', () => {
    fc.assert(
      fc.property(drawnRecords(), fc.integer(), (records, seed) => {
        const split = splitByPatient(records, { parts, seed });
        const turned = [...records]
          .reverse()
          .map((one) => ({ ...one, patient: `x-${one.patient}` }));
        const again = splitByPatient(turned, { parts, seed });
        for (const [name] of shares)
          expect(pathsOf(again.parts[name])).toEqual(pathsOf(split.parts[name]));
      }),
    );
  });

  it('gives no part as much as a unit more than its share', () => {
    fc.assert(
      fc.property(drawnRecords(), fc.integer(), (records, seed) => {
        const split = splitByPatient(records, { parts, seed });
        for (const [name, share] of shares)
          expect(split.parts[name].length).toBeLessThan(share * records.length + 5);
      }),
    );
  });

  it('gives exact shares of every class where every patient has one image', () => {
    const records = singles(400, (i) => (i % 4 === 0 ? 1 : 0));
    const split = splitByPatient(records, { parts, seed: 3 });
    for (const [name, share] of shares) {
      expect(split.parts[name]).toHaveLength(400 * share);
      expect(split.parts[name].filter(({ label }) => label === 1)).toHaveLength(100 * share);
    }
  });

  it('spreads views within the classes where asked to', () => {
    const records = singles(640, (i) => (i % 2 === 0 ? 1 : 0)).map(
      (record, i): ImageRecord => ({ ...record, view: i % 8 < 2 ? 'AP' : 'PA' }),
    );
    const split = splitByPatient(records, { parts, seed: 3, stratify: ['label', 'view'] });
    for (const [name, share] of shares)
      for (const label of [0, 1])
        expect(
          split.parts[name].filter((one) => one.label === label && one.view === 'AP'),
        ).toHaveLength(80 * share);
  });

  it('gives every patient, large ones too, each part with the chance of its share', () => {
    const large = Array.from({ length: 50 }, (_, i) => ({
      path: `large/${i}.png`,
      patient: 'large',
      label: 0 as const,
    }));
    const records = [...large, ...singles(100, () => 0)];
    const counts = { train: 0, validation: 0, test: 0 };
    for (let seed = 0; seed < 400; seed++) {
      const split = splitByPatient(records, { parts, seed });
      for (const [name] of shares)
        if (split.parts[name].some(({ patient }) => patient === 'large')) counts[name]++;
    }
    // Five standard deviations of a binomial of 400.
    for (const [name, share] of shares)
      expect(Math.abs(counts[name] - 400 * share)).toBeLessThan(
        5 * Math.sqrt(400 * share * (1 - share)),
      );
  });

  it('differs from seed to seed', () => {
    const records = singles(40, () => 0);
    const train = (seed: number) => pathsOf(splitByPatient(records, { parts, seed }).parts.train);
    expect(train(1)).not.toEqual(train(2));
    expect(train(0)).not.toEqual(train(1));
  });

  it('refuses what cannot be split', () => {
    const records = singles(4, () => 0);
    const split =
      (list: readonly ImageRecord[], more: object = {}) =>
      () =>
        splitByPatient(list, { parts, seed: 1, ...more });
    expect(split([])).toThrow(/EMPTY_SET/);
    expect(split([{ path: 'a.png' }])).toThrow(
      /records\[0\] \('a.png'\) has no patient.*INVALID_RECORDS/,
    );
    expect(split([...records, records[2]])).toThrow(
      /records\[\d+\] and records\[\d+\] are both '000002.png'/,
    );
    expect(split(records, { unit: 'patientAndBodyPart' })).toThrow(/has no bodyPart/);
    expect(split(records, { unit: 'image' })).toThrow(/unit is 'image'.*INVALID_OPTION/);
    expect(split(records, { parts: { train: 0.5, test: 0.4 } })).toThrow(/have the sum 0.9/);
    expect(split(records, { parts: {} })).toThrow(/have the sum 0/);
    expect(split(records, { parts: { train: 1, test: 0 } })).toThrow(/parts.test is 0/);
    expect(split(records, { stratify: ['age'] })).toThrow(/stratify is 'age'/);
    expect(split(records, { seeds: 1 })).toThrow(/Did you mean 'seed'/);
    const keys = ['00000000', '11111111'].map((tag) => `${tag}-${'0'.repeat(24)}`);
    expect(split(keys.map((patient) => ({ path: patient, patient })))).toThrow(/2 different salts/);
  });
});
