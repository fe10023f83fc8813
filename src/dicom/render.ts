import type { DecodedImage } from '../decoding/decoder.js';
import { imageProblem } from '../decoding/image-problem.js';
import { check, checkChoice, checkKnownOptions, checkObject } from '../support/check.js';
import { SaladError } from '../support/errors.js';
import { checkWindow, type DicomWindow, type LookUpTable } from './grey-scale.js';
import type { DicomImage } from './read-dicom.js';

/**
 * Which stored values are shown from black to white: 'file', the window that the file names, else 'full';
 * 'full', everything that its bits can hold; or a window in modality values.
 */
export type WindowChoice = 'file' | 'full' | DicomWindow;

/**
 * The image as a viewer shows it: black air, white bone.
 *
 *     m = slope s + intercept, or the modality table of s
 *     y = window(m) or the table of interest of m, in [0, 1]
 *     pixel = round(top y), or round(top (1 - y)) for MONOCHROME1; 0 for padding
 *
 * with s a stored value and top = 65535, or 255 where at most 8 bits are stored. Colour is as it is.
 *
 * @param image as `readDicom` gives it
 * @returns [rows, columns, channels]: uint16 with all 16 bits in use, or uint8
 * @throws INVALID_OPTION, UNKNOWN_OPTION; IMAGE_INVALID where the file's window is taken and has no width
 * @see DICOM PS3.3 C.11.2.1.2 (the functions of a window).
 * @example
 * const lungs = renderDicom(await readDicom(bytes), { window: { center: 8000, width: 9000 } });
 */
export function renderDicom(
  image: DicomImage,
  options: {
    /** Which stored values are shown from black to white. @defaultValue 'file' */
    readonly window?: WindowChoice;
  } = {},
): DecodedImage {
  checkKnownOptions('renderDicom', options, { window: true });
  const { window = 'file' } = options;
  checkWindowChoice('renderDicom', window);
  checkObject('renderDicom', 'image', image, 'what readDicom returned', [
    'pixels',
    'shape',
    'greyScale',
  ]);
  return rendered('renderDicom', image, window);
}

/** `renderDicom` for the public call `where`. */
export function rendered(where: string, image: DicomImage, window: WindowChoice): DecodedImage {
  const { pixels, shape, metadata, signed, bitsStored } = image;
  if (shape[2] === 3) return { pixels: Uint8Array.from(pixels), shape, metadata };
  const wide = bitsStored > 8;
  const table = greyOf(where, image, window, wide ? 65535 : 255);
  const lowest = signed ? -(2 ** (bitsStored - 1)) : 0;
  const shown = new (wide ? Uint16Array : Uint8Array)(pixels.length);
  for (let i = 0; i < shown.length; i++) shown[i] = table[pixels[i] - lowest];
  return { pixels: shown, shape, ...(wide && { bitsStored: 16 }), metadata };
}

/** @throws INVALID_OPTION */
export function checkWindowChoice(where: string, window: WindowChoice): void {
  if (typeof window === 'string') {
    checkChoice(where, 'window', window, ['file', 'full']);
    return;
  }
  const problem = (found: string, expected: string) =>
    new SaladError('INVALID_OPTION', `${where}: ${found}; expected ${expected}.`, { window });
  check(
    typeof window === 'object' && window !== null,
    'INVALID_OPTION',
    () => `${where}: window is ${String(window)}; expected 'file', 'full' or { center, width }.`,
  );
  checkKnownOptions(where, window, { center: true, width: true, shape: true });
  checkChoice(where, 'window.shape', window.shape ?? 'LINEAR', [
    'LINEAR',
    'LINEAR_EXACT',
    'SIGMOID',
  ]);
  checkWindow(window, problem);
}

/** The grey of every value that the bits can hold, from the lowest. */
function greyOf(where: string, image: DicomImage, window: WindowChoice, top: number): Uint16Array {
  const { bitsStored, signed, photometric, greyScale } = image;
  const count = 2 ** bitsStored;
  const lowest = signed ? -count / 2 : 0;
  const { modality, padding } = greyScale;
  const modalityOf = (stored: number) =>
    'values' in modality ? entry(modality, stored) : stored * modality.slope + modality.intercept;
  const interest = window === 'file' ? greyScale.interest : window === 'full' ? undefined : window;
  if (window === 'file' && interest && 'center' in interest) checkWindow(interest, narrow(where));
  const ends = [modalityOf(lowest), modalityOf(lowest + count - 1)];
  const [least, most] =
    'values' in modality ? [0, 2 ** modality.bits - 1] : [Math.min(...ends), Math.max(...ends)];
  const share = (value: number) => {
    if (!interest) return most > least ? (value - least) / (most - least) : 0;
    if ('values' in interest) return entry(interest, Math.round(value)) / (2 ** interest.bits - 1);
    return inWindow(interest, value);
  };
  const table = new Uint16Array(count);
  for (let i = 0; i < count; i++) {
    const stored = lowest + i;
    if (padding && stored >= padding[0] && stored <= padding[1]) continue;
    const y = Math.min(1, Math.max(0, share(modalityOf(stored))));
    table[i] = Math.floor(top * (photometric === 'MONOCHROME1' ? 1 - y : y) + 0.5);
  }
  return table;
}

/** What some machines write where they have no window. */
const narrow = (where: string) => (found: string, expected: string) =>
  imageProblem(
    'IMAGE_INVALID',
    where,
    found,
    `expected ${expected}; set the option window to 'full' or to a window of your own`,
  );

function entry({ first, values }: LookUpTable, value: number): number {
  return values[Math.min(values.length - 1, Math.max(0, value - first))];
}

function inWindow({ center, width, shape = 'LINEAR' }: DicomWindow, value: number): number {
  if (shape === 'SIGMOID') return 1 / (1 + Math.exp((-4 * (value - center)) / width));
  if (shape === 'LINEAR_EXACT') return (value - center) / width + 0.5;
  if (width === 1) return value <= center - 0.5 ? 0 : 1;
  return (value - (center - 0.5)) / (width - 1) + 0.5;
}
