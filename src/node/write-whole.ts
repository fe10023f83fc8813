import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { SaladError } from '../support/errors.js';

/** What a disk refuses, and what to do. */
const REMEDIES: Readonly<Record<string, string>> = {
  ENOSPC: 'there is no space left; free some, or write elsewhere',
  EDQUOT: 'the quota is used up; free some space, or write elsewhere',
  EFBIG: 'the file is larger than is allowed here; raise the limit, or write elsewhere',
  EROFS: 'the disk is mounted for reading alone; write elsewhere',
  EACCES: 'access is denied; change who may write there, or write elsewhere',
  EPERM: 'access is denied; change who may write there, or write elsewhere',
  ENOTDIR: 'a part of the path is no folder; give another path',
  EEXIST: 'a part of the path is no folder; give another path',
  EISDIR: 'there is a folder in its place; move it away, or give another path',
  ENAMETOOLONG: 'the name is too long; give a shorter one',
  EMFILE: 'too many files are open; close some, or raise the limit',
  ENFILE: 'too many files are open; close some, or raise the limit',
  EIO: 'the disk fails; write elsewhere',
};

/**
 * Writes beside `path`, waits for the disk, then renames: `path` is never seen half written. Where it fails, what was
 * written goes, so that a full disk is no fuller. The folder is made when missing.
 *
 * @throws WRITE_FAILED
 */
export async function writeWhole(
  where: string,
  path: string,
  chunks: readonly Uint8Array[],
  beside = `${path}.partial`,
): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    const file = await open(beside, 'w');
    try {
      for (const chunk of chunks) await file.writeFile(chunk);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(beside, path);
  } catch (error) {
    // A folder in its place is not ours, and stays.
    await rm(beside, { force: true }).catch(() => {});
    throw writeFailed(where, path, error);
  }
}

/** A failure of the disk in words; any other error as it is. */
export function writeFailed(where: string, path: string, error: unknown): unknown {
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (code === undefined || syscall === undefined) return error;
  const remedy = REMEDIES[code] ?? 'look at the disk and the path, or write elsewhere';
  return new SaladError(
    'WRITE_FAILED',
    `${where}: '${path}' could not be written (${code}); expected a place that takes it whole; ${remedy}. What was there before is as it was.`,
    { path, code },
    { cause: error },
  );
}
