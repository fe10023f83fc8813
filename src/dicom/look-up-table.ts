import type { DataSet } from './data-set.js';
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

/** The value of a table for `value`. */
export function entry({ first, values }: LookUpTable, value: number): number {
  return values[Math.min(values.length - 1, Math.max(0, value - first))];
}

/**
 * The tables of a sequence, each as it is or as the reason why it cannot be used.
 *
 * @param name of the sequence, for the reason
 * @param signed whether the values that are looked up can be below 0, and `first` with them
 * @see DICOM PS3.3 C.11.1.1 (LUT Descriptor).
 */
export function readTables(
  dataSet: DataSet,
  tag: string,
  name: string,
  signed: boolean,
): readonly (LookUpTable | string)[] {
  const element = dataSet.element(tag);
  if (!element || element.length === 0) return [];
  const items = dataSet.items(tag);
  if (!items) return [`${name} cannot be read`];
  return items.map((item) => {
    const table = readTable(item, signed);
    return typeof table === 'string' ? `${name} ${table}` : table;
  });
}

function readTable(item: DataSet, signed: boolean): LookUpTable | string {
  // An explicit SS says the sign itself.
  const negative = signed || item.element('x00283002')?.vr === 'SS';
  const entries = wordAt(item, 'x00283002', false);
  const first = wordAt(item, 'x00283002', negative, 1);
  const bits = wordAt(item, 'x00283002', false, 2);
  const data = item.element('x00283006');
  if (entries === undefined || first === undefined || bits === undefined)
    return 'has no whole LUTDescriptor';
  if (!data || data.length === 0) return 'has no LUTData';
  const count = entries || 65536;
  if (bits < 1 || bits > 16) return `has entries of ${bits} bits, not of 1 to 16`;
  const bytes = item.byteArray.subarray(data.dataOffset, data.dataOffset + data.length);
  const packed = bytes.length < 2 * count;
  if (bytes.length < (packed ? count : 2 * count) || (packed && bits > 8))
    return `has ${bytes.length} bytes for ${count} entries`;
  const values = packed
    ? Uint16Array.from(bytes.subarray(0, count))
    : wordsOf(bytes.subarray(0, 2 * count), item.bigEndian);
  return { first, bits, values };
}

/** A number of 16 bits, where the element has so many. */
export function wordAt(
  dataSet: DataSet,
  tag: string,
  signed: boolean,
  index = 0,
): number | undefined {
  return signed ? dataSet.int16(tag, index) : dataSet.uint16(tag, index);
}
