import { checkBytes } from '../../support/check.js';
import { VERSION } from '../../support/version.js';
import { inNameOf } from '../in-name-of.js';
import { commonAttributes, referenceTo } from './common-attributes.js';
import { type FilmFacts, filmFacts } from './film-facts.js';
import { checkStatement, MARK, type Statement, verdictOf } from './statement.js';
import { uidOf } from './uid-of.js';
import { type Attribute, fileOf } from './write-elements.js';

const COMPREHENSIVE_SR = '1.2.840.10008.5.1.4.1.1.88.33';
/** Designator of our own codes, of which the report says whose they are. */
const OWN = '99SALADAD';

/**
 * Makes a structured report (DICOM Comprehensive SR) of a film's score, for the study that the film lies in: a container with the
 * reference to the film, score, p-value, verdict, threshold, promise, what the p-value rests on, and the model.
 *
 * It is marked as research software in the description of its series and in its first lines, unverified and preliminary. Attributes of patient and
 * study are copied from the film as its bytes stand, and go nowhere else. UIDs are `2.25.` and a UUID made of what the report says:
 * the same statement on the same film has the same UIDs, so that storing it again makes no second one.
 *
 * @param film the whole DICOM file of the film
 * @param statement what is said of it; letters beyond ASCII become question marks
 * @returns a DICOM file in explicit little-endian form
 * @throws INVALID_OPTION, UNKNOWN_OPTION, NO_CRYPTO; IMAGE_INVALID where the film does not name its study, series and instance;
 * IMAGE_TRUNCATED, IMAGE_UNSUPPORTED, IMAGE_TOO_LARGE
 * @see DICOM PS3.3, A.35.3 (Comprehensive SR), C.17 (its modules); PS3.5, B.2 (UIDs).
 * @example
 * const report = await dicomResult.structuredReport(film, { score: 1.93, model: 'sha256 1f0c', abnormal: true });
 */
export async function structuredReport(
  film: Uint8Array,
  statement: Statement,
): Promise<Uint8Array> {
  const where = 'structuredReport';
  checkBytes(where, 'film', film);
  checkStatement(where, statement);
  return inNameOf(where, async () => {
    const facts = filmFacts(film);
    const { date: _, ...said } = statement;
    const names = [where, facts.study, facts.series];
    const uid = await uidOf(where, [...names, facts.instance, said]);
    const series = await uidOf(where, [...names, statement.model]);
    return fileOf({ sopClass: COMPREHENSIVE_SR, uid }, [
      ...commonAttributes(facts, statement, { uid: series, number: 9801, what: 'anomaly score' }),
      ...documentOf(facts),
      ...contentOf(facts, statement),
    ]);
  });
}

/** What a report is as a document. */
const documentOf = (film: FilmFacts): Attribute[] => [
  [0x00080060, 'CS', 'SR'],
  [
    0x00080110,
    'SQ',
    [
      [
        [0x00080102, 'SH', OWN],
        [0x00080115, 'ST', 'Codes of the open-source library salad-ad'],
      ],
    ],
  ],
  [0x00081111, 'SQ', []],
  [0x0040a372, 'SQ', []],
  [
    0x0040a375,
    'SQ',
    [
      [
        [
          0x00081115,
          'SQ',
          [
            [
              [0x00081199, 'SQ', [referenceTo(film)]],
              [0x0020000e, 'UI', film.series],
            ],
          ],
        ],
        [0x0020000d, 'UI', film.study],
      ],
    ],
  ],
  [0x0040a491, 'CS', 'COMPLETE'],
  [0x0040a493, 'CS', 'UNVERIFIED'],
  [0x0040a496, 'CS', 'PRELIMINARY'],
];

/** The tree of a report: a container and what it holds. */
function contentOf(film: FilmFacts, statement: Statement): Attribute[] {
  const { score, pValue, threshold, promise, restsOn, model } = statement;
  const items = [
    language(),
    text(own('USE', 'Use'), `${MARK}. A score is no diagnosis; nobody has verified this report.`),
    image(film),
    number(own('SCORE', 'Anomaly score'), score),
    ...(pValue === undefined ? [] : [number(own('P_VALUE', 'Conformal p-value'), pValue)]),
    text(own('VERDICT', 'Verdict'), verdictOf(statement)),
    ...(threshold === undefined ? [] : [number(own('THRESHOLD', 'Threshold'), threshold)]),
    ...(promise ? [text(own('PROMISE', 'Promise of the threshold'), promise)] : []),
    ...(restsOn ? [text(own('RESTS_ON', 'What the p-value rests on'), restsOn)] : []),
    text(code('111001', 'DCM', 'Algorithm Name'), 'salad-ad'),
    text(code('111003', 'DCM', 'Algorithm Version'), VERSION),
    text(own('MODEL', 'Model'), model),
  ];
  return [
    [0x0040a040, 'CS', 'CONTAINER'],
    [0x0040a043, 'SQ', [own('RESULT', 'Anomaly score, for research use')]],
    [0x0040a050, 'CS', 'SEPARATE'],
    [0x0040a730, 'SQ', items],
  ];
}

const code = (value: string, scheme: string, meaning: string): Attribute[] => [
  [0x00080100, 'SH', value],
  [0x00080102, 'SH', scheme],
  [0x00080104, 'LO', meaning],
];

const own = (value: string, meaning: string) => code(value, OWN, meaning);

const item = (
  relation: string,
  kind: string,
  name: Attribute[],
  ...value: Attribute[]
): Attribute[] => [
  [0x0040a010, 'CS', relation],
  [0x0040a040, 'CS', kind],
  [0x0040a043, 'SQ', [name]],
  ...value,
];

const language = () =>
  item(
    'HAS CONCEPT MOD',
    'CODE',
    code('121049', 'DCM', 'Language of Content Item and Descendants'),
    [0x0040a168, 'SQ', [code('en', 'RFC5646', 'English')]],
  );

const text = (name: Attribute[], value: string) =>
  item('CONTAINS', 'TEXT', name, [0x0040a160, 'UT', value]);

const image = (film: FilmFacts) =>
  item('CONTAINS', 'IMAGE', code('121112', 'DCM', 'Source of Measurement'), [
    0x00081199,
    'SQ',
    [referenceTo(film)],
  ]);

/** With nine digits, which name a number of 32 bits, and in the 16 letters that a decimal may have. */
const number = (name: Attribute[], value: number) =>
  item('CONTAINS', 'NUM', name, [
    0x0040a300,
    'SQ',
    [
      [
        [0x004008ea, 'SQ', [code('1', 'UCUM', 'no units')]],
        [0x0040a30a, 'DS', String(Number(value.toPrecision(9)))],
      ],
    ],
  ]);
