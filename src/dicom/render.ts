import type { DecodedImage } from '../decoding/decoder.js';
import { check, checkChoice, checkKnownOptions, checkObject } from '../support/check.js';
import type { SaladWarning } from '../support/warning.js';
import { entry } from './look-up-table.js';
import type { DicomImage } from './read-dicom.js';
import { type DicomWindow, faultOf, inWindow, SHAPES } from './window.js';

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
 * with s a stored value and top = 65535, or 255 where at most 8 bits are stored. Colour is as it is. A window or table that
 * makes one grey of all tissue is passed over for 'full', and so is what the file has in a form that cannot be used; `warnings` say so.
 *
 * @param image as `readDicom` gives it
 * @returns [rows, columns, channels]: uint16 with all 16 bits in use, or uint8; `warnings` where a value of the file is not used
 * @throws INVALID_OPTION, UNKNOWN_OPTION
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
export function rendered(where: string, given: DicomImage, window: WindowChoice): DecodedImage {
  const { pixels, shape, metadata, bitsStored } = given;
  if (shape[2] === 3) return { pixels: Uint8Array.from(pixels), shape, metadata };
  const image = isAllPadding(given) ? withoutPadding(given) : given;
  const wide = bitsStored > 8;
  const reasons = (image.greyScale.passedOver ?? [])
    .filter(({ of }) => of !== 'interest' || window === 'file')
    .map(({ reason }) => reason);
  if (image !== given)
    reasons.push('all values of the image lie in the range of PixelPaddingValue');
  const { interest } = image.greyScale;
  const fault = window === 'file' && interest && 'center' in interest && faultOf(interest);
  if (fault) reasons.push(`the window has ${fault}`);
  const ways = [byWindow(image, window), byWindow(image, 'full'), byStored(image)];
  let shown = pixelsBy(image, ways[0]);
  if (isOneGrey(image, shown)) {
    const other = ways.slice(1).map((way) => pixelsBy(image, way));
    shown = other.find((pixels) => !isOneGrey(image, pixels)) ?? shown;
    reasons.push('the window or table makes one grey of all values of the image');
  }
  return {
    pixels: shown,
    shape,
    ...(wide && { bitsStored: 16 }),
    metadata,
    ...(reasons.length > 0 && { warnings: [passedOver(where, reasons)] }),
  };
}

/** Values of the file that are needed for showing alone and cannot be used. */
const passedOver = (where: string, reasons: readonly string[]): SaladWarning => ({
  code: 'DISPLAY_VALUE_PASSED_OVER',
  message: `${where}: ${reasons.join('; ')}; what cannot be used is passed over for what else the file says, or for all that its bits can hold; look at the picture, or set the option window to 'full' or to a window of your own.`,
});

/** @throws INVALID_OPTION */
export function checkWindowChoice(where: string, window: WindowChoice): void {
  if (typeof window === 'string') {
    checkChoice(where, 'window', window, ['file', 'full']);
    return;
  }
  check(
    typeof window === 'object' && window !== null,
    'INVALID_OPTION',
    () => `${where}: window is ${String(window)}; expected 'file', 'full' or { center, width }.`,
  );
  checkKnownOptions(where, window, { center: true, width: true, shape: true });
  checkChoice(where, 'window.shape', window.shape ?? 'LINEAR', SHAPES);
  const fault = faultOf(window);
  check(!fault, 'INVALID_OPTION', () => `${where}: window has ${fault}.`);
}

/** The share of white of a stored value; below 0 is black, above 1 white. */
type Share = (stored: number) => number;

function byWindow(image: DicomImage, window: WindowChoice): Share {
  const { modality } = image.greyScale;
  const named =
    window === 'file' ? image.greyScale.interest : window === 'full' ? undefined : window;
  const interest = named && 'center' in named && faultOf(named) ? undefined : named;
  const modalityOf = (stored: number) =>
    'values' in modality ? entry(modality, stored) : stored * modality.slope + modality.intercept;
  if (!interest) {
    if ('values' in modality) return (stored) => modalityOf(stored) / (2 ** modality.bits - 1);
    // Of a straight line only the direction counts.
    const share = byStored(image);
    return modality.slope < 0 ? (stored) => 1 - share(stored) : share;
  }
  if ('values' in interest)
    return (stored) => entry(interest, Math.round(modalityOf(stored))) / (2 ** interest.bits - 1);
  return (stored) => inWindow(interest, modalityOf(stored));
}

/** From the lowest to the greatest that the bits can hold. */
function byStored(image: DicomImage): Share {
  const lowest = lowestOf(image);
  return (stored) => (stored - lowest) / (2 ** image.bitsStored - 1);
}

function pixelsBy(image: DicomImage, share: Share): Uint8Array | Uint16Array {
  const { pixels, bitsStored, photometric } = image;
  const lowest = lowestOf(image);
  const top = bitsStored > 8 ? 65535 : 255;
  const table = new Uint16Array(2 ** bitsStored);
  for (let i = 0; i < table.length; i++) {
    if (isPadding(image, lowest + i)) continue;
    const y = Math.min(1, Math.max(0, share(lowest + i)));
    table[i] = Math.floor(top * (photometric === 'MONOCHROME1' ? 1 - y : y) + 0.5);
  }
  const shown = new (bitsStored > 8 ? Uint16Array : Uint8Array)(pixels.length);
  for (let i = 0; i < shown.length; i++) shown[i] = table[pixels[i] - lowest];
  return shown;
}

/** Whether tissue of different stored values has one grey. */
function isOneGrey(image: DicomImage, shown: ArrayLike<number>): boolean {
  const { pixels } = image;
  const first = pixels.findIndex((stored) => !isPadding(image, stored));
  let differ = false;
  for (let i = first + 1; first >= 0 && i < pixels.length; i++) {
    if (isPadding(image, pixels[i])) continue;
    if (shown[i] !== shown[first]) return false;
    differ ||= pixels[i] !== pixels[first];
  }
  return differ;
}

/** Whether the file takes an image of different values for padding as a whole, so that it would be black. */
function isAllPadding(image: DicomImage): boolean {
  const { pixels } = image;
  const all = pixels.every((stored: number) => isPadding(image, stored));
  return all && pixels.some((stored: number) => stored !== pixels[0]);
}

function withoutPadding(image: DicomImage): DicomImage {
  return { ...image, greyScale: { ...image.greyScale, padding: undefined } };
}

const lowestOf = ({ signed, bitsStored }: DicomImage) => (signed ? -(2 ** (bitsStored - 1)) : 0);

function isPadding({ greyScale: { padding } }: DicomImage, stored: number): boolean {
  return padding !== undefined && stored >= padding[0] && stored <= padding[1];
}
