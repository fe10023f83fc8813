import { problemOf } from '../decoding/image-problem.js';
import { defaultMaxPixels } from '../decoding/pixel-limit.js';
import { elementLimits } from '../dicom/element-limits.js';
import { readDicomMetadata } from '../dicom/read-metadata.js';
import type { ImageProblem } from '../images/problems.js';
import { checkRecords, type ImageRecord } from '../records/image-record.js';
import { makeKeys, type PatientKeys } from '../records/patient-key.js';
import { checkChoice, checkKnownOptions, checkNumber } from '../support/check.js';
import { checkFunction, checkSignal } from '../support/check-kinds.js';
import { SaladError, type SaladErrorCode } from '../support/errors.js';
import { inParallel } from '../support/in-parallel.js';
import { paceOf } from '../support/pace.js';
import type { Progress } from '../support/progress.js';
import { checkRoot } from './folder-records.js';
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
   * `error`: the first file that cannot be read ends the call. `skip`: it is left out and `onProblem` is called with it.
   *
   * @defaultValue 'error'
   */
  readonly onUnreadable?: 'error' | 'skip';
  /** Called with every file that is skipped; absent: nothing is called. */
  readonly onProblem?: (problem: ImageProblem) => void;
  /**
   * How many files are read at once.
   *
   * @defaultValue 4
   */
  readonly concurrency?: number;
  /**
   * Whether links may lead out of the root.
   *
   * @defaultValue false
   */
  readonly followLinks?: boolean;
  /** How many elements, items of sequences and fragments of pixels of a file are read at most. @defaultValue 2 ** 20 */
  readonly maxElements?: number;
  /** How deep sequences may lie within sequences, up to 1000. @defaultValue 64 */
  readonly maxDepth?: number;
  /** Ends the call with `signal.reason` before the next file; absent: it goes on to the end. */
  readonly signal?: AbortSignal;
  /** Called after every file; absent: nothing is called. */
  readonly onProgress?: (progress: Progress) => void;
}

/**
 * Completes records of DICOM files by what the files themselves say: patient, study, view, body part, side, age, sex.
 *
 * What a record says already stays. Names of files often hold names of patients, so an image without an id gets a key of its
 * path for one. No pixel is decoded.
 *
 * @param root the folder that the paths are relative to
 * @param records of `folderRecords`, or of a list
 * @param options all have defaults
 * @returns in the order of `records`
 * @throws the first problem of a file, unless they are skipped: IMAGE_INVALID, IMAGE_TOO_LARGE, IMAGE_TRUNCATED,
 *   IMAGE_UNREADABLE, IMAGE_UNSUPPORTED; NO_CRYPTO, INVALID_OPTION, UNKNOWN_OPTION; `signal.reason` once aborted
 * @see DICOM PS3.3, sections C.7.1 (patient) and C.7.2 (study), for what the attributes mean.
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
  checkKnownOptions(where, options, {
    keys: true,
    onUnreadable: true,
    onProblem: true,
    concurrency: true,
    followLinks: true,
    maxElements: true,
    maxDepth: true,
    signal: true,
    onProgress: true,
  });
  checkRoot(where, root);
  checkRecords(where, 'records', records);
  const { keys = makeKeys(where), onUnreadable = 'error', onProblem, concurrency = 4 } = options;
  const { followLinks = false, signal, onProgress } = options;
  checkChoice(where, 'onUnreadable', onUnreadable, ['error', 'skip']);
  checkNumber(where, 'concurrency', concurrency, { min: 1, integer: true });
  checkSignal(where, signal);
  checkFunction(where, 'onProgress', onProgress);
  checkFunction(where, 'onProblem', onProblem);
  const elements = elementLimits(where, options);
  const progress = paceOf(records.length);
  const found: ImageRecord[][] = records.map(() => []);
  let done = 0;
  await inParallel(concurrency, { end: records.length }, async (index) => {
    signal?.throwIfAborted();
    const record = records[index];
    const id = record.id ?? (await keys.of(record.path));
    try {
      const limits = { maxPixels: defaultMaxPixels, followLinks };
      const { format: _, ...facts } = await readDicomMetadata(
        await readImageFile(root, record.path, limits),
        { keys, ...elements },
      );
      found[index] = [{ ...facts, ...record, id }];
    } catch (error) {
      const problem = problemOf(error, index, id);
      const { code, message } = problem;
      if (onUnreadable === 'error')
        throw new SaladError(
          code as SaladErrorCode,
          `${where}: record ${index}, '${id}': ${message}`,
          { index, id },
        );
      onProblem?.(problem);
    }
    done += 1;
    onProgress?.(progress(done));
  });
  return found.flat();
}
