import type { DataSet } from './data-set.js';
import { decimals } from './decimals.js';

/** A range of modality values shown from black to white. */
export interface DicomWindow {
  /** The modality value that is shown as middle grey. */
  readonly center: number;
  /** From black to white, in modality values; at least 1 for LINEAR, else above 0. */
  readonly width: number;
  /** A term of the standard (VOI LUT Function). @defaultValue 'LINEAR' */
  readonly shape?: 'LINEAR' | 'LINEAR_EXACT' | 'SIGMOID';
}

type Shape = NonNullable<DicomWindow['shape']>;

export const SHAPES: readonly Shape[] = ['LINEAR', 'LINEAR_EXACT', 'SIGMOID'];

/** The share of white of a modality value: below 0 is black, above 1 white. */
export function inWindow({ center, width, shape = 'LINEAR' }: DicomWindow, value: number): number {
  if (shape === 'SIGMOID') return 1 / (1 + Math.exp((-4 * (value - center)) / width));
  if (shape === 'LINEAR_EXACT') return (value - center) / width + 0.5;
  if (width === 1) return value <= center - 0.5 ? 0 : 1;
  return (value - (center - 0.5)) / (width - 1) + 0.5;
}

/** What is wrong with a window; undefined where nothing is. */
export function faultOf({ center, width, shape = 'LINEAR' }: DicomWindow): string | undefined {
  const wide = shape === 'LINEAR' ? width >= 1 : width > 0;
  return wide && Number.isFinite(width) && Number.isFinite(center)
    ? undefined
    : `centre ${center} and width ${width}, where a width ${shape === 'LINEAR' ? 'of at least 1' : 'above 0'} is expected`;
}

/**
 * The windows of the file, each as it is or as the reason why it cannot be used.
 *
 * @param passOver told of a shape that the standard does not have, in whose place LINEAR stands
 * @see DICOM PS3.3 C.11.2.1.2 (Window Center and Window Width).
 */
export function readWindows(
  dataSet: DataSet,
  passOver: (reason: string) => void,
): readonly (DicomWindow | string)[] {
  const centers = decimals(dataSet, 'x00281050');
  const widths = decimals(dataSet, 'x00281051');
  const count = Math.max(centers.length, widths.length);
  if (count === 0) return [];
  const shape = readShape(dataSet, passOver);
  return Array.from({ length: count }, (_, i) => {
    const [center, width] = [centers[i], widths[i]];
    if (center === undefined || width === undefined)
      return 'WindowCenter and WindowWidth are not there in pairs';
    if (Number.isNaN(center)) return 'WindowCenter is no decimal number';
    if (Number.isNaN(width)) return 'WindowWidth is no decimal number';
    const window = { center, width, shape };
    const fault = faultOf(window);
    return fault ? `the window has ${fault}` : window;
  });
}

function readShape(dataSet: DataSet, passOver: (reason: string) => void): Shape {
  const named = dataSet.string('x00281056') || 'LINEAR';
  const shape = SHAPES.find((known) => known === named.toUpperCase());
  if (shape === named) return shape;
  passOver(
    shape
      ? `VOILUTFunction is ${shape} in small letters, and taken as such`
      : 'VOILUTFunction is unknown, and LINEAR stands in its place',
  );
  return shape ?? 'LINEAR';
}
