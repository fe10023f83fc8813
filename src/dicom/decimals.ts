import type { DataSet } from './data-set.js';

const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/**
 * The numbers of an element of decimal strings; NaN for what is none, and nothing where the element has no value.
 *
 * @see DICOM PS3.5 6.2 (DS).
 */
export function decimals(dataSet: DataSet, tag: string): readonly number[] {
  const text = dataSet.string(tag);
  if (!text) return [];
  return text.split('\\').map((value) => {
    const number = DECIMAL.test(value.trim()) ? Number(value) : Number.NaN;
    return Number.isFinite(number) ? number : Number.NaN;
  });
}
