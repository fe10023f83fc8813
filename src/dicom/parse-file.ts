import { imageProblem } from '../decoding/image-problem.js';
import { checkPixelLimit } from '../decoding/pixel-limit.js';
import { DataSet } from './data-set.js';
import type { ElementLimits } from './element-limits.js';
import { ElementReader } from './elements.js';
import { readFileHeader } from './file-header.js';
import { framesOf } from './image-description.js';
import { inflateFrom } from './inflate.js';
import { IMPLICIT_LITTLE, type TransferSyntax } from './transfer-syntax.js';

export const PIXEL_DATA = 'x7fe00010';

/** A file taken apart into its elements. */
export interface ParsedFile {
  readonly dataSet: DataSet;
  readonly syntax: TransferSyntax;
}

export interface FileLimits extends ElementLimits {
  /** Rows times columns. */
  readonly maxPixels: number;
}

/** An image. @throws IMAGE_TRUNCATED, IMAGE_INVALID, IMAGE_UNSUPPORTED, IMAGE_TOO_LARGE */
export function parseFile(bytes: Uint8Array, limits: FileLimits): ParsedFile {
  const parsed = parseObject(bytes, limits);
  const { dataSet } = parsed;
  // What was read before the file ends or turns wrong may hold a whole image.
  if (dataSet.element(PIXEL_DATA)) return parsed;
  throw (
    dataSet.problem ??
    imageProblem(
      'IMAGE_UNSUPPORTED',
      'dicom',
      'the file has no pixel data',
      'expected an image; reports, waveforms and directories (DICOMDIR) hold none',
    )
  );
}

/** An image, a report or anything else; what could be read of it. @throws as `parseFile` of the header and the limits */
export function parseObject(bytes: Uint8Array, limits: FileLimits): ParsedFile {
  // A Buffer would be sliced in other ways than an array of bytes.
  const file = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const reader = new ElementReader(file, limits);
  const { syntax, end } = readFileHeader(reader);
  const read = (from: ElementReader) =>
    new DataSet(from, end, from.bytes.length, {
      explicit: syntax.uid !== IMPLICIT_LITTLE,
      bigEndian: syntax.bigEndian ?? false,
    });
  const dataSet = read(
    syntax.deflated
      ? new ElementReader(
          inflateFrom(file, end, (begun) =>
            pixelBytes(read(new ElementReader(begun, limits)), limits.maxPixels),
          ),
          limits,
        )
      : reader,
  );
  return { dataSet, syntax };
}

/** Bytes that the pixels take by Rows and Columns; 0 where the data set does not have these. */
function pixelBytes(dataSet: DataSet, maxPixels: number): number {
  const height = dataSet.uint16('x00280010');
  const width = dataSet.uint16('x00280011');
  if (height === undefined || width === undefined) return 0;
  checkPixelLimit('dicom', { height, width }, maxPixels);
  const samples = dataSet.uint16('x00280002') ?? 1;
  const bits = dataSet.uint16('x00280100') ?? 16;
  const all = height * width * samples * Math.ceil(bits / 8) * framesOf(dataSet);
  // Colour, or 16 bits and as much again for more frames.
  return Math.min(all, 6 * maxPixels);
}
