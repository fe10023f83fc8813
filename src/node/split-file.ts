import { readFile } from 'node:fs/promises';
import type { ImageRecord } from '../records/image-record.js';
import type { Split } from '../splits/split.js';
import { readSplit, type SplitFile, writeSplit } from '../splits/split-file.js';
import { checkText } from '../support/check.js';
import { SaladError } from '../support/errors.js';
import { writeWhole } from './write-whole.js';

/**
 * Writes a split to a file, beside its place first and then renamed into it; see `splitToJSON`.
 *
 * @param path its folder is made when missing
 * @param split what `splitByPatient` or `paperSplit` returned
 * @throws INVALID_OPTION, NO_CRYPTO, WRITE_FAILED
 * @example
 * await saveSplit('runs/split.json', split);
 */
export async function saveSplit(path: string, split: Split): Promise<void> {
  checkText('saveSplit', 'path', path, 'the path of a file');
  const text = `${JSON.stringify(await writeSplit('saveSplit', split), null, 2)}\n`;
  await writeWhole('saveSplit', path, [new TextEncoder().encode(text)]);
}

/**
 * Reads a split that `saveSplit` wrote; see `splitFromJSON`.
 *
 * @param path the file
 * @param records the same images with the same labels, in any order
 * @returns the split, with the records as they are given
 * @throws FORMAT_VERSION where the file is not JSON or of another version; INVALID_RECORDS, PATIENT_OVERLAP, IMAGE_OVERLAP,
 *   INVALID_OPTION, NO_CRYPTO as `splitFromJSON` does
 * @example
 * const { parts } = await loadSplit('runs/split.json', records);
 */
export async function loadSplit(path: string, records: readonly ImageRecord[]): Promise<Split> {
  checkText('loadSplit', 'path', path, 'the path of a file');
  const text = await readFile(path, 'utf8');
  let json: SplitFile;
  try {
    json = JSON.parse(text);
  } catch {
    // Without its cause, which shows a piece of the file.
    throw new SaladError(
      'FORMAT_VERSION',
      `loadSplit: '${path}' is not JSON; expected the file of a saved split; write it again with saveSplit.`,
      { path },
    );
  }
  return readSplit('loadSplit', json, records);
}
