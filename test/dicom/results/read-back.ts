import { elementLimits } from '../../../src/dicom/element-limits.js';
import { parseObject } from '../../../src/dicom/parse-file.js';
import { elements, placeOf } from '../fixtures.js';

/** What the reader of this library finds in a file. */
export const readBack = (file: Uint8Array) =>
  parseObject(file, { ...elementLimits('test', {}), maxPixels: 2 ** 26 }).dataSet;

/** Attributes of patient and study, as they may be copied. */
export const COPIED = [
  'x00080005',
  'x00080020',
  'x00080030',
  'x00080050',
  'x00080090',
  'x00081030',
  'x00100010',
  'x00100020',
  'x00100021',
  'x00100030',
  'x00100040',
  'x0020000d',
  'x00200010',
];

/** A file with more elements before its pixels, which come before earlier ones of their tag. */
export function withMore(file: Uint8Array, given: Parameters<typeof elements>[0]): Uint8Array {
  const at = placeOf(file, 0x7fe0, 0x0010) - 12;
  return Uint8Array.from([...file.subarray(0, at), ...elements(given), ...file.subarray(at)]);
}

/** UTF-8 of an even length. */
export function bytesOf(text: string): Uint8Array {
  const bytes = new TextEncoder().encode(text);
  return bytes.length % 2 === 0 ? bytes : Uint8Array.of(...bytes, 0x20);
}
