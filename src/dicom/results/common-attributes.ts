import { VERSION } from '../../support/version.js';
import type { FilmFacts } from './film-facts.js';
import type { Attribute } from './write-elements.js';

/** Stands in every object, where who finds it looks first. */
export const MARK = 'Research software, not a medical device';

/** What every object says: of whom it is, when it was made, and what it is not. */
export function commonAttributes(
  film: FilmFacts,
  { date = new Date() }: { readonly date?: Date },
  series: {
    readonly uid: string;
    readonly number: number;
    /** Of one word or two: a description has 64 letters at most. */
    readonly what: string;
  },
): Attribute[] {
  const day = [date.getFullYear(), date.getMonth() + 1, date.getDate()].map(two).join('');
  const time = [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join('');
  return [
    ...film.copied,
    [0x00080012, 'DA', day],
    [0x00080013, 'TM', time],
    [0x00080023, 'DA', day],
    [0x00080033, 'TM', time],
    [0x00080070, 'LO', 'salad-ad'],
    [0x0008103e, 'LO', `${MARK}: ${series.what}`],
    [0x00081090, 'LO', 'salad-ad'],
    [0x00181020, 'LO', VERSION],
    [0x0020000e, 'UI', series.uid],
    [0x00200011, 'IS', String(series.number)],
    [0x00200013, 'IS', film.number],
  ];
}

/** A reference to the film. */
export const referenceTo = ({ sopClass, instance }: FilmFacts): Attribute[] => [
  [0x00081150, 'UI', sopClass],
  [0x00081155, 'UI', instance],
];

const two = (value: number) => String(value).padStart(2, '0');
