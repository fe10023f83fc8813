import { opendir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type FolderOptions, type FolderRecords, folderOptions } from '../data/folder-options.js';
import { isHidden, recordsOfPaths } from '../data/folder-records.js';
import { withText } from '../data/folder-summary.js';
import { imageProblem } from '../decoding/image-problem.js';
import { checkKnownOptions, checkText } from '../support/check.js';
import { headersOf } from './image-headers.js';

/**
 * Makes a record for every image below a folder, with labels if there is a folder for each class, and parts if there is one for
 * each part of a split.
 *
 * Hidden files and folders are left out, and linked folders are not entered.
 *
 * @param root the folder
 * @param options all have defaults
 * @returns the records, the paths of the files that are no images, and a summary
 * @throws EMPTY_SET; INVALID_RECORDS naming a file that no label is for, or folders that contradict each other; IMAGE_UNREADABLE
 *   naming a folder; INVALID_OPTION, UNKNOWN_OPTION
 * @example
 * const { records, summary } = await folderRecords('films'); // films/train/normal/a.png, films/test/broken/b.dcm
 * console.log(summary.toText());
 */
export async function folderRecords(
  root: string,
  options: FolderOptions = {},
): Promise<FolderRecords> {
  return recordsBelow('folderRecords', root, options);
}

/** `folderRecords` for the public call `where`. */
export async function recordsBelow(
  where: string,
  root: string,
  options: FolderOptions,
): Promise<FolderRecords> {
  checkRoot(where, root);
  checkKnownOptions(where, options, folderOptions);
  const paths: string[] = [];
  const linked: string[] = [];
  for await (const { path, linkedFolder } of filesBelow(where, root, ''))
    (linkedFolder ? linked : paths).push(path);
  const { ignored, ...found } = recordsOfPaths(where, paths, options, linked);
  const summary = withText({ ...found.summary, headers: await headersOf(root, found.records) });
  return { ...found, summary, ignored: [...ignored, ...linked].sort() };
}

/** The path of a folder, or INVALID_OPTION. */
export function checkRoot(where: string, root: unknown): void {
  checkText(where, 'root', root, 'the path of a folder');
}

const LOST: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such folder',
  ENOTDIR: 'it is no folder',
  EACCES: 'permission is denied',
};

interface Found {
  readonly path: string;
  readonly linkedFolder?: boolean;
}

async function* filesBelow(where: string, root: string, folder: string): AsyncGenerator<Found> {
  const entries = await opendir(join(root, folder), { bufferSize: 256 }).catch((cause) => {
    throw imageProblem(
      'IMAGE_UNREADABLE',
      where,
      `the folder '${folder || root}' cannot be read: ${LOST[cause.code] ?? cause.code}`,
      'expected a folder that may be listed',
      { folder },
      cause,
    );
  });
  for await (const entry of entries) {
    if (isHidden(entry.name)) continue;
    const path = folder ? `${folder}/${entry.name}` : entry.name;
    if (entry.isDirectory()) yield* filesBelow(where, root, path);
    else if (entry.isSymbolicLink() && (await leadsToFolder(join(root, path))))
      yield { path, linkedFolder: true };
    else yield { path };
  }
}

/** A link that leads nowhere is reported when it is read. */
async function leadsToFolder(link: string): Promise<boolean> {
  return stat(link).then(
    (facts) => facts.isDirectory(),
    () => false,
  );
}
