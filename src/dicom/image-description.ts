import { imageProblem } from '../decoding/image-problem.js';
import { checkPixelLimit } from '../decoding/pixel-limit.js';
import type { DataSet } from './data-set.js';
import { CONVERT } from './transfer-syntax.js';

const GREY = ['MONOCHROME1', 'MONOCHROME2'] as const;
const COLOUR = ['RGB', 'YBR_FULL', 'YBR_FULL_422', 'YBR_ICT', 'YBR_RCT'] as const;

/** How grey or colour stands in a pixel that can be read. */
export type Photometric = (typeof GREY | typeof COLOUR)[number];

/** What the elements say of the pixels. */
export interface ImageDescription {
  readonly rows: number;
  readonly columns: number;
  /** 1 for grey, 3 for colour. */
  readonly samples: 1 | 3;
  /** All red, then all green, then all blue, in place of pixel by pixel. */
  readonly planar: boolean;
  readonly photometric: Photometric;
  readonly bitsAllocated: 8 | 16;
  readonly bitsStored: number;
  readonly highBit: number;
  readonly signed: boolean;
  readonly frames: number;
}

const invalid = (found: string, expected: string) =>
  imageProblem('IMAGE_INVALID', 'dicom', found, `expected ${expected}; the file is damaged`);

const unsupported = (found: string, expected: string) =>
  imageProblem('IMAGE_UNSUPPORTED', 'dicom', found, `expected ${expected}`);

/**
 * @throws IMAGE_TOO_LARGE before anything is decoded; IMAGE_INVALID where elements are missing or contradict
 *   each other; IMAGE_UNSUPPORTED
 * @see DICOM PS3.3 C.7.6.3 (Image Pixel Module).
 */
export function describeImage(dataSet: DataSet, maxPixels: number): ImageDescription {
  const rows = whole(dataSet, 'x00280010', 'Rows');
  const columns = whole(dataSet, 'x00280011', 'Columns');
  checkPixelLimit('dicom', { height: rows, width: columns }, maxPixels);
  return {
    rows,
    columns,
    ...readColour(dataSet),
    ...readBits(dataSet),
    frames: framesOf(dataSet),
  };
}

function whole(dataSet: DataSet, tag: string, name: string): number {
  const value = dataSet.uint16(tag);
  if (value === undefined) throw invalid(`${name} is missing`, 'a whole number');
  return value;
}

/**
 * Where no number is written, or one below 1, there is one image: some machines write 0.
 *
 * @throws IMAGE_INVALID
 */
export function framesOf(dataSet: DataSet): number {
  const frames = Number(dataSet.string('x00280008', 0) ?? 1);
  if (!Number.isSafeInteger(frames))
    throw invalid('NumberOfFrames is no whole number', 'the number of images in the file');
  return Math.max(frames, 1);
}

function readColour(dataSet: DataSet) {
  const samples = dataSet.uint16('x00280002') ?? 1;
  const photometric = dataSet.string('x00280004') ?? '';
  const shown = /^[A-Z0-9_ ]{1,16}$/.test(photometric) ? photometric : 'missing or damaged';
  const found = `PhotometricInterpretation is ${shown} with SamplesPerPixel ${samples}`;
  if (photometric === 'PALETTE COLOR')
    throw unsupported(found, 'grey or RGB; convert it with `gdcmimg` or `dcmj2pnm` to PNG');
  const isOneOf = (terms: readonly string[]) => terms.includes(photometric);
  const expected = isOneOf(GREY) ? 1 : isOneOf(COLOUR) ? 3 : undefined;
  if (expected === undefined) throw invalid(found, [...GREY, ...COLOUR].join(', '));
  if (samples !== expected) throw invalid(found, `SamplesPerPixel ${expected}`);
  return {
    samples: expected as 1 | 3,
    photometric: photometric as Photometric,
    planar: dataSet.uint16('x00280006') === 1,
  };
}

function readBits(dataSet: DataSet) {
  const allocated = whole(dataSet, 'x00280100', 'BitsAllocated');
  const stored = dataSet.uint16('x00280101') ?? allocated;
  const high = dataSet.uint16('x00280102') ?? stored - 1;
  const representation = dataSet.uint16('x00280103') ?? 0;
  if (allocated !== 8 && allocated !== 16)
    throw unsupported(`BitsAllocated is ${allocated}`, `8 or 16; ${CONVERT}`);
  if (stored < 1 || high < stored - 1 || high >= allocated)
    throw invalid(
      `BitsStored is ${stored}, HighBit ${high} and BitsAllocated ${allocated}`,
      'BitsStored - 1 <= HighBit < BitsAllocated',
    );
  if (representation > 1) throw invalid(`PixelRepresentation is ${representation}`, '0 or 1');
  const colour = (dataSet.uint16('x00280002') ?? 1) > 1;
  if (colour && (stored !== 8 || representation === 1))
    throw unsupported(`a colour image has ${stored} bits a sample`, '8 bits, unsigned');
  return {
    bitsAllocated: allocated as 8 | 16,
    bitsStored: stored,
    highBit: high,
    signed: representation === 1,
  };
}
