import type { DataSet, Element } from 'dicom-parser';
import { imageProblem } from '../decoding/image-problem.js';
import { PIXEL_DATA } from './data-set.js';
import type { ImageDescription } from './image-description.js';

/** `FFFE E0DD`, which ends encapsulated pixel data. */
const DELIMITER = [0xfe, 0xff, 0xdd, 0xe0];

const truncated = (found: string) =>
  imageProblem('IMAGE_TRUNCATED', 'dicom', found, 'expected a whole file; fetch it again');

const invalid = (found: string, expected: string) =>
  imageProblem('IMAGE_INVALID', 'dicom', found, `expected ${expected}; the file is damaged`);

/**
 * The bytes of one frame of uncompressed pixels; zeros behind the last frame, fewer than another would take, are padding.
 *
 * @throws IMAGE_TRUNCATED; IMAGE_INVALID where PixelData is longer than Rows, Columns and frames say by anything else
 */
export function nativeFrame(
  dataSet: DataSet,
  description: ImageDescription,
  frame: number,
): Uint8Array {
  const { rows, columns, samples, bitsAllocated, frames } = description;
  const element = dataSet.elements[PIXEL_DATA];
  const size = (rows * columns * samples * bitsAllocated) / 8;
  const found = Math.min(element.length, dataSet.byteArray.length - element.dataOffset);
  const shown = `PixelData has ${found} bytes for ${frames} frame(s) of ${rows} x ${columns} pixels`;
  if (element.encapsulatedPixelData)
    throw invalid('PixelData is encapsulated', 'uncompressed pixels, as the transfer syntax says');
  if (found < size * frames) throw truncated(`${shown}, ${size * frames} expected`);
  const behind = dataSet.byteArray.subarray(
    element.dataOffset + size * frames,
    element.dataOffset + element.length,
  );
  if (behind.length > 1 && (behind.length >= size || behind.some((byte) => byte !== 0)))
    throw invalid(shown, `${size * frames} bytes, or fewer zeros behind them than a frame has`);
  const from = element.dataOffset + frame * size;
  return dataSet.byteArray.subarray(from, from + size);
}

/**
 * The coded bytes of one frame.
 *
 * @throws IMAGE_TRUNCATED; IMAGE_INVALID; IMAGE_UNSUPPORTED where several frames lie in fragments without a
 *   table of offsets
 */
export function codedFrame(
  dataSet: DataSet,
  description: ImageDescription,
  frame: number,
): Uint8Array {
  const bytes = dataSet.byteArray;
  const element = dataSet.elements[PIXEL_DATA];
  const { fragments } = element;
  if (!element.encapsulatedPixelData || !fragments)
    throw invalid('PixelData is not encapsulated', 'fragments, as the transfer syntax says');
  if (element.hadUndefinedLength && element.length === 0xffffffff)
    throw truncated('PixelData has no end');
  const end = element.dataOffset + element.length - 8;
  if (fragments.length === 0 || DELIMITER.some((byte, i) => bytes[end + i] !== byte))
    throw invalid('PixelData does not end as it must', 'fragments and their delimiter');
  const chosen = fragmentsOf(element, description.frames, frame).map(({ position, length }) =>
    bytes.subarray(position, position + length),
  );
  if (chosen.length === 1) return chosen[0];
  const whole = new Uint8Array(chosen.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of chosen) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function fragmentsOf(element: Element, frames: number, frame: number) {
  const { fragments = [], basicOffsetTable = [] } = element;
  if (frames === 1) return fragments;
  if (fragments.length === frames) return [fragments[frame]];
  if (basicOffsetTable.length !== frames)
    throw imageProblem(
      'IMAGE_UNSUPPORTED',
      'dicom',
      `${frames} frames lie in ${fragments.length} fragments without a table of their offsets`,
      'expected a Basic Offset Table; write the file anew with `gdcmconv --raw`',
    );
  const from = basicOffsetTable[frame];
  const to = basicOffsetTable[frame + 1] ?? Number.POSITIVE_INFINITY;
  const chosen = fragments.filter(({ offset }) => offset >= from && offset < to);
  if (chosen.length === 0) throw invalid(`frame ${frame} has no fragment`, 'one at its offset');
  return chosen;
}
