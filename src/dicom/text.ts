import type { DataSet } from './data-set.js';

/** What SpecificCharacterSet names, as TextDecoder does; all else is read as Latin-1. */
const ENCODINGS: Readonly<Record<string, string>> = {
  '13': 'shift_jis',
  '58': 'gbk',
  '87': 'iso-2022-jp',
  '101': 'iso-8859-2',
  '109': 'iso-8859-3',
  '110': 'iso-8859-4',
  '126': 'iso-8859-7',
  '127': 'iso-8859-6',
  '138': 'iso-8859-8',
  '144': 'iso-8859-5',
  '148': 'windows-1254',
  '149': 'euc-kr',
  '159': 'iso-2022-jp',
  '166': 'windows-874',
  '192': 'utf-8',
  '203': 'iso-8859-15',
  GB18030: 'gb18030',
  GBK: 'gbk',
};
/** Switches between sets of ISO 2022, which only the decoder of iso-2022-jp understands. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: a switch begins with the control character ESC.
const SWITCHES = /\x1b[ -/]+[@-~]/g;

/**
 * The text of an element in the characters of its file, so that an identifier is the same text as in a list.
 *
 * Where a file changes between sets, the last that it names is taken for all.
 *
 * @returns undefined where the element is missing or blank
 * @see DICOM PS3.3 C.12.1.1.2 (Specific Character Set).
 */
export function textOf(dataSet: Pick<DataSet, 'string'>, tag: string): string | undefined {
  const latin = dataSet.string(tag);
  if (!latin) return undefined;
  const names = dataSet.string('x00080005')?.split('\\') ?? [];
  const name = names.reverse().find((one) => one.trim() !== '') ?? '';
  const encoding = ENCODINGS[name.replace(/^ISO(_| 2022 )IR /, '').trim()];
  const text = encoding ? decoded(latin, encoding) : latin;
  return text.trim() || undefined;
}

/** @param latin a character for each byte */
function decoded(latin: string, encoding: string): string {
  const switched = encoding === 'iso-2022-jp' ? latin : latin.replace(SWITCHES, '');
  try {
    const bytes = Uint8Array.from(switched, (character) => character.charCodeAt(0));
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return latin;
  }
}
