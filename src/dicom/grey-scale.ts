import type { DataSet } from './data-set.js';
import { decimals } from './decimals.js';
import type { ImageDescription } from './image-description.js';
import { type LookUpTable, readTables, wordAt } from './look-up-table.js';
import { type DicomWindow, readWindows } from './window.js';

/** What the file says of the way from stored values to grey. */
export interface GreyScale {
  /** Modality value = stored value times slope + intercept, or that of the table. */
  readonly modality: { readonly slope: number; readonly intercept: number } | LookUpTable;
  /** Values of interest: the first table of the file that can be used, else its first window; absent where it has none. */
  readonly interest?: DicomWindow | LookUpTable;
  /** Stored values, from and to, both included, that stand for no tissue; absent where the file names none. */
  readonly padding?: readonly [from: number, to: number];
  /** What of this the file has in a form that cannot be used, and why; absent where all can. */
  readonly passedOver?: readonly {
    readonly of: 'modality' | 'interest' | 'padding';
    readonly reason: string;
  }[];
}

type PassedOver = NonNullable<GreyScale['passedOver']>[number];
type Described = Pick<ImageDescription, 'bitsStored' | 'signed'>;

/**
 * Reads what is needed for showing alone. What cannot be used refuses no file: it is passed over, as if the file had
 * another or none.
 *
 * @see DICOM PS3.3 C.11.1 (Modality LUT), C.11.2 (VOI LUT), C.7.5.1.1.2 (Pixel Padding Value).
 */
export function readGreyScale(dataSet: DataSet, description: Described): GreyScale {
  const passedOver: PassedOver[] = [];
  const into = (of: PassedOver['of']) => (reason: string) => void passedOver.push({ of, reason });
  const modality = readModality(dataSet, description.signed, into('modality'));
  const below0 = lowestOf(modality, description) < 0;
  const interest = readInterest(dataSet, below0, into('interest'));
  const padding = readPadding(dataSet, description.signed, into('padding'));
  return {
    modality,
    ...(interest && { interest }),
    ...(padding && { padding }),
    ...(passedOver.length > 0 && { passedOver }),
  };
}

type PassOver = (reason: string) => void;

function readModality(
  dataSet: DataSet,
  signed: boolean,
  passOver: PassOver,
): GreyScale['modality'] {
  const [table] = readTables(dataSet, 'x00283000', 'ModalityLUTSequence', signed);
  if (typeof table === 'object') return table;
  if (table) passOver(table);
  const [slope = 1] = decimals(dataSet, 'x00281053');
  const [intercept = 0] = decimals(dataSet, 'x00281052');
  // No number that 16 bits can hold may become infinite.
  if (Number.isFinite(slope * 65536 + intercept)) return { slope, intercept };
  passOver('RescaleSlope or RescaleIntercept is no decimal number');
  return { slope: 1, intercept: 0 };
}

/** The lowest modality value that the bits can give, by which a table after it has a sign or none. */
function lowestOf(modality: GreyScale['modality'], { bitsStored, signed }: Described): number {
  if ('values' in modality) return 0;
  const { slope, intercept } = modality;
  const lowest = signed ? -(2 ** (bitsStored - 1)) : 0;
  return Math.min(slope * lowest, slope * (lowest + 2 ** bitsStored - 1)) + intercept;
}

/** The first table, else the first window, else any other. */
function readInterest(
  dataSet: DataSet,
  signed: boolean,
  passOver: PassOver,
): GreyScale['interest'] {
  const tables = readTables(dataSet, 'x00283010', 'VOILUTSequence', signed);
  const windows = readWindows(dataSet, passOver);
  const [table, ...otherTables] = tables;
  const [window, ...otherWindows] = windows;
  for (const one of [table, window, ...otherTables, ...otherWindows]) {
    if (typeof one === 'object') return one;
    if (one) passOver(one);
  }
  return undefined;
}

function readPadding(
  dataSet: DataSet,
  signed: boolean,
  passOver: PassOver,
): readonly [number, number] | undefined {
  const value = wordAt(dataSet, 'x00280120', signed);
  const limit = wordAt(dataSet, 'x00280121', signed) ?? value;
  if (value !== undefined && limit !== undefined)
    return [Math.min(value, limit), Math.max(value, limit)];
  if (dataSet.element('x00280120')?.length) passOver('PixelPaddingValue is no number of 16 bits');
  return undefined;
}
