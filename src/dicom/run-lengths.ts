import { imageProblem } from '../decoding/image-problem.js';

const HEADER = 64;
const MOST_SEGMENTS = 15;

const damaged = (found: string) =>
  imageProblem(
    'IMAGE_INVALID',
    'dicom',
    `RLE: ${found}`,
    'expected a whole frame; the file is damaged',
  );

const tooShort = (found: string) =>
  imageProblem(
    'IMAGE_TRUNCATED',
    'dicom',
    `RLE: a segment ${found}`,
    'expected a whole frame; fetch the file again',
  );

/**
 * Decodes a frame of RLE Lossless: a segment of PackBits for every byte of a sample, high byte first.
 *
 * @param size bytes of a plane: rows x columns
 * @param planes samples per pixel x bytes per sample
 * @returns the planes one behind the other, each of `size` bytes
 * @see DICOM PS3.5 annex G.
 */
export function decodeRunLengths(frame: Uint8Array, size: number, planes: number): Uint8Array[] {
  if (frame.length < HEADER) throw damaged('the header is cut short');
  const header = new DataView(frame.buffer, frame.byteOffset, HEADER);
  const segments = header.getUint32(0, true);
  if (segments !== planes || planes > MOST_SEGMENTS)
    throw damaged(`${segments} segments for ${planes} bytes a pixel`);
  const offset = (segment: number) =>
    segment < segments ? header.getUint32(4 + 4 * segment, true) : frame.length;
  return Array.from({ length: planes }, (_, segment) => {
    const [from, to] = [offset(segment), offset(segment + 1)];
    if (from < HEADER || to < from || to > frame.length) throw damaged('a segment lies outside');
    return unpackBits(frame.subarray(from, to), size);
  });
}

/** Two bytes make 128 at most. */
const MOST = 64;

function unpackBits(packed: Uint8Array, size: number): Uint8Array {
  if (packed.length * MOST < size)
    throw tooShort(`of ${packed.length} bytes is too short for ${size} pixels`);
  const plane = new Uint8Array(size);
  let at = 0;
  for (let from = 0; at < size; ) {
    const control = packed[from++];
    if (control === 128) continue;
    const literal = control < 128;
    const count = literal ? control + 1 : 257 - control;
    // A last run may reach over the end of the plane; a missing byte may not.
    if (control === undefined || from + (literal ? count : 1) > packed.length)
      throw tooShort(`ends after ${at} of ${size} pixels`);
    if (literal) plane.set(packed.subarray(from, from + Math.min(count, size - at)), at);
    else plane.fill(packed[from], at, at + count);
    from += literal ? count : 1;
    at += count;
  }
  return plane;
}
