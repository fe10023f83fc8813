import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  paperSplit,
  type SplitFile,
  splitByPatient,
  splitFromJSON,
  splitToJSON,
} from '../../src/data/index.js';
import { drawnRecords, singles } from './drawn-records.js';

const parts = { train: 0.5, test: 0.5 };
const roundTrip = async (split: Parameters<typeof splitToJSON>[0]): Promise<SplitFile> =>
  JSON.parse(JSON.stringify(await splitToJSON(split)));

describe('a split in a file', () => {
  it('comes back, whatever the order of the records', async () => {
    await fc.assert(
      fc.asyncProperty(drawnRecords(), fc.integer(), async (records, seed) => {
        const split = splitByPatient(records, { parts, seed, stratify: ['label', 'view'] });
        expect(await splitFromJSON(await roundTrip(split), [...records].reverse())).toEqual(split);
      }),
      { numRuns: 30 },
    );
    const records = singles(200, (i) => (i % 3 === 0 ? 1 : 0));
    const split = paperSplit(records, { anomalyRatio: 0.1, form: 'added', seed: 1 });
    expect(split.unused.length).toBeGreaterThan(0);
    expect(await splitFromJSON(await roundTrip(split), records)).toEqual(split);
  });

  it('comes back where a part is named like what is left over', async () => {
    const records = singles(20, () => 0);
    const split = splitByPatient(records, { parts: { train: 0.5, unused: 0.5 }, seed: 1 });
    expect(await splitFromJSON(await roundTrip(split), records)).toEqual(split);
  });

  it.each(['parts', 'unused', 'records', 'recipe'])('is refused without its %s', async (name) => {
    const records = singles(20, () => 0);
    const file = await roundTrip(splitByPatient(records, { parts, seed: 1 }));
    const cut = splitFromJSON({ ...file, [name]: undefined }, records);
    await expect(cut).rejects.toMatchObject({ code: 'INVALID_RECORDS' });
  });

  it('comes back as version 0.1 saved it, with the unit of today', async () => {
    const records = Array.from({ length: 8 }, (_, i) => ({
      path: `${i}.png`,
      patient: `p${i >> 1}`,
      bodyPart: i % 2 ? 'HAND' : 'ELBOW',
      label: i % 3 ? (0 as const) : (1 as const),
    }));
    const stored = {
      format: 'salad-ad split',
      version: 1,
      recipe: {
        method: 'splitByPatient',
        options: { parts, seed: 7, unit: 'patient x body part', stratify: ['label'] },
      },
      records: {
        count: 8,
        sha256: '84e545ff22a511a3b457671bb372f29008646b00d57f032c580c152bd6d8a75b',
      },
      parts: {
        train: ['1.png', '2.png', '6.png', '7.png'],
        test: ['0.png', '3.png', '4.png', '5.png'],
      },
      unused: [],
    };
    const unit = 'patientAndBodyPart';
    const again = splitByPatient(records, { parts, seed: 7, unit });
    expect(await splitFromJSON(JSON.parse(JSON.stringify(stored)), records)).toEqual(again);
  });

  it('names paths and options, and no patient', async () => {
    const records = singles(4, () => 0).map((record, i) => ({ ...record, patient: `secret-${i}` }));
    const file = await roundTrip(splitByPatient(records, { parts, seed: 5 }));
    expect(file.recipe).toEqual({
      method: 'splitByPatient',
      options: { parts, seed: 5, unit: 'patient', stratify: ['label'] },
    });
    expect(Object.values(file.parts).flat().sort()).toEqual(records.map(({ path }) => path));
    expect(JSON.stringify(file)).not.toContain('secret');
  });

  it('is refused for other records', async () => {
    const records = singles(8, (i) => (i % 2 ? 1 : 0));
    const file = await roundTrip(splitByPatient(records, { parts, seed: 5 }));
    const read = (list: typeof records, json = file) => splitFromJSON(json, list);
    await expect(read(records.slice(1))).rejects.toMatchObject({
      code: 'INVALID_RECORDS',
      message: expect.stringMatching(
        /^splitFromJSON: 1 of 8 images of the split are not among the records: (train|test)\[0\]; /,
      ),
      details: { missing: [expect.stringMatching(/^(train|test)\[0\]$/)] },
    });
    await expect(read([...records, { path: 'x.png', patient: 'x' }])).rejects.toMatchObject({
      code: 'INVALID_RECORDS',
      details: { extra: ["'x.png'"] },
    });
    await expect(read(records.map((one) => ({ ...one, label: 0 as const })))).rejects.toThrow(
      /other labels/,
    );
    await expect(read([...records, records[0]])).rejects.toThrow(/or a path twice/);
    await expect(read(records.map((one) => ({ ...one, patient: 'same' })))).rejects.toMatchObject({
      code: 'PATIENT_OVERLAP',
    });
    await expect(read(records, { ...file, version: 2 as 1 })).rejects.toThrow(
      /version 2 of a split.*FORMAT_VERSION/,
    );
    await expect(read(records, [] as never)).rejects.toThrow(/FORMAT_VERSION/);
  });
});
