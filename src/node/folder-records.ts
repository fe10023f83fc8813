import { opendir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type FolderOptions, type FolderRecords, folderOptions } from '../data/folder-options.js';
import { isHidden, recordsOfPaths } from '../data/folder-records.js';
import { withText } from '../data/folder-summary.js';
import { imageProblem } from '../decoding/image-problem.js';
import { checkKnownOptions, checkText } from '../support/check.js';
import { checkBoolean } from '../support/check-kinds.js';
import { headersOf } from './image-headers.js';

/**
 * Makes a record for every image below a folder, with labels if there is a folder for each class, and parts if there is one for
 * each part of a split.
 *
 * Hidden files and folders are left out. Linked folders are entered with `followLinks` alone; each folder once, so that every image has one path and links in a
 * circle end.
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
  options: FolderOptions & {
    /** Whether folders that links lead to are entered, wherever they lie. @defaultValue false */
    readonly followLinks?: boolean;
  } = {},
): Promise<FolderRecords> {
  return recordsBelow('folderRecords', root, options);
}

/** `folderRecords` for the public call `where`. */
export async function recordsBelow(
  where: string,
  root: string,
  given: Parameters<typeof folderRecords>[1] & {},
): Promise<FolderRecords> {
  checkRoot(where, root);
  checkKnownOptions(where, given, { ...folderOptions, followLinks: true });
  const { followLinks, ...options } = given;
  checkBoolean(where, 'followLinks', followLinks);
  const { paths, linked } = await filesBelow(where, root, followLinks ?? false);
  const { ignored, ...found } = recordsOfPaths(where, paths, options, linked);
  const headers = await headersOf(root, found.records, followLinks);
  const summary = withText({ ...found.summary, headers });
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
  readonly paths: string[];
  /** Links to folders that were not entered. */
  readonly linked: string[];
}

/** Files below a folder; those of a linked folder after those that lie in none, so that each comes once and by the same path on every machine. */
async function filesBelow(where: string, root: string, followLinks: boolean): Promise<Found> {
  const paths: string[] = [];
  const linked: string[] = [];
  const entered = new Set<string>();
  const enter = async (folder: string): Promise<string[]> => {
    const links: string[] = [];
    for await (const { path, link } of entriesOf(where, root, folder, entered))
      (link ? links : paths).push(path);
    return links.sort();
  };
  let links = await enter('');
  while (followLinks && links.length > 0) {
    const next: string[] = [];
    for (const link of links) {
      if (entered.has(await realpath(join(root, link)))) linked.push(link);
      else next.push(...(await enter(link)));
    }
    links = next.sort();
  }
  return { paths, linked: [...linked, ...links] };
}

async function* entriesOf(
  where: string,
  root: string,
  folder: string,
  entered: Set<string>,
): AsyncGenerator<{ readonly path: string; readonly link?: boolean }> {
  const refused = (cause: NodeJS.ErrnoException) => {
    throw imageProblem(
      'IMAGE_UNREADABLE',
      where,
      `the folder '${folder || root}' cannot be read: ${LOST[cause.code ?? ''] ?? cause.code}`,
      'expected a folder that may be listed',
      { folder },
      cause,
    );
  };
  const real = await realpath(join(root, folder)).catch(refused);
  // By way of a link from elsewhere.
  if (entered.has(real)) return;
  entered.add(real);
  const entries = await opendir(join(root, folder), { bufferSize: 256 }).catch(refused);
  for await (const entry of entries) {
    if (isHidden(entry.name)) continue;
    const path = folder ? `${folder}/${entry.name}` : entry.name;
    if (entry.isDirectory()) yield* entriesOf(where, root, path, entered);
    else yield { path, link: entry.isSymbolicLink() && (await leadsToFolder(join(root, path))) };
  }
}

/** A link that leads nowhere is reported when it is read. */
async function leadsToFolder(link: string): Promise<boolean> {
  return stat(link).then(
    (facts) => facts.isDirectory(),
    () => false,
  );
}
