import { imageProblem } from '../../decoding/image-problem.js';
import { defaultMaxPixels } from '../../decoding/pixel-limit.js';
import type { DataSet } from '../data-set.js';
import { elementLimits } from '../element-limits.js';
import { parseFile } from '../parse-file.js';
import type { Attribute } from './write-elements.js';

/** What an object about a film needs of it. */
export interface FilmFacts {
  /** The attributes of patient and study, as their bytes stand in the file, with the set of characters that they are in. */
  readonly copied: readonly Attribute[];
  /** Of an image that was made of it. */
  readonly ofImages: readonly Attribute[];
  readonly study: string;
  readonly series: string;
  readonly instance: string;
  readonly sopClass: string;
  /** Its number in its series; 1 where it says none. */
  readonly number: string;
}

type Copied = readonly [tag: number, kind: Attribute[1], required?: 'always'];

/** Of patient and study; what must be there is empty where the film does not have it. */
const PATIENT_AND_STUDY: readonly Copied[] = [
  [0x00080005, 'CS'],
  [0x00080020, 'DA', 'always'],
  [0x00080030, 'TM', 'always'],
  [0x00080050, 'SH', 'always'],
  [0x00080090, 'PN', 'always'],
  [0x00081030, 'LO'],
  [0x00100010, 'PN', 'always'],
  [0x00100020, 'LO', 'always'],
  [0x00100021, 'LO'],
  [0x00100030, 'DA', 'always'],
  [0x00100040, 'CS', 'always'],
  [0x00120062, 'CS'],
  [0x00120063, 'LO'],
  [0x00200010, 'SH', 'always'],
];
/** The side of the body, whether names stand in the pixels, and whether coding has changed them: all are true of what is made of them. */
const OF_IMAGES: readonly Copied[] = [
  [0x00200060, 'CS', 'always'],
  [0x00280301, 'CS'],
  [0x00282110, 'CS'],
  [0x00282112, 'DS'],
  [0x00282114, 'CS'],
];
/** Far more than any of these values may have. */
const LONGEST = 4096;

/**
 * The facts of a film.
 *
 * @throws IMAGE_INVALID where it does not name its study, series and instance; IMAGE_TRUNCATED, IMAGE_UNSUPPORTED, IMAGE_TOO_LARGE
 * @see DICOM PS3.3, C.7.1.1 (Patient), C.7.2.1 (General Study)
 */
export function filmFacts(film: Uint8Array): FilmFacts {
  const limits = { ...elementLimits('dicom', {}), maxPixels: defaultMaxPixels };
  const { dataSet } = parseFile(film, limits);
  const study = uidOf(dataSet, 'x0020000d');
  const number = dataSet.string('x00200013') ?? '';
  return {
    copied: [...copiesOf(dataSet, PATIENT_AND_STUDY), [0x0020000d, 'UI', study]],
    ofImages: copiesOf(dataSet, OF_IMAGES),
    study,
    series: uidOf(dataSet, 'x0020000e'),
    instance: uidOf(dataSet, 'x00080018'),
    sopClass: uidOf(dataSet, 'x00080016'),
    number: /^\d{1,9}$/.test(number) ? number : '1',
  };
}

const copiesOf = (dataSet: DataSet, wanted: readonly Copied[]): Attribute[] =>
  wanted.flatMap(([tag, kind, required]): Attribute[] => {
    const value = dataSet.bytes(`x${tag.toString(16).padStart(8, '0')}`);
    if (value.length > LONGEST)
      throw imageProblem(
        'IMAGE_INVALID',
        'dicom',
        'an attribute of the patient or the study is longer than any may be',
        `expected at most ${LONGEST} bytes; the file is damaged`,
      );
    return value.length > 0 || required ? [[tag, kind, value]] : [];
  });

function uidOf(dataSet: DataSet, tag: string): string {
  const uid = dataSet.string(tag);
  if (uid && /^[0-9.]{1,64}$/.test(uid)) return uid;
  throw imageProblem(
    'IMAGE_INVALID',
    'dicom',
    'the film does not name its study, series, instance and kind',
    'expected four UIDs (0020,000D), (0020,000E), (0008,0018), (0008,0016): without them a result would lie in no study',
  );
}
