import type { ImageMetadata } from '../decoding/decoder.js';
import type { PatientKeys } from '../records/patient-key.js';
import type { DataSet } from './data-set.js';
import { textOf } from './text.js';

/** Years in a unit of an age string. */
const YEARS: Readonly<Record<string, number>> = { Y: 1, M: 1 / 12, W: 7 / 365.25, D: 1 / 365.25 };

/** Identifiers as the file has them; only where they are asked for. */
export interface DicomIdentifiers {
  /** PatientID (0010,0020); absent where the file has none. */
  readonly patientId?: string;
  /** PatientName (0010,0010); absent where the file has none. */
  readonly patientName?: string;
  /** PatientBirthDate (0010,0030), as YYYYMMDD; absent where the file has none. */
  readonly patientBirthDate?: string;
  /** AccessionNumber (0008,0050); absent where the file has none. */
  readonly accessionNumber?: string;
  /** StudyInstanceUID (0020,000D); absent where the file has none. */
  readonly studyInstanceUid?: string;
  /** SeriesInstanceUID (0020,000E); absent where the file has none. */
  readonly seriesInstanceUid?: string;
  /** SOPInstanceUID (0008,0018); absent where the file has none. */
  readonly sopInstanceUid?: string;
}

/** What the file says of its image, without an identifier. */
export async function readMetadata(
  dataSet: Pick<DataSet, 'string'>,
  keys: PatientKeys,
): Promise<ImageMetadata> {
  const patient = textOf(dataSet, 'x00100020');
  const study = textOf(dataSet, 'x0020000d');
  const laterality = code(dataSet, 'x00200062') ?? code(dataSet, 'x00200060');
  const sex = code(dataSet, 'x00100040');
  return present({
    format: 'application/dicom',
    patient: patient && (await keys.of(patient)),
    study: study && (await keys.of(study)),
    view: code(dataSet, 'x00185101'),
    bodyPart: code(dataSet, 'x00180015'),
    laterality: laterality === 'L' || laterality === 'R' ? laterality : undefined,
    age: ageInYears(textOf(dataSet, 'x00101010')),
    sex: sex === 'F' || sex === 'M' ? sex : undefined,
  });
}

export function readIdentifiers(dataSet: DataSet): DicomIdentifiers {
  return present({
    patientId: textOf(dataSet, 'x00100020'),
    patientName: textOf(dataSet, 'x00100010'),
    patientBirthDate: textOf(dataSet, 'x00100030'),
    accessionNumber: textOf(dataSet, 'x00080050'),
    studyInstanceUid: textOf(dataSet, 'x0020000d'),
    seriesInstanceUid: textOf(dataSet, 'x0020000e'),
    sopInstanceUid: textOf(dataSet, 'x00080018'),
  });
}

/** A code string as the standard has it; anything else could be an identifier in the wrong place. */
function code(dataSet: Pick<DataSet, 'string'>, tag: string): string | undefined {
  const value = textOf(dataSet, tag);
  return value && /^[A-Z0-9_ ]{1,16}$/.test(value) ? value : undefined;
}

/** '034Y' is 34, '018M' 1.5. */
function ageInYears(age = ''): number | undefined {
  const [, count, unit] = /^(\d{3})([YMWD])$/.exec(age) ?? [];
  return unit === undefined ? undefined : Number(count) * YEARS[unit];
}

function present<T extends object>(values: T): T {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as T;
}
