import type { ImageMetadata } from '../decoding/decoder.js';
import { defaultMaxPixels } from '../decoding/pixel-limit.js';
import { type PatientKeys, patientKeys } from '../records/patient-key.js';
import { checkBytes, checkKnownOptions } from '../support/check.js';
import { elementLimits } from './element-limits.js';
import { inNameOf } from './in-name-of.js';
import { readMetadata } from './metadata.js';
import { parseFile } from './parse-file.js';

/**
 * What a DICOM file says of its image, without decoding a pixel: keys of patient and study, view, body part, side,
 * age and sex.
 *
 * @param bytes the whole file
 * @returns what the file says; what it does not say is absent
 * @throws UNKNOWN_OPTION, INVALID_OPTION, NO_CRYPTO, IMAGE_TRUNCATED, IMAGE_INVALID, IMAGE_TOO_LARGE,
 * IMAGE_UNSUPPORTED
 * @example
 * const { patient, view } = await readDicomMetadata(await readFile('film.dcm'), { keys });
 */
export async function readDicomMetadata(
  bytes: Uint8Array,
  options: {
    /** Makes the keys of patient and study. @defaultValue `patientKeys()`, by a salt that nobody knows */
    readonly keys?: PatientKeys;
    /** How many elements, items of sequences and fragments of pixels are read at most. @defaultValue 2 ** 20 */
    readonly maxElements?: number;
    /** How deep sequences may lie within sequences, up to 1000. @defaultValue 64 */
    readonly maxDepth?: number;
  } = {},
): Promise<ImageMetadata> {
  const where = 'readDicomMetadata';
  checkKnownOptions(where, options, { keys: true, maxElements: true, maxDepth: true });
  checkBytes(where, 'bytes', bytes);
  const { keys = patientKeys() } = options;
  const limits = { ...elementLimits(where, options), maxPixels: defaultMaxPixels };
  return inNameOf(where, () => readMetadata(parseFile(bytes, limits).dataSet, keys));
}
