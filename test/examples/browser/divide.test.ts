import { describe, expect, it } from 'vitest';
import { divided } from '../../../examples/browser/src/training/divide.js';
import { knownPatients } from '../../../examples/browser/src/training/patients.js';
import type { OwnFilm } from '../../../examples/browser/src/training/read-films.js';

const film = (path: string, label: 0 | 1 = 0, patient?: string): OwnFilm => ({
  path,
  label,
  pixels: new Float32Array(64 * 64),
  patient,
});

const patientsOf = (...paths: string[]) => knownPatients(paths.map((path) => film(path)));

describe('knownPatients', () => {
  it('goes by what the files say, where all of them say it', () => {
    const films = [film('patient1_a.png', 0, 'k1'), film('patient1_b.png', 0, 'k2')];
    expect(knownPatients(films)).toEqual({
      patients: ['k1', 'k2'],
      by: 'the PatientID of the files',
    });
    // One says nothing: their names are gone by.
    const some = [films[0], film('patient1_b.png')];
    expect(knownPatients(some)?.patients).toEqual(['patient1', 'patient1']);
  });

  it('reads paths of MURA and CheXpert, NIH and Kermany', () => {
    const mura = [
      'XR_HAND/patient00001/study1_positive/image1.png',
      'Patient00001/study2/image1.png',
    ];
    expect(patientsOf(...mura)?.patients).toEqual(['patient00001', 'patient00001']);
    const nih = patientsOf('images/00000013_005.png', '00000013_000.png', '00000014_000.png');
    expect(nih?.patients).toEqual(['00000013', '00000013', '00000014']);
    const kermany = patientsOf('PNEUMONIA/person9_virus_1.jpeg', 'person90_bacteria_2.jpeg');
    expect(kermany?.patients).toEqual(['person9', 'person90']);
  });

  it('knows nothing where one film is without, or a number may be a date', () => {
    expect(patientsOf('patient1/a.png', 'b.png')).toBeUndefined();
    expect(patientsOf('20240101_001.png', '20240102_001.png')).toBeUndefined();
    // 'patients' and 'inpatient3' are no patient.
    expect(patientsOf('patients/a.png', 'patients/b.png')).toBeUndefined();
    expect(patientsOf('inpatient3/a.png', 'inpatient4/b.png')).toBeUndefined();
  });
});

describe('divided', () => {
  const taken = (films: readonly OwnFilm[]) => films.map(({ path }) => path);
  const patientIn = (path: string) => path.split('/')[0];

  it('puts no patient on both sides, and leaves out abnormal films of patients who are learnt', () => {
    // Thirty patients of two normal films; each third has an abnormal one, and ten more have that alone.
    const films = Array.from({ length: 40 }, (_, i) => [
      ...(i < 30 ? [film(`patient${i}/a.png`), film(`patient${i}/b.png`)] : []),
      ...(i % 3 === 0 || i >= 30 ? [film(`patient${i}/c.png`, 1)] : []),
    ]).flat();
    const { learnt, validation, how } = divided(films);
    const sides = [learnt, validation].map((side) => new Set(taken(side).map(patientIn)));
    expect([...sides[0]].filter((patient) => sides[1].has(patient))).toEqual([]);
    expect(learnt.every(({ label }) => label === 0)).toBe(true);
    expect(learnt.length).toBe(48);
    expect(validation.filter(({ label }) => label === 0).length).toBe(12);
    const abnormal = films.filter(({ label }) => label === 1).length;
    const leftOut = abnormal - validation.filter(({ label }) => label === 1).length;
    expect(leftOut).toBeGreaterThan(0);
    expect(how).toBe(
      `Learnt and validating films share none of 40 patients, by names of folders or files such as 'patient00001'. Abnormal films left out, since normal ones of their patients are learnt: ${leftOut}.`,
    );
  });

  it('goes film by film where nothing tells patients, and says so', () => {
    const films = Array.from({ length: 25 }, (_, i) => film(`${i}.png`, i < 20 ? 0 : 1));
    const { learnt, validation, how } = divided(films);
    expect([learnt.length, validation.length]).toEqual([16, 9]);
    expect(new Set([...taken(learnt), ...taken(validation)]).size).toBe(25);
    expect(how).toContain('nothing says which are of one patient');
  });

  it('refuses films of a few patients', () => {
    const films = Array.from({ length: 20 }, (_, i) => film(`patient${i % 4}/${i}.png`));
    expect(() => divided(films)).toThrow('The 20 normal films are of 4 patients, by names of');
  });
});
