import { imageProblem } from '../decoding/image-problem.js';

/** What a coded frame says of itself. */
export interface CodedHeader {
  readonly height: number;
  readonly width: number;
  readonly components: number;
  /** Bits of a sample. */
  readonly precision: number;
}

export const invalidCode = (found: string) =>
  imageProblem(
    'IMAGE_INVALID',
    'dicom',
    `the coded pixels ${found}`,
    'expected a frame as the transfer syntax says; the file is damaged',
  );

const TILE_PART = 0xff90;
const DATA = 0xff93;
const END = 0xffd9;

/**
 * The segment SIZ of JPEG 2000, which is the first behind the start.
 *
 * @throws IMAGE_INVALID
 * @see ISO/IEC 15444-1 A.5.1.
 */
export function readCodestream(frame: Uint8Array): CodedHeader {
  const start = [0xff, 0x4f, 0xff, 0x51];
  if (frame.length < 45 || start.some((byte, i) => frame[i] !== byte))
    throw invalidCode('begin with no codestream of JPEG 2000');
  const view = viewOf(frame);
  const components = view.getUint16(40);
  return {
    width: view.getUint32(8) - view.getUint32(16),
    height: view.getUint32(12) - view.getUint32(20),
    components,
    precision: (frame[42] & 0x7f) + 1,
  };
}

/**
 * The codestream up to its end, behind which nothing counts.
 *
 * Every tile must be there, and each part be followed by another or by the end: codecs fill what is missing.
 *
 * @throws IMAGE_TRUNCATED, IMAGE_INVALID
 * @see ISO/IEC 15444-1 A.4.2.
 */
export function wholeCodestream(frame: Uint8Array): Uint8Array {
  const view = viewOf(frame);
  const tiles = tilesAlong(view, 8) * tilesAlong(view, 12);
  const seen = new Set<number>();
  let at = afterSegments(view, 2, TILE_PART);
  while (at + 12 <= frame.length && view.getUint16(at) === TILE_PART) {
    seen.add(view.getUint16(at + 4));
    const length = view.getUint32(at + 6);
    // A last part may leave its length open.
    at = length === 0 ? endOf(view, afterSegments(view, at, DATA)) : at + Math.max(length, 12);
  }
  if (at + 2 > frame.length || view.getUint16(at) !== END)
    throw imageProblem(
      'IMAGE_TRUNCATED',
      'dicom',
      'the coded pixels end inside a tile',
      'expected a whole file; fetch it again',
    );
  if (seen.size !== tiles) throw invalidCode(`have ${seen.size} of ${tiles} tiles`);
  return frame.subarray(0, at + 2);
}

/** Where the first `marker` stands among the segments from `at` on. */
function afterSegments(view: DataView, at: number, marker: number): number {
  let next = at;
  while (next + 4 <= view.byteLength && view.getUint16(next) !== marker)
    next += 2 + view.getUint16(next + 2);
  return next;
}

/** Coded pixels have no two bytes above ff8f. */
function endOf(view: DataView, at: number): number {
  let next = at;
  while (next + 2 <= view.byteLength && view.getUint16(next) !== END) next++;
  return next;
}

/** @param at where SIZ has the size of the reference grid in one direction */
function tilesAlong(view: DataView, at: number): number {
  const [end, size, from] = [view.getUint32(at), view.getUint32(at + 16), view.getUint32(at + 24)];
  return Math.ceil((end - from) / size);
}

const viewOf = (frame: Uint8Array) =>
  new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
