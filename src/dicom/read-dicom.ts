import type { ImageMetadata } from '../decoding/decoder.js';
import { imageProblem } from '../decoding/image-problem.js';
import { defaultMaxPixels } from '../decoding/pixel-limit.js';
import type { ImageShape } from '../images/pixels.js';
import { type PatientKeys, patientKeys } from '../records/patient-key.js';
import { checkBytes, checkKnownOptions, checkNumber, type OptionNames } from '../support/check.js';
import { type Codecs, createCodecs } from './codecs.js';
import { elementLimits } from './element-limits.js';
import { frameValues } from './frame-values.js';
import { type GreyScale, readGreyScale } from './grey-scale.js';
import { describeImage } from './image-description.js';
import { inNameOf } from './in-name-of.js';
import { type DicomIdentifiers, readIdentifiers, readMetadata } from './metadata.js';
import { parseFile } from './parse-file.js';

/** One frame of a DICOM file as it is stored. */
export interface DicomImage {
  /** [rows, columns, channels], flattened: stored values without rescaling, or red, green and blue. */
  readonly pixels: Uint8Array | Int8Array | Uint16Array | Int16Array;
  /** [rows, columns, channels]; 1 channel for grey, 3 for colour. */
  readonly shape: ImageShape;
  /** Bits that a stored value takes, 1 to 16. */
  readonly bitsStored: number;
  /** Whether stored values may be below 0. */
  readonly signed: boolean;
  /** How grey or colour stands in a pixel: a term of the standard (PhotometricInterpretation). */
  readonly photometric:
    | 'MONOCHROME1'
    | 'MONOCHROME2'
    | 'RGB'
    | 'YBR_FULL'
    | 'YBR_FULL_422'
    | 'YBR_ICT'
    | 'YBR_RCT';
  /** What the file says of the way from stored values to grey. */
  readonly greyScale: GreyScale;
  /** Which frame this is, from 0. */
  readonly frame: number;
  /** How many the file has. */
  readonly frames: number;
  /** How the file codes its pixels: uid and name in the standard. */
  readonly transferSyntax: { readonly uid: string; readonly name: string };
  /** What the file says of its image, without an identifier. */
  readonly metadata: ImageMetadata;
  /** Identifiers as the file has them; left out without the option `identifiers: true`. */
  readonly identifiers?: DicomIdentifiers;
}

/** What of a DICOM file is read. */
export interface ReadDicomOptions {
  /** Makes the keys of patient and study. @defaultValue `patientKeys()`, by a salt that nobody knows */
  readonly keys?: PatientKeys;
  /** Which frame of several, from 0; without it a file of several is refused. */
  readonly frame?: number;
  /** Whether to give the identifiers of the patient as the file has them, in `identifiers`. @defaultValue false */
  readonly identifiers?: boolean;
  /** The largest number of rows times columns. @defaultValue 2 ** 26 */
  readonly maxPixels?: number;
  /**
   * Where a page finds the codecs' WebAssembly, by the name of the file; without it they look beside themselves,
   * as in Node.
   */
  readonly wasmUrl?: (file: string) => string;
  /** How many elements, items of sequences and fragments of pixels are read at most. @defaultValue 2 ** 20 */
  readonly maxElements?: number;
  /** How deep sequences may lie within sequences, up to 1000. @defaultValue 64 */
  readonly maxDepth?: number;
}

const optionNames: OptionNames<ReadDicomOptions> = {
  keys: true,
  frame: true,
  identifiers: true,
  maxPixels: true,
  wasmUrl: true,
  maxElements: true,
  maxDepth: true,
};

/** What is made once and used for every file. */
export interface Reader {
  /** The call that errors of options name. */
  readonly where: string;
  readonly keys: PatientKeys;
  readonly codecs: Codecs;
}

/**
 * Reads one frame of a DICOM file: the stored values to the bit, and what the file says of them.
 *
 * @param bytes the whole file, with or without preamble
 * @returns values and metadata
 * @throws INVALID_OPTION, UNKNOWN_OPTION, NO_CRYPTO; IMAGE_TRUNCATED, IMAGE_INVALID, IMAGE_TOO_LARGE;
 *   IMAGE_UNSUPPORTED naming the transfer syntax and the remedy; MISSING_PEER naming the package to install
 * @see DICOM PS3.5, PS3.10; `renderDicom` for what a viewer shows.
 * @example
 * const { pixels, bitsStored, signed } = await readDicom(new Uint8Array(await file.arrayBuffer()));
 */
export async function readDicom(
  bytes: Uint8Array,
  options: ReadDicomOptions = {},
): Promise<DicomImage> {
  const where = 'readDicom';
  checkKnownOptions(where, options, optionNames);
  checkBytes(where, 'bytes', bytes);
  const { keys = patientKeys() } = options;
  const reader = { where, keys, codecs: createCodecs(options) };
  return inNameOf(where, () => readFrame(bytes, options, reader));
}

/** @throws INVALID_OPTION */
export function checkFrame(where: string, frame: number | undefined): void {
  if (frame !== undefined) checkNumber(where, 'frame', frame, { min: 0, integer: true });
}

/** `readDicom` with keys and codecs that are kept from file to file. */
export async function readFrame(
  bytes: Uint8Array,
  options: ReadDicomOptions,
  { where, keys, codecs }: Reader,
): Promise<DicomImage> {
  const { frame, identifiers = false, maxPixels = defaultMaxPixels } = options;
  checkFrame(where, frame);
  checkNumber(where, 'maxPixels', maxPixels, { min: 1 });
  const parsed = parseFile(bytes, { maxPixels, ...elementLimits(where, options) });
  const { dataSet, syntax } = parsed;
  const description = describeImage(dataSet, maxPixels);
  const { rows, columns, samples, frames, bitsStored, signed, photometric } = description;
  const greyScale = readGreyScale(dataSet, description);
  if (frame === undefined ? frames > 1 : frame >= frames)
    throw imageProblem(
      'IMAGE_UNSUPPORTED',
      'dicom',
      `the file has ${frames} frame(s)`,
      frame === undefined
        ? 'expected one image; choose one by the option frame, from 0'
        : `expected frame ${frame}, counted from 0, among them; choose another by the option frame`,
      { frames, frame },
    );
  const pixels = await frameValues(parsed, description, frame ?? 0, codecs);
  return {
    pixels,
    shape: [rows, columns, samples],
    bitsStored,
    signed,
    photometric,
    greyScale,
    frame: frame ?? 0,
    frames,
    transferSyntax: { uid: syntax.uid, name: syntax.name },
    metadata: await readMetadata(dataSet, keys),
    ...(identifiers && { identifiers: readIdentifiers(dataSet) }),
  };
}
