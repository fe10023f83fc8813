import { element, number, sequence, textOf } from '../dicom/writer.js';

/** What an uncompressed DICOM file says of its pixels, which are all values of its bits in order. */
export interface DicomKind {
  readonly bits?: number;
  readonly signed?: boolean;
  readonly inverted?: boolean;
  /** The values in place of all. */
  readonly values?: readonly number[];
  /** Elements of group 0028 behind PixelRepresentation, in order of their tags. */
  readonly more?: readonly number[];
}

export const decimal = (tag: number, value: number | string) =>
  element(tag, 'DS', textOf(String(value)));
export const short = (tag: number, ...values: readonly number[]) =>
  element(
    tag,
    'US',
    values.flatMap((value) => number(value & 0xffff, 2)),
  );

export const windowOf = (center: number, width: number, shape?: string) => [
  ...decimal(0x00281050, center),
  ...decimal(0x00281051, width),
  ...(shape ? element(0x00281056, 'CS', textOf(shape)) : []),
];
export const rescale = (slope: number, intercept: number) => [
  ...decimal(0x00281052, intercept),
  ...decimal(0x00281053, slope),
];

/** A sequence with one table, its descriptor and its data in these kinds of elements; `packed`: a byte an entry. */
export function table(
  tag: number,
  { first, bits, values }: { first: number; bits: number; values: readonly number[] },
  { descriptor = 'US', data = 'OW', packed = false } = {},
): number[] {
  const described = [values.length, first & 0xffff, bits].flatMap((value) => number(value, 2));
  const entries = values.flatMap((value) => number(value, packed ? 1 : 2));
  const item = [
    ...element(0x00283002, descriptor, described),
    ...element(0x00283006, data, entries),
  ];
  return sequence(tag, [item], false);
}

export function dicomOf({ bits = 12, signed, inverted, values, more = [] }: DicomKind): Uint8Array {
  const lowest = signed ? -(2 ** (bits - 1)) : 0;
  const stored = values ?? Array.from({ length: 2 ** bits }, (_, i) => lowest + i);
  const columns = values ? values.length : 2 ** (bits >> 1);
  const bytes = bits > 8 ? 2 : 1;
  const uid = (text: string) => textOf(text).map((code) => (code === 32 ? 0 : code));
  const meta = [
    ...element(0x00020001, 'OB', [0, 1]),
    ...element(0x00020010, 'UI', uid('1.2.840.10008.1.2.1')),
  ];
  return Uint8Array.from([
    ...new Array(128).fill(0),
    ...textOf('DICM'),
    ...element(0x00020000, 'UL', number(meta.length, 4)),
    ...meta,
    ...element(0x00080016, 'UI', uid('1.2.840.10008.5.1.4.1.1.1')),
    ...short(0x00280002, 1),
    ...element(0x00280004, 'CS', textOf(inverted ? 'MONOCHROME1' : 'MONOCHROME2')),
    ...short(0x00280010, stored.length / columns),
    ...short(0x00280011, columns),
    ...short(0x00280100, 8 * bytes),
    ...short(0x00280101, bits),
    ...short(0x00280102, bits - 1),
    ...short(0x00280103, signed ? 1 : 0),
    ...more,
    ...element(
      0x7fe00010,
      bytes === 2 ? 'OW' : 'OB',
      stored.flatMap((value) => number(value & (2 ** (8 * bytes) - 1), bytes)),
    ),
  ]);
}
