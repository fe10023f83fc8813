import { imageProblem } from '../decoding/image-problem.js';
import type { ImageDescription } from './image-description.js';

/** Stored values: of the type that holds them, with their sign. */
export type StoredValues = Uint8Array | Int8Array | Uint16Array | Int16Array;

/** 16-bit words of the platform's own order from bytes of either order. */
export function wordsOf(bytes: Uint8Array, bigEndian: boolean): Uint16Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const words = new Uint16Array(bytes.length >> 1);
  for (let i = 0; i < words.length; i++) words[i] = view.getUint16(2 * i, !bigEndian);
  return words;
}

/**
 * The bits from HighBit down to HighBit - BitsStored + 1 of each cell, with their sign.
 *
 *     value = (cell >> (highBit + 1 - bitsStored)) mod 2^bitsStored
 *
 * What stands in the other bits, such as overlays of old files, is dropped.
 */
export function storedValues(
  cells: Uint8Array | Uint16Array,
  { bitsStored, highBit, signed }: Pick<ImageDescription, 'bitsStored' | 'highBit' | 'signed'>,
): StoredValues {
  const shift = highBit + 1 - bitsStored;
  const unused = 32 - bitsStored;
  const values = signed
    ? new (cells instanceof Uint8Array ? Int8Array : Int16Array)(cells.length)
    : new (cells instanceof Uint8Array ? Uint8Array : Uint16Array)(cells.length);
  for (let i = 0; i < cells.length; i++) {
    const top = (cells[i] >> shift) << unused;
    values[i] = signed ? top >> unused : top >>> unused;
  }
  return values;
}

/**
 * Holds what a codec gives to the bits that are stored, for bits above them would fold the picture: a repeated sign
 * may stand there, and a value that a lossy code has lifted over the greatest, by a sixteenth of the range at most, becomes the greatest.
 *
 * @throws IMAGE_INVALID
 */
export function holdToStoredBits(
  cells: Uint8Array | Uint16Array,
  { bitsStored, highBit, signed }: Pick<ImageDescription, 'bitsStored' | 'highBit' | 'signed'>,
): void {
  const spare = 8 * cells.BYTES_PER_ELEMENT - 1 - highBit;
  const greatest = 2 ** (highBit + 1) - 1;
  for (let i = 0; i < cells.length; i++) {
    if (cells[i] <= greatest) continue;
    if (signed && (cells[i] >> highBit) + 1 === 2 ** (spare + 1)) continue;
    if (signed || cells[i] - greatest > greatest / 16)
      throw imageProblem(
        'IMAGE_INVALID',
        'dicom',
        `the coded pixels have more bits than BitsStored ${bitsStored} and HighBit ${highBit} say`,
        'expected values of these bits; the file contradicts itself',
      );
    cells[i] = greatest;
  }
}

/**
 * Colour as red, green and blue, pixel by pixel.
 *
 * @param planar whether the samples lie plane by plane
 * @see DICOM PS3.3 C.7.6.3.1.2 (YBR_FULL), the whole range of Rec. ITU-R BT.601.
 */
export function interleaved(samples: Uint8Array, planar: boolean, fromYbr: boolean): Uint8Array {
  const count = samples.length / 3;
  const pixels = new Uint8ClampedArray(samples.length);
  for (let i = 0; i < count; i++) {
    const [a, b, c] = [0, 1, 2].map((k) => samples[planar ? k * count + i : 3 * i + k]);
    if (fromYbr) {
      pixels[3 * i] = a + 1.402 * (c - 128);
      pixels[3 * i + 1] = a - 0.344136 * (b - 128) - 0.714136 * (c - 128);
      pixels[3 * i + 2] = a + 1.772 * (b - 128);
    } else pixels.set([a, b, c], 3 * i);
  }
  return new Uint8Array(pixels.buffer);
}

/** @throws IMAGE_UNSUPPORTED for colour that a coding is not read in */
export function unsupportedColour(photometric: string, syntax: string): never {
  throw imageProblem(
    'IMAGE_UNSUPPORTED',
    'dicom',
    `the pixels are ${photometric} in ${syntax}`,
    'expected grey; convert it with `gdcmconv --raw --photometric-interpretation RGB in.dcm out.dcm`',
    { photometric, syntax },
  );
}
