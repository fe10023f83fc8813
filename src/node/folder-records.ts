import { opendir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type FolderOptions,
  type FolderRecords,
  folderOptions,
  recordsOfPaths,
} from '../data/folder-records.js';
import { imageProblem } from '../decoding/image-problem.js';
import { checkKnownOptions, checkText } from '../support/check.js';

/**
 * Makes a record for every image below a folder, with labels if there is a folder for each class.
 *
 * Hidden files and folders are left out, and linked folders are not entered.
 *
 * @param root the folder
 * @param options `labels`, `accept`
 * @returns the records, and the paths of the files that are no images
 * @throws EMPTY_SET; INVALID_RECORDS naming a file that no label is for; IMAGE_UNREADABLE naming a folder; INVALID_OPTION,
 *   UNKNOWN_OPTION
 * @example
 * const { records } = await folderRecords('films'); // films/normal/a.png, films/abnormal/b.dcm
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
  const linkedFolders: string[] = [];
  for await (const { path, linkedFolder } of filesBelow(where, root, ''))
    (linkedFolder ? linkedFolders : paths).push(path);
  const { records, ignored } = recordsOfPaths(where, paths, options);
  return { records, ignored: [...ignored, ...linkedFolders].sort() };
}

/** The path of a folder, or INVALID_OPTION. */
export function checkRoot(where: string, root: unknown): void {
  checkText(where, 'root', root, 'the path of a folder');
}

interface Found {
  readonly path: string;
  readonly linkedFolder?: boolean;
}

async function* filesBelow(where: string, root: string, folder: string): AsyncGenerator<Found> {
  const entries = await opendir(join(root, folder), { bufferSize: 256 }).catch((cause) => {
    throw imageProblem(
      'IMAGE_UNREADABLE',
      where,
      `the folder '${folder || root}' cannot be read (${cause.code})`,
      'expected a folder that may be listed',
      { folder },
      cause,
    );
  });
  for await (const entry of entries) {
    if (entry.name.startsWith('.')) continue;
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
