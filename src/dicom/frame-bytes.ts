import { imageProblem } from '../decoding/image-problem.js';
import type { DataSet } from './data-set.js';
import type { Element } from './elements.js';
import { fragmentsOf } from './fragments.js';
import type { ImageDescription } from './image-description.js';
import { joined } from './inflate.js';
import { PIXEL_DATA } from './parse-file.js';

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
  const { open, length, dataOffset } = dataSet.element(PIXEL_DATA) as Element;
  const size = (rows * columns * samples * bitsAllocated) / 8;
  const shown = `PixelData has ${length} bytes for ${frames} frame(s) of ${rows} x ${columns} pixels`;
  if (open)
    throw invalid('PixelData is encapsulated', 'uncompressed pixels, as the transfer syntax says');
  if (length < size * frames) throw truncated(`${shown}, ${size * frames} expected`);
  const behind = dataSet.byteArray.subarray(dataOffset + size * frames, dataOffset + length);
  if (behind.length > 1 && (behind.length >= size || behind.some((byte) => byte !== 0)))
    throw invalid(shown, `${size * frames} bytes, or fewer zeros behind them than a frame has`);
  const from = dataOffset + frame * size;
  return dataSet.byteArray.subarray(from, from + size);
}

/**
 * The coded bytes of one frame.
 *
 * @throws IMAGE_INVALID; IMAGE_UNSUPPORTED where several frames lie in fragments without a table of offsets
 */
export function codedFrame(
  dataSet: DataSet,
  { frames }: ImageDescription,
  frame: number,
): Uint8Array {
  if (!dataSet.element(PIXEL_DATA)?.open)
    throw invalid('PixelData is not encapsulated', 'fragments, as the transfer syntax says');
  const parts = fragmentsOf(dataSet, frames, frame).map(({ dataOffset, length }) =>
    dataSet.byteArray.subarray(dataOffset, dataOffset + length),
  );
  return parts.length === 1 ? parts[0] : joined(parts);
}
