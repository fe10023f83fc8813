import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ImageRecord, type PaperSplitOptions, paperSplit } from '../../src/data/index.js';
import { pathsOf, singles } from './drawn-records.js';

/** Patients of 1 to 4 images: normal ones, abnormal ones and mixed ones, in that order. */
function patients(normal: number, abnormal: number, mixed: number): ImageRecord[] {
  return Array.from({ length: normal + abnormal + mixed }, (_, patient) =>
    Array.from({ length: patient < normal + abnormal ? 1 + (patient % 4) : 4 }, (_, image) => ({
      path: `${patient}/${image}.png`,
      patient: `p${patient}`,
      bodyPart: image % 2 ? 'HAND' : 'ELBOW',
      label: (patient < normal ? 0 : patient < normal + abnormal ? 1 : image % 2) as 0 | 1,
    })),
  ).flat();
}

const records = patients(300, 140, 60);
const split = (more: Partial<PaperSplitOptions> = {}, of = records) =>
  paperSplit(of, { anomalyRatio: 0.05, form: 'replacing', seed: 7, ...more });
const count = (list: readonly ImageRecord[], label: 0 | 1) =>
  list.filter((record) => record.label === label).length;
const patientsOf = (list: readonly ImageRecord[]) => new Set(list.map(({ patient }) => patient));

describe('paperSplit', () => {
  it('trains on half of all units, and halves the rest of every kind', () => {
    const one = patients(300, 140, 60).filter(({ path }) => path.endsWith('/0.png'));
    const { parts, unused } = split(
      { anomalyRatio: 0 },
      one.map((r, i) => ({ ...r, label: i < 300 ? 0 : 1 })),
    );
    // 500 units: 250 normals train, 50 normals are halved; 44 = round(.15 * 250 / .85) of 200 abnormals are the pool.
    expect(parts.train).toHaveLength(250);
    expect(count(parts.train, 1)).toBe(0);
    expect([count(parts.validation, 0), count(parts.test, 0)]).toEqual([25, 25]);
    expect([count(parts.validation, 1), count(parts.test, 1)]).toEqual([78, 78]);
    expect(unused).toHaveLength(44);
  });

  it('never trains on a mixed unit, and halves them', () => {
    const { parts, unused } = split({ anomalyRatio: 0.15 });
    const isMixed = (list: readonly ImageRecord[]) =>
      [...patientsOf(list)].filter((patient) => Number(patient?.slice(1)) >= 440).length;
    expect(isMixed(parts.train) + isMixed(unused)).toBe(0);
    expect([isMixed(parts.validation), isMixed(parts.test)]).toEqual([30, 30]);
  });

  it('keeps units whole between parts, loses no image, and keeps the pool out of validation and test', () => {
    for (const unit of ['patient', 'patientAndBodyPart'] as const)
      fc.assert(
        fc.property(fc.integer(), fc.constantFrom(0, 0.05, 0.1, 0.15), (seed, anomalyRatio) => {
          const { parts, unused } = split({ seed, unit, anomalyRatio, trainShare: 0.4 });
          const all = [...parts.train, ...parts.validation, ...parts.test, ...unused];
          expect(pathsOf(all).sort()).toEqual(pathsOf(records).sort());
          const keys = (list: readonly ImageRecord[]) =>
            new Set(
              list.map((r) => (unit === 'patient' ? r.patient : `${r.patient} ${r.bodyPart}`)),
            );
          const [train, validation, test] = [
            keys([...parts.train, ...unused]),
            keys(parts.validation),
            keys(parts.test),
          ];
          expect([...validation].filter((key) => train.has(key) || test.has(key))).toEqual([]);
          expect([...test].filter((key) => train.has(key))).toEqual([]);
        }),
        { numRuns: 20 },
      );
  });

  it('has one validation and one test set for all ratios and both forms, and nests the anomalies', () => {
    const first = split({ anomalyRatio: 0 });
    for (const form of ['added', 'replacing'] as const) {
      let smaller = new Set<string>();
      for (const anomalyRatio of [0, 0.02, 0.05, 0.1, 0.15]) {
        const { parts } = split({ anomalyRatio, form });
        expect(pathsOf(parts.validation)).toEqual(pathsOf(first.parts.validation));
        expect(pathsOf(parts.test)).toEqual(pathsOf(first.parts.test));
        const anomalies = pathsOf(parts.train.filter(({ label }) => label === 1));
        expect([...smaller].filter((path) => !anomalies.includes(path))).toEqual([]);
        const normals = first.parts.train.length;
        const wanted =
          form === 'added' ? (anomalyRatio * normals) / (1 - anomalyRatio) : anomalyRatio * normals;
        expect(anomalies).toHaveLength(Math.floor(wanted + 0.5));
        expect(parts.train).toHaveLength(form === 'added' ? normals + anomalies.length : normals);
        smaller = new Set(anomalies);
      }
    }
  });

  it('depends on the seed, not on the order of the records', () => {
    expect(split({}, [...records].reverse())).toEqual(split());
    expect(pathsOf(split({ seed: 8 }).parts.test)).not.toEqual(pathsOf(split().parts.test));
  });

  it('refuses what cannot be had', () => {
    expect(() => split({ anomalyRatio: 0.2 })).toThrow(
      /anomalyRatio is 0.2; expected 0 to largestRatio, 0.15/,
    );
    expect(split({ anomalyRatio: 0.2, largestRatio: 0.2 }).parts.train.length).toBeGreaterThan(0);
    expect(() =>
      split(
        {},
        singles(100, (i) => (i < 51 ? 0 : 1)),
      ),
    ).toThrow(/set trainShare to at most 0.49/);
    expect(() =>
      split(
        {},
        singles(100, (i) => (i < 90 ? 0 : 1)),
      ),
    ).toThrow(/takes 9 known anomalies.*leave too few/);
    expect(() => split({}, [...records, { path: 'x', patient: 'x' }])).toThrow(
      /records\[\d+\] \('x'\) has the label undefined/,
    );
    expect(() => split({ anomalyRatio: Number.NaN })).toThrow(/INVALID_OPTION/);
    expect(() => split({ form: 'mixed' as 'added' })).toThrow(/INVALID_OPTION/);
  });
});
