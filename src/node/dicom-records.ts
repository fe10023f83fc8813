import { isImageProblem, messageOf } from '../decoding/image-problem.js';
import { defaultMaxPixels } from '../decoding/pixel-limit.js';
import { readDicomMetadata } from '../dicom/read-metadata.js';
import type { ImageProblem } from '../images/problems.js';
import type { ImageRecord } from '../records/image-record.js';
import { type PatientKeys, patientKeys } from '../records/patient-key.js';
import { checkChoice, checkKnownOptions, checkNumber } from '../support/check.js';
import { SaladError } from '../support/errors.js';
import { limit } from '../support/limit.js';
import { paceOf } from '../support/pace.js';
import type { Progress } from '../support/progress.js';
import { readImageFile } from './read-image-file.js';

/** Options of `dicomRecords`. */
export interface DicomRecordsOptions {
  /**
   * Makes the keys of patients, studies and names.
   *
   * @defaultValue keys by a random salt that nobody knows
   */
  readonly keys?: PatientKeys;
  /**
   * `error`: a file that cannot be read ends the work. `skip`: it is left out and `onProblem` is told.
   *
   * @defaultValue 'error'
   */
  readonly onUnreadable?: 'error' | 'skip';
  readonly onProblem?: (problem: ImageProblem) => void;
  /**
   * Files that are open at a time.
   *
   * @defaultValue 4
   */
  readonly concurrency?: number;
  /** Whether links may lead out of the root. */
  readonly followLinks?: boolean;
  /** Rejects with `signal.reason` before the next file. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}

/**
 * Records of DICOM files with what the files say of themselves: patient, study, view, body part, side, age, sex.
 *
 * What a record says already stays. Names of files often hold names of patients, so an image without an id gets a key of its
 * path for one. No pixel is decoded.
 *
 * @param root the folder that the paths are relative to
 * @param records of `folderRecords`, or of a list
 * @returns in the order of `records`
 * @throws the first problem of a file, unless they are skipped; MISSING_PEER; INVALID_OPTION, UNKNOWN_OPTION
 * @example
 * const { records } = await folderRecords('films');
 * const films = await dicomRecords('films', records, { keys: patientKeys({ salt }) });
 * const { parts } = splitByPatient(films, { parts: { train: 0.6, test: 0.4 }, seed: 1 });
 */
export async function dicomRecords(
  root: string,
  records: readonly ImageRecord[],
  options: DicomRecordsOptions = {},
): Promise<ImageRecord[]> {
  const where = 'dicomRecords';
  checkKnownOptions(where, options, [
    'keys',
    'onUnreadable',
    'onProblem',
    'concurrency',
    'followLinks',
    'signal',
    'onProgress',
  ]);
  const { keys = patientKeys(), onUnreadable = 'error', onProblem, concurrency = 4 } = options;
  const { followLinks = false, signal, onProgress } = options;
  checkChoice(where, 'onUnreadable', onUnreadable, ['error', 'skip']);
  checkNumber(where, 'concurrency', concurrency, { min: 1, integer: true });
  const progress = paceOf(records.length);
  let done = 0;
  let failure: { readonly error: unknown } | undefined;

  const describe = async (record: ImageRecord, index: number): Promise<ImageRecord[]> => {
    if (failure) return [];
    signal?.throwIfAborted();
    const id = record.id ?? (await keys.of(record.path));
    try {
      const limits = { maxPixels: defaultMaxPixels, followLinks };
      const { format: _, ...facts } = await readDicomMetadata(
        await readImageFile(root, record.path, limits),
        { keys },
      );
      return [{ ...facts, ...record, id }];
    } catch (error) {
      if (!isImageProblem(error)) throw error;
      const { code } = error;
      const message = messageOf(error);
      if (onUnreadable === 'error')
        throw new SaladError(code, `${where}: record ${index}, '${id}': ${message}`, { index, id });
      onProblem?.({ index, id, code, message });
      return [];
    } finally {
      done += 1;
      onProgress?.(progress(done));
    }
  };
  const atMost = limit(concurrency);
  const all = records.map((record, index) =>
    atMost(() => describe(record, index)).catch((error) => {
      failure ??= { error };
      return [];
    }),
  );
  // What is under way is waited for, so that nothing is told after the end.
  const found = (await Promise.all(all)).flat();
  if (failure) throw failure.error;
  return found;
}
