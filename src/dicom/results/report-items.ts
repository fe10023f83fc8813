import { referenceTo } from './common-attributes.js';
import type { FilmFacts } from './film-facts.js';
import type { Attribute } from './write-elements.js';

/** Designator of our own codes, of which a report says whose they are. */
const OWN = '99SALADAD';

/** What a report is as a document. */
export const documentOf = (film: FilmFacts): Attribute[] => [
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

/** A coded name. */
export const code = (value: string, scheme: string, meaning: string): Attribute[] => [
  [0x00080100, 'SH', value],
  [0x00080102, 'SH', scheme],
  [0x00080104, 'LO', meaning],
];

/** One of ours. */
export const own = (value: string, meaning: string) => code(value, OWN, meaning);

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

/** Items of a report. */
export const language = () =>
  item(
    'HAS CONCEPT MOD',
    'CODE',
    code('121049', 'DCM', 'Language of Content Item and Descendants'),
    [0x0040a168, 'SQ', [code('en', 'RFC5646', 'English')]],
  );

export const text = (name: Attribute[], value: string) =>
  item('CONTAINS', 'TEXT', name, [0x0040a160, 'UT', value]);

export const image = (film: FilmFacts) =>
  item('CONTAINS', 'IMAGE', code('121112', 'DCM', 'Source of Measurement'), [
    0x00081199,
    'SQ',
    [referenceTo(film)],
  ]);

/** With nine digits, which name a number of 32 bits, and in the 16 letters that a decimal may have. */
export const number = (name: Attribute[], value: number) =>
  item('CONTAINS', 'NUM', name, [
    0x0040a300,
    'SQ',
    [
      [
        [0x004008ea, 'SQ', [code('1', 'UCUM', 'no units')]],
        [0x0040a30a, 'DS', decimal(value)],
      ],
    ],
  ]);

function decimal(value: number): string {
  const short = String(Number(value.toPrecision(9)));
  return short.length <= 16 ? short : value.toExponential(8);
}
