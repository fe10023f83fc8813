import { describe, expect, it } from 'vitest';
import { dicom, patientKeys, readDicom, renderDicom } from '../../src/dicom/index.js';
import { fixture, placeOf } from './fixtures.js';

const SALT = 'a salt for these tests alone';
const limits = { maxPixels: 1e6 };

function withText(file: Uint8Array, group: number, element: number, text: string): Uint8Array {
  file.set(new TextEncoder().encode(text), placeOf(file, group, element));
  return file;
}

describe('metadata', () => {
  it('says what is known of the image', async () => {
    const { metadata } = await dicom().decode(fixture('explicit-little'), limits);
    expect(metadata).toMatchObject({
      format: 'application/dicom',
      view: 'PA',
      bodyPart: 'CHEST',
      laterality: 'L',
      age: 1.5,
      sex: 'F',
    });
  });

  it.each([
    ['034Y', 34],
    ['007D', 7 / 365.25],
    ['002W', 14 / 365.25],
    ['34 Y', undefined],
    ['0x1Y', undefined],
  ])('reads the age %s as %s', async (text, age) => {
    const file = withText(fixture('explicit-little'), 0x0010, 0x1010, text);
    expect((await readDicom(file)).metadata.age).toBe(age);
  });

  it('leaves away what is no code', async () => {
    const named = withText(fixture('explicit-little'), 0x0018, 0x0015, 'Doe J');
    expect((await readDicom(named)).metadata).not.toHaveProperty('bodyPart');
    const both = withText(fixture('explicit-little'), 0x0020, 0x0060, 'B');
    expect((await readDicom(both)).metadata).not.toHaveProperty('laterality');
  });

  it('has keys that agree where the salt does, and with lists of the same patients', async () => {
    const keys = patientKeys({ salt: SALT });
    const { metadata } = await dicom({ keys }).decode(fixture('explicit-little'), limits);
    expect(metadata?.patient).toBe(await keys.of('DRAWN-0815'));
    expect(metadata?.study).toBe(await keys.of('1.2.826.0.1.3680043.8.498.6'));
    const other = (await readDicom(fixture('rle'), { keys: patientKeys({ salt: SALT }) })).metadata;
    expect(other.patient).toBe(metadata?.patient);
  });

  it('has keys of one salt for all files of a decoder, and of another for the next', async () => {
    const decoder = dicom();
    const patient = async (by: typeof decoder, name: string) =>
      (await by.decode(fixture(name), limits)).metadata?.patient;
    expect(await patient(decoder, 'rle')).toBe(await patient(decoder, 'deflated'));
    expect(await patient(decoder, 'rle')).not.toBe(await patient(dicom(), 'rle'));
  });

  it('is without key where the file names no patient', async () => {
    const file = withText(fixture('explicit-little'), 0x0010, 0x0020, '          ');
    expect((await readDicom(file)).metadata).not.toHaveProperty('patient');
  });

  it('gives identifiers when asked, and otherwise in no result', async () => {
    const asked = await readDicom(fixture('explicit-little'), { identifiers: true });
    expect(asked.identifiers).toEqual({
      patientId: 'DRAWN-0815',
      patientName: 'Drawn^Phantom',
      patientBirthDate: '20200229',
      studyInstanceUid: '1.2.826.0.1.3680043.8.498.6',
      seriesInstanceUid: '1.2.826.0.1.3680043.8.498.7',
      sopInstanceUid: '1.2.826.0.1.3680043.8.498.5',
    });
    const image = await readDicom(fixture('explicit-little'));
    const shown = renderDicom(image);
    const all = JSON.stringify([
      { ...image, pixels: 0 },
      { ...shown, pixels: 0 },
      await dicom().decode(fixture('explicit-little'), limits),
    ]);
    expect(all).not.toMatch(/Drawn|Phantom|0815|2020|3680043/);
  });
});
