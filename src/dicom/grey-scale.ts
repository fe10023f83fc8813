import { imageProblem } from '../decoding/image-problem.js';
import type { DataSet } from './data-set.js';
import type { ImageDescription } from './image-description.js';
import { wordsOf } from './stored-values.js';

/** Values of a look-up table: `values[0]` for `first` and below, the last for the last and above. */
export interface LookUpTable {
  /** The stored or modality value that the first entry stands for. */
  readonly first: number;
  /** Bits of a value: the greatest is 2^bits - 1. */
  readonly bits: number;
  /** One entry a value, from `first` on. */
  readonly values: Uint16Array;
}

/** A range of modality values shown from black to white. */
export interface DicomWindow {
  /** The modality value that is shown as middle grey. */
  readonly center: number;
  /** From black to white, in modality values; at least 1 for LINEAR, else above 0. */
  readonly width: number;
  /** A term of the standard (VOI LUT Function). @defaultValue 'LINEAR' */
  readonly shape?: 'LINEAR' | 'LINEAR_EXACT' | 'SIGMOID';
}

/** What the file says of the way from stored values to grey. */
export interface GreyScale {
  /** Modality value = stored value times slope + intercept, or that of the table. */
  readonly modality: { readonly slope: number; readonly intercept: number } | LookUpTable;
  /**
   * Values of interest: the first table of the file, or its first window, be it too narrow to be one; absent where
   * it has none.
   */
  readonly interest?: DicomWindow | LookUpTable;
  /** Stored values, from and to, both included, that stand for no tissue; absent where the file names none. */
  readonly padding?: readonly [from: number, to: number];
}

const invalid = (found: string, expected: string) =>
  imageProblem('IMAGE_INVALID', 'dicom', found, `expected ${expected}; the file is damaged`);

/**
 * @throws IMAGE_INVALID
 * @see DICOM PS3.3 C.11.1 (Modality LUT), C.11.2 (VOI LUT), C.7.5.1.1.2 (Pixel Padding Value).
 */
export function readGreyScale(dataSet: DataSet, { signed }: ImageDescription): GreyScale {
  const table = readTable(dataSet, 'x00283000', signed);
  const modality = table ?? {
    slope: decimal(dataSet, 'x00281053', 'RescaleSlope') ?? 1,
    intercept: decimal(dataSet, 'x00281052', 'RescaleIntercept') ?? 0,
  };
  // After a table modality values have no sign.
  const interest = readTable(dataSet, 'x00283010', signed && !table) ?? readWindow(dataSet);
  const padding = readPadding(dataSet, signed);
  return { modality, ...(interest && { interest }), ...(padding && { padding }) };
}

function decimal(dataSet: DataSet, tag: string, name: string): number | undefined {
  const text = dataSet.string(tag, 0);
  if (!text) return undefined;
  const value = Number(text);
  if (!Number.isFinite(value)) throw invalid(`${name} is no number`, 'a decimal number');
  return value;
}

function readWindow(dataSet: DataSet): DicomWindow | undefined {
  const center = decimal(dataSet, 'x00281050', 'WindowCenter');
  const width = decimal(dataSet, 'x00281051', 'WindowWidth');
  if (center === undefined || width === undefined) return undefined;
  const shape = dataSet.string('x00281056') || 'LINEAR';
  if (shape !== 'LINEAR' && shape !== 'LINEAR_EXACT' && shape !== 'SIGMOID')
    throw invalid('VOILUTFunction is unknown', 'LINEAR, LINEAR_EXACT or SIGMOID');
  return { center, width, shape };
}

/** @param problem what to throw where the width is too small for the shape */
export function checkWindow(
  window: DicomWindow,
  problem: (found: string, expected: string) => Error,
): DicomWindow {
  const { center, width, shape = 'LINEAR' } = window;
  const wide = shape === 'LINEAR' ? width >= 1 : width > 0;
  if (!wide || !Number.isFinite(width) || !Number.isFinite(center))
    throw problem(
      `the window has centre ${center} and width ${width}`,
      `a width ${shape === 'LINEAR' ? 'of at least 1' : 'above 0'}`,
    );
  return window;
}

function readPadding(dataSet: DataSet, signed: boolean): readonly [number, number] | undefined {
  const value = whole(dataSet, 'x00280120', signed);
  if (value === undefined) return undefined;
  const limit = whole(dataSet, 'x00280121', signed) ?? value;
  return [Math.min(value, limit), Math.max(value, limit)];
}

function whole(dataSet: DataSet, tag: string, signed: boolean, index = 0): number | undefined {
  return signed ? dataSet.int16(tag, index) : dataSet.uint16(tag, index);
}

function readTable(dataSet: DataSet, tag: string, signed: boolean): LookUpTable | undefined {
  const item = dataSet.items(tag)?.[0];
  if (!item) return undefined;
  // An item keeps the byte order of its file.
  const entries = item.uint16('x00283002', 0);
  const first = whole(item, 'x00283002', signed, 1);
  const bits = item.uint16('x00283002', 2);
  const data = item.elements.x00283006;
  if (entries === undefined || first === undefined || bits === undefined || !data)
    throw invalid('a look-up table is incomplete', 'LUTDescriptor and LUTData');
  const count = entries || 65536;
  if (bits < 1 || bits > 16) throw invalid(`a look-up table has ${bits} bits`, '1 to 16');
  const bytes = item.byteArray.subarray(data.dataOffset, data.dataOffset + data.length);
  const packed = bytes.length < 2 * count;
  if (bytes.length < (packed ? count : 2 * count) || (packed && bits > 8))
    throw invalid(`a look-up table of ${count} entries has ${bytes.length} bytes`, '2 per entry');
  const values = packed
    ? Uint16Array.from(bytes.subarray(0, count))
    : wordsOf(bytes.subarray(0, 2 * count), item.bigEndian);
  return { first, bits, values };
}
