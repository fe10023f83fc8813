import { imageProblem } from '../decoding/image-problem.js';
import { otherKind } from './codec-limits.js';
import {
  type CodedHeader,
  invalidCode as invalid,
  readCodestream,
  wholeCodestream,
} from './codestream.js';
import type { ImageDescription } from './image-description.js';
import { codestreamOf } from './jp2-boxes.js';
import { tidyJpeg } from './jpeg-code.js';
import { checkLosslessScan } from './lossless-scan.js';
import { CONVERT, type PixelCoding } from './transfer-syntax.js';
import { unsupportedCode } from './unsupported-code.js';

/** Markers that carry a frame header in each kind of JPEG. */
const FRAME_MARKERS: Partial<Record<PixelCoding, readonly number[]>> = {
  jpeg: [0xc0, 0xc1],
  'jpeg-lossless': [0xc3],
  'jpeg-ls': [0xf7],
};

/**
 * Segments that may stand before a frame header: tables, application data, comments, JPEG-LS parameters. Others
 * are refused, for a codec might take them in another way and find another header.
 */
const skipped = (marker: number) =>
  marker === 0xc4 ||
  marker === 0xdb ||
  marker === 0xdd ||
  marker === 0xf8 ||
  marker === 0xfe ||
  (marker >= 0xe0 && marker <= 0xef);

/** A coded frame as its codec gets it. */
export interface CodedFrame {
  readonly code: Uint8Array;
  readonly header: CodedHeader;
}

/**
 * Holds what a coded frame says of itself against what the file says, before any pixel is decoded.
 *
 * @returns the frame without what codecs take in other ways: containers, fill bytes, bytes behind its end
 * @throws IMAGE_INVALID, IMAGE_TRUNCATED; IMAGE_UNSUPPORTED for JPEG of 12 bits or of another kind, and for lossless
 *   JPEG that its decoder gets wrong
 */
export function checkCodedFrame(
  coding: PixelCoding,
  frame: Uint8Array,
  description: ImageDescription,
): CodedFrame {
  const { rows, columns, samples, bitsAllocated } = description;
  const isJpeg = coding !== 'jpeg-2000' && coding !== 'htj2k';
  const found = isJpeg ? tidyJpeg(frame, coding === 'jpeg-ls') : codestreamOf(frame);
  const header = isJpeg ? readJpeg(coding, found) : readCodestream(found);
  const { height, width, components, precision } = header;
  if (height === 0) throw unsupportedCode('have no height in their frame header', 'one there');
  if (height !== rows || width !== columns || components !== samples)
    throw invalid(
      `are ${height} x ${width} with ${components} component(s), where the file says ${rows} x ${columns} with ${samples}`,
    );
  if (coding === 'jpeg' && precision > 8)
    throw imageProblem(
      'IMAGE_UNSUPPORTED',
      'dicom',
      `the pixels are JPEG Extended (1.2.840.10008.1.2.4.51) of ${precision} bits`,
      `expected 8 bits; ${CONVERT}`,
    );
  if (precision < 1 || precision > bitsAllocated)
    throw invalid(`have ${precision} bits, where the file has room for ${bitsAllocated}`);
  if (coding === 'jpeg-lossless') checkLosslessScan(found, description);
  return { code: isJpeg ? found : wholeCodestream(found), header };
}

function readJpeg(coding: PixelCoding, frame: Uint8Array): CodedHeader {
  for (let at = 2; at + 10 <= frame.length; ) {
    const marker = frame[at + 1];
    const length = (frame[at + 2] << 8) | frame[at + 3];
    if (FRAME_MARKERS[coding]?.includes(marker))
      return {
        precision: frame[at + 4],
        height: (frame[at + 5] << 8) | frame[at + 6],
        width: (frame[at + 7] << 8) | frame[at + 8],
        components: frame[at + 9],
      };
    if (!skipped(marker) || length < 2)
      throw (
        otherKind(marker) ??
        invalid(`have a segment of kind ff${marker.toString(16)} before the frame header`)
      );
    at += 2 + length;
  }
  throw invalid('have no frame header');
}
