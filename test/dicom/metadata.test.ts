import { describe, expect, it } from 'vitest';
import { dicom, readDicom, renderDicom } from '../../src/dicom/index.js';
import { patientKeys } from '../../src/records/patient-key.js';
import { fixture, placeOf } from './fixtures.js';

const SALT = 'a salt for these tests alone';
const limits = { maxPixels: 1e6 };

function withText(file: Uint8Array, group: number, element: number, text: string): Uint8Array {
  file.set(new TextEncoder().encode(text), placeOf(file, group, element));
  return file;
}

/** The file with SpecificCharacterSet before its first element of group 0008. */
function withCharacterSet(file: Uint8Array, set: string): Uint8Array {
  const text = set.length % 2 === 0 ? set : `${set} `;
  const element = [0x08, 0, 0x05, 0, 0x43, 0x53, text.length, 0, ...Buffer.from(text)];
  const meta = new DataView(file.buffer).getUint32(placeOf(file, 0x0002, 0x0000), true);
  const at = placeOf(file, 0x0002, 0x0000) + 4 + meta;
  return Uint8Array.from([...file.subarray(0, at), ...element, ...file.subarray(at)]);
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

  it.each([
    ['ISO_IR 192', 'Mu\u0308ller', 'Müller', [0x4d, 0xc3, 0xbc, 0x6c, 0x6c, 0x65, 0x72]],
    ['ISO_IR 100', 'Müller', 'Müller', [0x4d, 0xfc, 0x6c, 0x6c, 0x65, 0x72]],
    ['ISO_IR 144', 'Иван', 'Иван', [0xb8, 0xd2, 0xd0, 0xdd]],
    ['GB18030', '王', '王', [0xcd, 0xf5]],
    ['\\ISO 2022 IR 87', '山', '山', [0x1b, 0x24, 0x42, 0x3b, 0x33, 0x1b, 0x28, 0x42]],
    ['\\ISO 2022 IR 149', '김', '김', [0x1b, 0x24, 0x29, 0x43, 0xb1, 0xe8]],
    // Not UTF-8, though it says so.
    ['ISO_IR 192', 'M\u00fc', 'Mü', [0x4d, 0xfc]],
  ])('reads identifiers of %s as %s of a list', async (set, listed, patientId, bytes) => {
    const keys = patientKeys({ salt: SALT });
    const file = fixture('explicit-little');
    file.fill(0x20, placeOf(file, 0x0010, 0x0020), placeOf(file, 0x0010, 0x0020) + 10);
    file.set(bytes, placeOf(file, 0x0010, 0x0020));
    const image = await readDicom(withCharacterSet(file, set), { keys, identifiers: true });
    expect(image.identifiers?.patientId).toBe(patientId);
    expect(image.metadata.patient).toBe(await keys.of(listed));
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
    // Of a random salt the digits of a key may be those of an identifier.
    const keys = patientKeys({ salt: SALT });
    const image = await readDicom(fixture('explicit-little'), { keys });
    const shown = renderDicom(image);
    const all = JSON.stringify([
      { ...image, pixels: 0 },
      { ...shown, pixels: 0 },
      await dicom({ keys }).decode(fixture('explicit-little'), limits),
    ]);
    expect(all).not.toMatch(/Drawn|Phantom|0815|2020|3680043/);
  });
});
