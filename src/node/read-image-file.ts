import { readFile, realpath, stat } from 'node:fs/promises';
import { isAbsolute, join, relative, sep } from 'node:path';
import { imageProblem } from '../decoding/image-problem.js';
import { checkFileSize } from '../decoding/pixel-limit.js';

/** What the file system says of a file that cannot be read however often one tries. */
const LOST: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'a component of its path is no folder',
  EACCES: 'permission is denied',
  EPERM: 'permission is denied',
  EISDIR: 'it is a folder',
  ELOOP: 'its links lead in a circle',
  ENAMETOOLONG: 'its path is too long',
  EIO: 'the device fails',
};

/** What may be read. */
export interface FileLimits {
  readonly maxPixels: number;
  /** Whether links may lead out of the root. */
  readonly followLinks: boolean;
}

/**
 * A file of a data set, whole.
 *
 * @param root the folder that the file must lie in
 * @param path relative to it, with forward slashes
 * @throws IMAGE_UNREADABLE, IMAGE_TOO_LARGE; neither says the path, which may hold a patient's identifier: the source
 *   names the image
 */
export async function readImageFile(
  root: string,
  path: string,
  { maxPixels, followLinks }: FileLimits,
): Promise<Uint8Array> {
  const full = join(root, path);
  if (isAbsolute(path) || leaves(root, full) || path.includes('\0'))
    throw unreadable(
      'it leads out of its folder',
      'expected a path relative to it that stays within',
    );
  return namingLost(async () => {
    if (!followLinks && leaves(await realpath(root), await realpath(full)))
      throw unreadable(
        'it is a link that leads out of its folder',
        'expected a file within; set followLinks where you trust the links',
      );
    return readWholeFile(full, maxPixels);
  });
}

/** A file, whole, wherever it lies. @throws IMAGE_UNREADABLE, IMAGE_TOO_LARGE */
export async function readWholeFile(path: string, maxPixels: number): Promise<Uint8Array> {
  return namingLost(async () => {
    const facts = await stat(path);
    // Reading a pipe would wait for its writer.
    if (!facts.isFile()) throw unreadable(facts.isDirectory() ? LOST.EISDIR : 'it is no file');
    checkFileSize(undefined, facts.size, maxPixels);
    return readFile(path);
  });
}

const unreadable = (found: string, remedy = 'expected a readable file in its folder') =>
  imageProblem('IMAGE_UNREADABLE', undefined, `the file cannot be read: ${found}`, remedy);

/** What `work` does, with what the file system says of a file that is lost as IMAGE_UNREADABLE. */
async function namingLost(work: () => Promise<Uint8Array>): Promise<Uint8Array> {
  try {
    return await work();
  } catch (error) {
    const found = LOST[(error as NodeJS.ErrnoException).code ?? ''];
    // Other errors, such as too many open files, are not the fault of this file.
    throw found ? unreadable(found) : error;
  }
}

function leaves(root: string, full: string): boolean {
  const way = relative(root, full);
  return way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way);
}
